// rekeyer relock: the policies of users' secrets, as the configuration wants them by now.
#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "cli/sweep_command.hpp"
#include "rotation/relock.hpp"

namespace rekeyer::cli {
namespace {

rotation::RunOptions relocking(const Runtime& runtime) {
  rotation::RunOptions options;
  options.run = runtime.run_id();
  options.relock = true;
  return options;
}

Task<int> relock(Runtime& runtime) {
  const auto& options = runtime.options();
  if (!options.plan_only && !options.yes) {
    const auto ended = co_await show_and_ask(runtime, relocking(runtime));
    if (ended) co_return *ended;
  }
  const auto mode = options.plan_only ? rotation::Mode::plan : rotation::Mode::apply;
  const auto report = co_await sweep_accounts(runtime, mode, relocking(runtime));
  if (!report) co_return report_error(report.error());
  co_return write_report(runtime, *report);
}

}  // namespace

int run_relock(const Options& options) {
  auto runtime = Runtime::create(options);
  if (!runtime) return report_error(runtime.error());
  auto& ready = **runtime;
  if (const auto why = rotation::no_policies(ready.settings().store)) {
    return report_error(Error{ErrorKind::usage, *why, {}, {}, {}});
  }
  if (const auto can = check_can_ask(ready, "this writes policies of secrets"); !can) return report_error(can.error());
  return ready.run(relock(ready));
}

}  // namespace rekeyer::cli
