#include "cli/output.hpp"

#include "cli/commands.hpp"

namespace rekeyer::cli {

int write_report(const Runtime& runtime, const rotation::RunReport& report) {
  const auto& terminal = runtime.terminal();
  std::string text;
  switch (runtime.options().format) {
    case report::Format::table: text = report::to_table(report, {terminal.colour_out, terminal.width}); break;
    case report::Format::json: text = report::to_json(report); break;
    case report::Format::csv: text = report::to_csv(report); break;
  }
  const bool written = print(text);
  say(report::summary(report, {terminal.colour_err, 0}));
  if (!written) {
    say("rekeyer: the report could not be written to standard output\n");
    return exit_failed;
  }
  if (report.interrupted) return exit_interrupted;
  return rotation::has_failures(report) ? exit_failed : exit_ok;
}

int report_error(const Error& error) {
  say("rekeyer: " + describe(error) + "\n");
  return error.kind == ErrorKind::usage ? exit_usage : exit_failed;
}

}  // namespace rekeyer::cli
