// What every part of one run shares: its options, its budget of changes, and the request to stop.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "policy/decision.hpp"
#include "rotation/outcome.hpp"
#include "rotation/settings.hpp"

namespace rekeyer::rotation {

struct RunOptions {
  RunId run;
  policy::Force force;
  bool list_quiet = false;  ///< --all: users with nothing due are listed too
  /// --ids: planning asks for the ids of keys that it knows by a credential report alone.
  bool ids = false;
  /// Users who are named and not there end the run before anything is changed. Accounts are then all surveyed before
  /// the first is worked on.
  bool refuse_unknown_users = false;
  std::vector<UserName> asked_for;      ///< by a flag: each must be in some account
  std::optional<Instant> adopt_before;  ///< nothing is done but to take over secrets that were made before this
  bool relock = false;                  ///< nothing is done but to write policies of secrets anew
  std::optional<Instant> at;            ///< plan as of this instant instead of now

  /// An operator's work on secrets alone: no key is looked at, and nobody is told of any.
  bool tends_secrets_only() const { return adopt_before || relock; }
};

/// How many users may still be changed. One user counts once, whatever is done for it.
class ChangeBudget {
 public:
  explicit ChangeBudget(const LimitSettings& limits) : limits_(limits) {}
  /// Takes one; or says why not: run_limit, account_limit.
  std::optional<RunReason> take(const AccountId& account);
  /// Why take() would refuse; nothing where it would not.
  std::optional<RunReason> refusal(const AccountId& account) const;
  /// How many more: of all accounts, of this one.
  std::size_t left() const { return limits_.max_changes - taken_; }
  std::size_t left(const AccountId& account) const;

 private:
  std::size_t taken_of(const AccountId& account) const;

  LimitSettings limits_;
  std::size_t taken_ = 0;
  std::map<AccountId, std::size_t> taken_by_account_;
};

/// Set by a signal handler, or by the time: no new account and no new user is begun; the key in hand is finished.
class StopFlag {
 public:
  void request() { requested_ = true; }
  /// From `instant` of `clock` on it counts as requested. The clock outlives the flag.
  void request_at(const Clock& clock, Instant instant) {
    clock_ = &clock;
    instant_ = instant;
  }
  bool requested() const { return requested_ || (clock_ != nullptr && clock_->now() >= instant_); }

 private:
  bool requested_ = false;
  const Clock* clock_ = nullptr;
  Instant instant_{};
};

/// Shared by all accounts of a run; outlives it.
struct RunContext {
  const Settings& settings;
  Clock& clock;
  RunOptions options;
  ChangeBudget& budget;
  const StopFlag& stop;

  /// The instant that decisions are made for.
  Instant decision_time() const { return options.at ? *options.at : clock.now(); }
};

}  // namespace rekeyer::rotation
