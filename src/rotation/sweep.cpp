#include "rotation/sweep.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "base/signal.hpp"

namespace rekeyer::rotation {
namespace {

AccountOutcome skipped(const AccountTarget& target, std::string reason) {
  AccountOutcome outcome;
  outcome.id = target.id;
  outcome.name = target.name;
  outcome.status = AccountStatus::skipped;
  outcome.reason = std::move(reason);
  return outcome;
}

}  // namespace

Task<RunReport> sweep(AccountSource& source, AccountVisitor& visitor, const RunContext& run, Mode mode,
                      SweepObserver observer) {
  RunReport report;
  report.run = run.options.run;
  report.mode = mode;
  report.started = run.clock.now();
  bool listing = true;

  const auto keep = [&](AccountOutcome outcome) {
    if (observer.account_finished) observer.account_finished(outcome);
    report.accounts.push_back(std::move(outcome));
  };
  co_await run_workers(run.settings.limits.concurrency, [&](std::size_t) -> Task<void> {
    while (listing && !run.stop.requested()) {
      auto next = co_await source.next();
      if (!next) {
        if (report.incomplete.empty()) {
          report.incomplete = describe(next.error());
          log::error("the list of accounts is incomplete", {{"error", report.incomplete}});
        }
        listing = false;
        co_return;
      }
      if (!*next) {
        listing = false;
        co_return;
      }
      auto& target = **next;
      if (target.skip) {
        keep(skipped(target, *target.skip));
      } else if (run.stop.requested()) {
        keep(skipped(target, "interrupted"));
      } else {
        if (observer.account_started) observer.account_started(target);
        auto outcome = co_await visitor.visit(target);
        keep(std::move(outcome));
      }
    }
  });
  report.interrupted = run.stop.requested();
  if (report.interrupted && listing) report.incomplete = "stopped before all accounts were listed";
  report.finished = run.clock.now();
  std::ranges::sort(report.accounts, {}, &AccountOutcome::id);
  co_return report;
}

}  // namespace rekeyer::rotation
