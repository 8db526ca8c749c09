// One account of a run, from opening it to its outcome: the survey, a closer look at whoever has something to say or to
// record, and, as their turns come, the changes that are due.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "base/task.hpp"
#include "rotation/account_steps.hpp"
#include "rotation/change_queue.hpp"
#include "rotation/memberships.hpp"
#include "rotation/survey_candidates.hpp"
#include "rotation/target.hpp"

namespace rekeyer::rotation {

/// The users that a filter or the configuration names, as the survey found them.
struct NamedUsers {
  std::vector<UserName> found;
  std::vector<UserName> missing;
  bool required = false;  ///< they were named for this very account
};

/// The calls come in this order: survey(), work_on_others(), then change() or hold() for each of due(), then
/// take_outcome(). One failing never stops another account (I8).
class AccountRun {
 public:
  AccountRun(AccountTarget target, const RunContext& run, std::unique_ptr<AccountSteps> steps);

  /// Opens the account and surveys it; nothing is changed. Where that fails the outcome says so, and nobody is due.
  Task<void> survey();
  /// Looks at whoever has something to say or to record and nothing to be changed, and clears up what gone users left.
  Task<void> work_on_others();
  /// Those with something to change, who wait for their turns.
  std::vector<QueuedUser> due() const;
  /// Looks at them closely, a few at a time, and does or plans what is due. Those that were not begun when a stop was
  /// requested are held. Not at the same time as another change() of this account.
  Task<void> change(const std::vector<UserName>& users);
  /// Accounts for somebody whose turn has not come in this run, by what the survey saw; no call.
  void hold(const UserName& user, RunReason reason);
  /// Does anybody still wait for change() or hold()?
  bool waiting() const { return !due_.empty(); }
  /// The whole outcome, its rows in order. This run is over for the account.
  AccountOutcome take_outcome();

  const AccountId& id() const { return target_.id; }
  bool surveyed() const { return outcome_.status == AccountStatus::done; }
  const NamedUsers& named_users() const { return named_; }
  /// The users of the account, for a name that was misspelt; empty where they can't be listed.
  Task<std::vector<UserName>> users_there();

 private:
  void fail(const Error& error);
  void add_findings(const AccountSurvey& survey);
  void note_named_users(const AccountSurvey& survey);
  void note_fitting(const AccountSurvey& survey);
  bool relocks_here() const;
  Task<void> refresh_memberships();
  Task<void> work_off(std::vector<Candidate> users);
  Task<void> work_on(Candidate user);
  void count(const std::vector<ActionOutcome>& rows);

  const AccountTarget target_;
  const RunContext& run_;
  std::unique_ptr<AccountSteps> steps_;
  bool open_ = false;
  Instant surveyed_at_{};
  AccountOutcome outcome_;
  NamedUsers named_;
  std::map<UserName, DueUser> due_;
  std::vector<Candidate> others_;
  std::vector<NamedSecret> secrets_of_gone_users_;
  std::optional<Memberships> memberships_;  ///< read again where the survey is too long ago to change anything by it
};

}  // namespace rekeyer::rotation
