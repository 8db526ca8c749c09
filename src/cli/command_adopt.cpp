// rekeyer adopt: an operator vouches for secrets that were made before rekeyer locked them. Two passes: everything is
// locked, and taken over once the locks hold everywhere.
#include <algorithm>

#include "base/try.hpp"
#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "cli/sweep_command.hpp"
#include "rotation/lock.hpp"

namespace rekeyer::cli {
namespace {

rotation::RunOptions adoption_before(const Runtime& runtime, Instant before) {
  rotation::RunOptions options;
  options.run = runtime.run_id();
  options.adopt_before = before;
  return options;
}

std::size_t spreading(const rotation::RunReport& report) {
  std::size_t users = 0;
  for (const auto& account : report.accounts) {
    users += static_cast<std::size_t>(std::ranges::count(account.actions,
                                                         rotation::OutcomeReason(rotation::RunReason::lock_spreading),
                                                         &rotation::ActionOutcome::reason));
  }
  return users;
}

/// True: the locks have spread; false: a stop was asked for.
Task<bool> wait_for_locks(Runtime& runtime, std::size_t users) {
  constexpr std::chrono::seconds margin{15};  // what the last of them was written after
  constexpr std::chrono::seconds step{1};
  const auto until = runtime.clock().now() + rotation::lock_spreads_in + margin;
  say(
      fmt::format("{} locked; they are taken over when the locks hold everywhere, at {}. Ctrl-C ends here; a later run "
                  "goes on.\n",
                  users == 1 ? "1 secret is" : fmt::format("{} secrets are", users), iso8601(until)));
  while (runtime.clock().now() < until) {
    if (runtime.stop().requested()) co_return false;
    co_await runtime.clock().sleep_for(step);
  }
  co_return true;
}

Task<int> adopt(Runtime& runtime, Instant before) {
  const auto& options = runtime.options();
  if (options.plan_only) {
    const auto report = co_await sweep_accounts(runtime, rotation::Mode::plan, adoption_before(runtime, before));
    if (!report) co_return report_error(report.error());
    co_return write_report(runtime, *report);
  }
  if (!options.yes) {
    const auto ended = co_await show_and_ask(runtime, adoption_before(runtime, before));
    if (ended) co_return *ended;
  }
  auto report = co_await sweep_accounts(runtime, rotation::Mode::apply, adoption_before(runtime, before));
  if (!report) co_return report_error(report.error());
  const auto locked = spreading(*report);
  if (locked > 0 && !options.no_wait && co_await wait_for_locks(runtime, locked)) {
    report = co_await sweep_accounts(runtime, rotation::Mode::apply, adoption_before(runtime, before));
    if (!report) co_return report_error(report.error());
  }
  co_return write_report(runtime, *report);
}

}  // namespace

int run_adopt(const Options& options) {
  const auto before = parse_iso8601(options.before);
  if (!before) {
    return report_error(Error{
        ErrorKind::usage, "--before is no day and no instant: write 2026-12-24 or 2026-12-24T08:00:00Z", {}, {}, {}});
  }
  auto runtime = Runtime::create(options);
  if (!runtime) return report_error(runtime.error());
  auto& ready = **runtime;
  if (const auto can = check_can_ask(ready, "this locks and tags secrets"); !can) return report_error(can.error());
  return ready.run(adopt(ready, *before));
}

}  // namespace rekeyer::cli
