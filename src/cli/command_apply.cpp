// rekeyer apply and rekeyer rotate: do what is due, or what was asked for. On a terminal the plan is shown and a
// question asked.
#include <fmt/ranges.h>

#include <algorithm>

#include "cli/commands.hpp"
#include "cli/output.hpp"
#include "cli/sweep_command.hpp"
#include "policy/change_order.hpp"

namespace rekeyer::cli {
namespace {

rotation::RunOptions run_options(const Runtime& runtime) {
  rotation::RunOptions options;
  options.run = runtime.run_id();
  options.list_quiet = runtime.options().all;
  options.force.rotate = runtime.options().command == Command::rotate;
  options.force.deactivate_now = runtime.options().deactivate_now;
  return options;
}

/// The users asked for by name whose key was not rotated (held, exempt, failed): for them, not done is a failure.
std::vector<UserName> not_rotated(const rotation::RunReport& report, const std::vector<UserName>& asked_for) {
  std::vector<UserName> left;
  for (const auto& user : asked_for) {
    bool rotated = false;
    for (const auto& account : report.accounts) {
      rotated = rotated || std::ranges::any_of(account.actions, [&](const rotation::ActionOutcome& action) {
                  return action.user == user && policy::is_change(action.action) &&
                         action.status == rotation::ActionStatus::done && action.reason == policy::Reason::forced;
                });
    }
    if (!rotated) left.push_back(user);
  }
  return left;
}

Task<int> apply(Runtime& runtime) {
  if (!runtime.options().yes) {
    const auto ended = co_await show_and_ask(runtime, run_options(runtime));
    if (ended) co_return *ended;
  }
  const auto report = co_await sweep_accounts(runtime, rotation::Mode::apply, run_options(runtime));
  if (!report) co_return report_error(report.error());
  const int code = write_report(runtime, *report);
  if (code != exit_ok || runtime.options().command != Command::rotate) co_return code;
  const auto left = not_rotated(*report, runtime.options().filter.users);
  if (left.empty()) co_return exit_ok;
  complain(fmt::format("not rotated: {}", fmt::join(left, ", ")));
  co_return exit_failed;
}

}  // namespace

int run_apply(const Options& options) {
  auto runtime = Runtime::create(options);
  if (!runtime) return report_error(runtime.error());
  auto& ready = **runtime;
  if (options.max_changes) ready.settings().limits.max_changes = *options.max_changes;
  if (const auto can = check_can_ask(ready, "this changes keys"); !can) return report_error(can.error());
  return ready.run(apply(ready));
}

}  // namespace rekeyer::cli
