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

/// The state that the workers of one sweep share.
class Sweep {
 public:
  Sweep(AccountSource& source, AccountVisitor& visitor, const RunContext& run, Mode mode, SweepObserver observer)
      : source_(source), visitor_(visitor), run_(run), observer_(std::move(observer)) {
    report_.run = run.options.run;
    report_.mode = mode;
    report_.started = run.clock.now();
  }

  Task<RunReport> finish() {
    co_await run_workers(run_.settings.limits.concurrency, [this](std::size_t) { return worker(); });
    report_.interrupted = run_.stop.requested();
    if (report_.interrupted && listing_) report_.incomplete = "stopped before all accounts were listed";
    report_.finished = run_.clock.now();
    std::ranges::sort(report_.accounts, {}, &AccountOutcome::id);
    co_return std::move(report_);
  }

 private:
  Task<void> worker() {
    while (listing_ && !run_.stop.requested()) {
      auto next = co_await source_.next();
      if (!next) {
        end_listing(next.error());
      } else if (!*next) {
        listing_ = false;
      } else if ((*next)->skip) {
        keep(skipped(**next, *(*next)->skip));
      } else if (run_.stop.requested()) {
        keep(skipped(**next, "interrupted"));
      } else {
        if (observer_.account_started) observer_.account_started(**next);
        auto outcome = co_await visitor_.visit(std::move(**next));
        keep(std::move(outcome));
      }
    }
  }

  void end_listing(const Error& error) {
    listing_ = false;
    if (!report_.incomplete.empty()) return;  // another worker met the same failure
    report_.incomplete = describe(error);
    log::error("the list of accounts is incomplete", {{"error", report_.incomplete}});
  }

  void keep(AccountOutcome outcome) {
    if (observer_.account_finished) observer_.account_finished(outcome);
    report_.accounts.push_back(std::move(outcome));
  }

  AccountSource& source_;
  AccountVisitor& visitor_;
  const RunContext& run_;
  SweepObserver observer_;
  RunReport report_;
  bool listing_ = true;
};

}  // namespace

Task<RunReport> sweep(AccountSource& source, AccountVisitor& visitor, const RunContext& run, Mode mode,
                      SweepObserver observer) {
  Sweep state(source, visitor, run, mode, std::move(observer));
  co_return co_await state.finish();
}

}  // namespace rekeyer::rotation
