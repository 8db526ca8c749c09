// rekeyer probe: what is believed of AWS, tried on AWS.
#include <fmt/format.h>

#include <algorithm>

#include "base/try.hpp"
#include "cli/commands.hpp"
#include "cli/runtime.hpp"
#include "cli/sweep_command.hpp"
#include "engine/version.hpp"
#include "probe/account.hpp"
#include "probe/output.hpp"
#include "probe/probing.hpp"
#include "report/terminal_text.hpp"

namespace rekeyer::cli {
namespace {

bool wants_json(const Options& options) { return options.format == report::Format::json; }

Result<std::filesystem::path> folder_of_journals() {
  const auto environment = aws::Environment::system();
  const auto home = environment.home();
  return probe::journal_folder(environment.value("XDG_STATE_HOME").value_or(""), home ? home->string() : "");
}

Result<std::filesystem::path> new_journal(const Runtime& runtime) {
  const auto& named = runtime.options().probe.journal;
  if (!named.empty()) return std::filesystem::path(named);
  TRY(const auto folder, folder_of_journals());
  return folder / (runtime.run_id().str() + ".journal");
}

/// Those that --clean goes through.
Result<std::vector<std::filesystem::path>> journals_to_clean(const Options& options) {
  std::error_code unknown;
  if (const std::filesystem::path named = options.probe.journal; !named.empty()) {
    // Its absence is no failure: a probe that left nothing has removed it.
    if (!std::filesystem::exists(named, unknown)) return std::vector<std::filesystem::path>{};
    return std::vector{named};
  }
  const auto folder = folder_of_journals();
  return folder ? probe::journals_in(*folder) : std::vector<std::filesystem::path>{};
}

std::string introduction(const probe::Account& account, const std::vector<probe::Check>& checks) {
  std::string text = fmt::format("This tries {} in account {}, Region {}, as {}.\n",
                                 report::counted(checks.size(), "check"), account.id, account.region(), account.arn);
  if (account.management == true) {
    text +=
        "It is the organization's management account, where no service control policy holds: a member account tells "
        "more.\n";
  }
  text += fmt::format(
      "It makes users, access keys, secrets and topics whose names begin with {}{}-, some of them copied to {}, and "
      "takes "
      "them away again.\nNothing else is touched. It costs a few cents, and takes about ten minutes (--quick: about "
      "two).\n",
      probe::name_prefix, account.run, probe::other_region(account.region()));
  return text;
}

int say_what_was_left(const std::vector<probe::Bench::Left>& left, const std::filesystem::path& journal) {
  if (left.empty()) return exit_ok;
  say(fmt::format("Not taken away (written down in {}; `rekeyer probe --clean` tries again):\n{}", journal.string(),
                  probe::left_text(left)));
  return probe::any_stays(left) ? exit_failed : exit_ok;
}

Task<int> try_all(Runtime& runtime) {
  const auto& options = runtime.options();
  auto context = runtime.context();
  auto account = co_await probe::look_around(context);
  if (!account) co_return report_error(account.error());
  auto checks = probe::selected(probe::all_checks(), options.probe.only);
  say(introduction(*account, checks));
  if (!options.yes && !confirm("Do this now?")) {
    say("Nothing was made.\n");
    co_return exit_ok;
  }
  const auto file = new_journal(runtime);
  if (!file) co_return report_error(file.error());
  auto journal = probe::Journal::open(*file);
  if (!journal) co_return report_error(journal.error());

  const bool progress = runtime.terminal().err;
  const auto total = checks.size();
  probe::Wishes wishes{.checks = std::move(checks), .quick = options.probe.quick, .patience = options.probe.patience};
  if (progress) {
    wishes.begins = [total](std::size_t number, const probe::Check& check) {
      say(fmt::format("{}{} of {} · {}", erase_line, number, total, check.name));
    };
  }
  const auto begun = account->clock.now();
  const auto outcome = co_await probe::probe(*account, *journal, std::move(wishes));
  if (progress) say(erase_line);
  journal->close_if_empty();

  const probe::Redaction redaction(*account);
  const probe::Heading heading{
      std::string(engine::version), account->partition, account->region(), account->management, begun,
      options.probe.quick};
  const auto& terminal = runtime.terminal();
  const auto text = wants_json(options)
                        ? probe::to_json(outcome, redaction, heading)
                        : probe::to_table(outcome, redaction, {terminal.colour_out, terminal.width, false});
  const bool printed = print(text);
  say(probe::summary(outcome) + "\n");
  say_what_was_left(outcome.left, *file);
  if (!printed) {
    say("rekeyer: the checks could not be written to standard output\n");
    co_return exit_failed;
  }
  if (runtime.stop().requested()) co_return exit_interrupted;
  co_return probe::has_problems(outcome) ? exit_failed : exit_ok;
}

Task<int> clean_up(Runtime& runtime) {
  const auto& options = runtime.options();
  auto context = runtime.context();
  const auto account = co_await probe::look_around(context);
  if (!account) co_return report_error(account.error());
  auto journals = journals_to_clean(options);
  if (!journals) co_return report_error(journals.error());
  say(fmt::format("This takes away what probes have left in account {}, Region {}, by {} and by names and tags.\n",
                  account->id, account->region(), report::counted(journals->size(), "journal")));
  if (!options.yes && !confirm("Do this now?")) {
    say("Nothing was taken away.\n");
    co_return exit_ok;
  }
  const auto cleaning = co_await probe::clean(*account, *journals);
  if (!cleaning) co_return report_error(cleaning.error());
  say(fmt::format("{} taken away\n", report::counted(cleaning->taken_away.size(), "thing")));
  if (cleaning->of_other_accounts > 0) {
    say(fmt::format("{} of other accounts in the journals: their own credentials take them away\n",
                    report::counted(cleaning->of_other_accounts, "thing")));
  }
  if (!cleaning->left.empty()) say("Not taken away:\n" + probe::left_text(cleaning->left));
  for (const auto& why : cleaning->unreadable) report_error(Error{ErrorKind::usage, why, {}, {}, {}});
  if (!cleaning->unreadable.empty()) co_return exit_usage;
  co_return probe::any_stays(cleaning->left) ? exit_failed : exit_ok;
}

int list_checks(const Options& options) {
  const auto checks = probe::selected(probe::all_checks(), options.probe.only);
  return print(wants_json(options) ? probe::list_as_json(checks) : probe::list_as_table(checks)) ? exit_ok
                                                                                                 : exit_failed;
}

}  // namespace

int run_probe(const Options& options) {
  if (!options.probe.only.empty() && probe::selected(probe::all_checks(), options.probe.only).empty()) {
    return report_error(
        Error{ErrorKind::usage, "no check has such a name: `rekeyer probe --list` has them all", {}, {}, {}});
  }
  if (options.probe.list) return list_checks(options);
  auto runtime = Runtime::create(options);
  if (!runtime) return report_error(runtime.error());
  auto& ready = **runtime;
  const auto* what = options.probe.clean ? "this takes away what probes left" : "this makes users and secrets";
  if (const auto can = check_can_ask(ready, what); !can) return report_error(can.error());
  return ready.run(options.probe.clean ? clean_up(ready) : try_all(ready),
                   "Stopping: nothing more is tried, and what was made is taken away.");
}

}  // namespace rekeyer::cli
