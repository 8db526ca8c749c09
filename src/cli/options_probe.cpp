#include "cli/options_probe.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "cli/options.hpp"

namespace rekeyer::cli {

CLI::App& add_probe_command(CLI::App& app, Options& options, RawProbe& raw) {
  auto* probe = app.add_subcommand("probe",
                                   "Try on AWS what rekeyer believes of it, on users, secrets and topics of its own, "
                                   "and take them away again");
  auto& o = options.probe;
  auto* only = probe->add_option("--only", o.only,
                                 "Only these checks: a group (secrets) or a pattern (*token*); may be repeated");
  only->allow_extra_args(false);
  auto* quick = probe->add_flag("--quick", o.quick, "Leave out what waits for something to spread");
  auto* clean = probe->add_flag("--clean", o.clean, "Take away what a probe left, and try nothing");
  auto* list = probe->add_flag("--list", o.list, "Print the checks and ask nobody");
  auto* journal =
      probe->add_option("--journal", o.journal, "Where to write down what is made, before it is (default: at home)")
          ->type_name("FILE");
  probe->add_option("--patience", raw.patience, "Wait so long for one thing to spread, and no longer")
      ->capture_default_str();
  clean->excludes(only)->excludes(quick)->excludes(list);
  list->excludes(quick)->excludes(journal);
  probe->add_flag("--yes,-y", options.yes, "Do not ask");
  probe->callback([&options] { options.command = Command::probe; });
  return *probe;
}

Result<> check_probe(const RawProbe& raw, Options& options) {
  const auto patience = parse_period(raw.patience);
  if (!patience) {
    return fail(ErrorKind::usage,
                fmt::format("--patience takes a length of time such as 90s or 5m, not `{}`", raw.patience));
  }
  options.probe.patience = *patience;
  return {};
}

}  // namespace rekeyer::cli
