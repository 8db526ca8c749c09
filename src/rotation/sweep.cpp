#include "rotation/sweep.hpp"

#include <algorithm>

#include "base/concurrency.hpp"
#include "base/log.hpp"
#include "rotation/backlog.hpp"
#include "rotation/unknown_users.hpp"

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
      : source_(source), visitor_(visitor), run_(run), observer_(std::move(observer)), backlog_(run.settings.limits) {
    report_.run = run.options.run;
    report_.mode = mode;
    report_.started = run.clock.now();
  }

  Task<RunReport> finish() {
    const auto& limits = run_.settings.limits;
    co_await run_workers(limits.concurrency, [this](std::size_t) { return worker(); });
    if (run_.options.refuse_unknown_users) co_await settle_if_all_are_there();
    if (report_.unknown.empty()) co_await change_in_turn();
    report_.interrupted = run_.stop.requested();
    if (report_.interrupted && listing_) report_.incomplete = "stopped before all accounts were listed";
    report_.finished = run_.clock.now();
    report_.waiting = waiting_in(report_.accounts, limits);
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
        keep(skipped(**next, std::string(name(RunReason::interrupted))));
      } else {
        if (observer_.account_started) observer_.account_started(**next);
        auto visit = co_await visitor_.visit(std::move(**next));
        if (run_.options.refuse_unknown_users) {
          surveyed_.push_back(std::move(visit));
        } else {
          co_await settle(std::move(visit));
        }
      }
    }
  }

  Task<void> settle(std::shared_ptr<AccountVisit> visit) {
    co_await visit->settle();
    auto touched = backlog_.add(visit);
    touched.push_back(std::move(visit));
    // Taken out one by one: a visit may stand there more than once.
    for (; !touched.empty(); touched.pop_back()) end_unused(std::exchange(touched.back(), nullptr));
  }

  /// A misspelt name ends the run before anything is changed. Not where a stop or a failure leaves open who is where:
  /// those have words of their own.
  Task<void> settle_if_all_are_there() {
    if (!run_.stop.requested()) report_.unknown = co_await unknown_users(surveyed_, run_.options.asked_for);
    if (report_.unknown.empty()) {
      co_await for_each_bounded(surveyed_, run_.settings.limits.concurrency,
                                [this](std::shared_ptr<AccountVisit>& visit) { return settle(std::move(visit)); });
    }
    surveyed_.clear();
  }

  /// Once all accounts were looked at: the oldest of all, as many as the run may change. Where some of them turn out to
  /// have nothing due, others follow.
  Task<void> change_in_turn() {
    while (!run_.stop.requested()) {
      auto shares = backlog_.next(run_.budget, run_.clock.now());
      if (shares.empty()) break;
      co_await for_each_bounded(shares, run_.settings.limits.concurrency,
                                [this](VisitShare& share) { return change(std::move(share)); });
    }
    for (auto& share : backlog_.rest()) {
      hold(share);
      end_unused(std::move(share.visit));
    }
  }

  Task<void> change(VisitShare share) {
    co_await share.visit->change(std::move(share.users));
    end_unused(std::move(share.visit));
  }

  void hold(const VisitShare& share) {
    const auto limit = run_.budget.refusal(share.visit->outcome.id);
    const auto why = limit.value_or(RunReason::interrupted);
    for (const auto& user : share.users) share.visit->hold(user, why);
  }

  /// The visit is over where nobody else holds it: none of its users waits.
  void end_unused(std::shared_ptr<AccountVisit> visit) {
    if (visit.use_count() == 1) keep(visit->finish());
  }

  void end_listing(const Error& error) {
    listing_ = false;
    if (!report_.incomplete.empty()) return;  // another worker met the same failure
    report_.incomplete = error.kind == ErrorKind::cancelled ? error.message : describe(error);
    if (error.kind == ErrorKind::cancelled) return;  // as it was asked to
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
  Backlog backlog_;
  RunReport report_;
  bool listing_ = true;
  std::vector<std::shared_ptr<AccountVisit>> surveyed_;  ///< where all are surveyed before any is worked on
};

}  // namespace

Task<RunReport> sweep(AccountSource& source, AccountVisitor& visitor, const RunContext& run, Mode mode,
                      SweepObserver observer) {
  Sweep state(source, visitor, run, mode, std::move(observer));
  co_return co_await state.finish();
}

}  // namespace rekeyer::rotation
