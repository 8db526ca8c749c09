#include "cli/output.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/log.hpp"
#include "base/shown_text.hpp"
#include "cli/commands.hpp"
#include "cli/terminal.hpp"
#include "rotation/run_counts.hpp"

namespace rekeyer::cli {

namespace {

/// With JSON logs every line on stderr is a JSON object, the closing one too.
void say_summary(const Runtime& runtime, const rotation::RunReport& report) {
  if (runtime.options().log_format == log::Format::text) {
    say(report::summary(report, {runtime.terminal().colour_err, 0}));
    return;
  }
  const auto counts = rotation::count(report);
  using rotation::AccountStatus;
  using rotation::RowKind;
  const auto number = [](std::size_t n) { return std::to_string(n); };
  say(log::render(log::Format::json, false, iso8601(report.finished), log::Level::info, "run finished",
                  {{"run", report.run.str()},
                   {"accounts_done", number(counts.accounts(AccountStatus::done))},
                   {"accounts_denied", number(counts.accounts(AccountStatus::denied))},
                   {"accounts_failed", number(counts.accounts(AccountStatus::failed))},
                   {"accounts_skipped", number(counts.accounts(AccountStatus::skipped))},
                   {"users", number(counts.users)},
                   {"due", number(counts.rows.of(RowKind::due))},
                   {"done", number(counts.rows.of(RowKind::done))},
                   {"held", number(counts.rows.of(RowKind::held))},
                   {"failed", number(counts.rows.of(RowKind::failed))},
                   {"interrupted", report.interrupted ? "true" : "false"},
                   {"incomplete", report.incomplete},
                   {"failing_channels", fmt::format("{}", fmt::join(report.failing_channels, "; "))}}) +
      "\n");
}

}  // namespace

report::Style table_style(const Runtime& runtime, bool colour) {
  const auto& options = runtime.options();
  return {colour, runtime.terminal().width, options.all || !options.filter.users.empty()};
}

int write_report(const Runtime& runtime, const rotation::RunReport& report) {
  const auto& terminal = runtime.terminal();
  bool written = true;
  const report::Sink sink = [&](std::string_view text) { written = written && print(text); };
  switch (runtime.options().format) {
    case report::Format::table: report::write_table(report, table_style(runtime, terminal.colour_out), sink); break;
    case report::Format::json: report::write_json(report, sink); break;
    case report::Format::csv: report::write_csv(report, sink); break;
  }
  say_summary(runtime, report);
  if (!written) {
    say("rekeyer: the report could not be written to standard output\n");
    return exit_failed;
  }
  if (report.interrupted) return exit_interrupted;
  return rotation::has_failures(report) ? exit_failed : exit_ok;
}

int report_error(const Error& error) {
  // The lines of a list of problems are our own; anything else is one line, whoever wrote it.
  const auto text = describe(error);
  if (error.kind == ErrorKind::usage) {
    say("rekeyer: " + shown_lines(text) + "\n");
    return exit_usage;
  }
  complain(text);
  return exit_failed;
}

}  // namespace rekeyer::cli
