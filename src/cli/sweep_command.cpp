#include "cli/sweep_command.hpp"

#include "base/try.hpp"
#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "cli/progress.hpp"
#include "engine/complete_run.hpp"
#include "rotation/run_counts.hpp"

namespace rekeyer::cli {

ResultTask<rotation::RunReport> sweep_accounts(Runtime& runtime, rotation::Mode mode, rotation::RunOptions options) {
  Progress progress(runtime.terminal().err);
  engine::SweepRequest request;
  request.mode = mode;
  request.options = std::move(options);
  request.filter = runtime.options().filter;
  request.observer = progress.observer();
  request.refuse_unknown_names = true;
  request.audit_mails = runtime.options().notify;
  if (const auto& at = runtime.options().at; !at.empty()) {
    request.as_of = [&at](Instant now) { return parse_at(at, now); };
  }
  CO_TRY(const auto session, co_await engine::Session::open(runtime.context()));
  CO_TRY(auto result, co_await engine::sweep_accounts(session, std::move(request)));
  co_return std::move(result.report);
}

Result<> check_can_ask(Runtime& runtime, std::string_view what) {
  const auto& options = runtime.options();
  const bool asks = !options.yes && !options.plan_only;
  if (!asks || (runtime.terminal().in && runtime.terminal().err)) return {};
  return fail(ErrorKind::usage, fmt::format("{}: pass --yes where nobody can be asked", what));
}

Task<std::optional<int>> show_and_ask(Runtime& runtime, rotation::RunOptions options) {
  const auto report = co_await sweep_accounts(runtime, rotation::Mode::plan, std::move(options));
  if (!report) co_return report_error(report.error());
  const auto& terminal = runtime.terminal();
  say(report::to_table(*report, table_style(runtime, terminal.colour_err)));
  say(report::summary(*report, {terminal.colour_err, 0, false}));
  if (report->interrupted) co_return exit_interrupted;
  // The summary has said that there is nothing to do.
  if (!rotation::has_due(*report)) co_return rotation::has_failures(*report) ? exit_failed : exit_ok;
  if (!confirm("Do this now?")) {
    say("Nothing was changed.\n");
    co_return exit_ok;
  }
  co_return std::nullopt;
}

}  // namespace rekeyer::cli
