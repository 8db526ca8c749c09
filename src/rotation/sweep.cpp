#include "rotation/sweep.hpp"

#include <algorithm>
#include <map>

#include "base/concurrency.hpp"
#include "base/log.hpp"
#include "rotation/account_run.hpp"
#include "rotation/change_queue.hpp"
#include "rotation/unknown_users.hpp"

namespace rekeyer::rotation {
namespace {

/// The state that the workers of one sweep share.
class Sweep {
 public:
  Sweep(AccountSource& source, const MakeSteps& make_steps, const RunContext& run, Mode mode, SweepObserver observer)
      : source_(source),
        make_steps_(make_steps),
        run_(run),
        observer_(std::move(observer)),
        queue_(run.settings.limits) {
    report_.run = run.options.run;
    report_.mode = mode;
    report_.started = run.clock.now();
  }

  Task<RunReport> run() {
    const auto& limits = run_.settings.limits;
    co_await run_workers(limits.concurrency, [this](std::size_t) { return worker(); });
    if (run_.options.refuse_unknown_users) co_await work_if_all_are_there();
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
        keep(AccountOutcome(**next, AccountStatus::skipped, *(*next)->skip));
      } else if (run_.stop.requested()) {
        keep(AccountOutcome(**next, AccountStatus::skipped, std::string(name(RunReason::interrupted))));
      } else if (!accounts_.contains((*next)->id)) {  // a list that moves while it is read may name one twice
        co_await begin(std::move(**next));
      }
    }
  }

  Task<void> begin(AccountTarget target) {
    if (observer_.account_started) observer_.account_started(target);
    const auto id = target.id;
    auto& account =
        *accounts_.emplace(id, std::make_unique<AccountRun>(std::move(target), run_, make_steps_())).first->second;
    co_await account.survey();
    if (run_.options.refuse_unknown_users) {
      surveyed_.push_back(&account);
    } else {
      co_await work_on(account);
    }
  }

  Task<void> work_on(AccountRun& account) {
    co_await account.work_on_others();
    const auto turned_away = queue_.push(account.due());
    close_if_done(account.id());
    for (const auto& [queued, reason] : turned_away) hold(queued, reason);
  }

  /// A misspelt name ends the run before anything is changed. Not where a stop or a failure leaves open who is where:
  /// those have words of their own.
  Task<void> work_if_all_are_there() {
    if (!run_.stop.requested()) report_.unknown = co_await unknown_users(surveyed_, run_.options.asked_for);
    if (report_.unknown.empty()) {
      co_await for_each_bounded(surveyed_, run_.settings.limits.concurrency,
                                [this](AccountRun*& account) { return work_on(*account); });
    }
    surveyed_.clear();
  }

  /// Once all accounts were looked at: the oldest of all, as many as the run may change. Where some of them turn out to
  /// have nothing due, others follow.
  Task<void> change_in_turn() {
    while (!run_.stop.requested()) {
      auto turns = by_account(queue_.pop(run_.budget, run_.clock.now()));
      if (turns.empty()) break;
      co_await for_each_bounded(turns, run_.settings.limits.concurrency, [this](Turns& one) { return change(one); });
    }
    for (const auto& queued : queue_.drain()) {
      hold(queued, run_.budget.refusal(queued.account).value_or(RunReason::interrupted));
    }
  }

  /// Users of one account.
  struct Turns {
    AccountId account;
    std::vector<UserName> users;
  };

  /// Accounts in the order in which they first come.
  static std::vector<Turns> by_account(std::vector<QueuedUser> users) {
    std::vector<Turns> turns;
    std::map<AccountId, std::size_t> places;
    for (auto& queued : users) {
      const auto [place, added] = places.emplace(queued.account, turns.size());
      if (added) turns.push_back({queued.account, {}});
      turns[place->second].users.push_back(std::move(queued.user));
    }
    return turns;
  }

  Task<void> change(const Turns& turns) {
    co_await accounts_.at(turns.account)->change(turns.users);
    close_if_done(turns.account);
  }

  void hold(const QueuedUser& queued, RunReason reason) {
    accounts_.at(queued.account)->hold(queued.user, reason);
    close_if_done(queued.account);
  }

  /// An account is done when none of its users waits any more.
  void close_if_done(const AccountId& id) {
    auto& account = accounts_.at(id);
    if (account->waiting()) return;
    keep(account->take_outcome());
    account.reset();  // what it holds, connections and all; its id stays
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
  const MakeSteps& make_steps_;
  const RunContext& run_;
  SweepObserver observer_;
  ChangeQueue queue_;
  std::map<AccountId, std::unique_ptr<AccountRun>> accounts_;  ///< null: done
  std::vector<AccountRun*> surveyed_;                          ///< where all are surveyed before any is worked on
  RunReport report_;
  bool listing_ = true;
};

}  // namespace

Task<RunReport> sweep(AccountSource& source, MakeSteps make_steps, const RunContext& run, Mode mode,
                      SweepObserver observer) {
  Sweep state(source, make_steps, run, mode, std::move(observer));
  co_return co_await state.run();
}

}  // namespace rekeyer::rotation
