// One account from opening to its outcome: survey, a closer look at whoever has something to say or to record, and,
// when their turn has come, the changes that are due.
#pragma once

#include <memory>
#include <vector>

#include "base/task.hpp"
#include "rotation/access.hpp"
#include "rotation/outcome.hpp"
#include "rotation/run.hpp"
#include "rotation/target.hpp"
#include "rotation/user_state.hpp"

namespace rekeyer::rotation {

/// A user with something to change, as the survey saw it.
struct DueUser {
  UserContext context;
  policy::Action action = policy::Action::rotate;  ///< the first that is due
  policy::Reason reason = policy::Reason::young;
  std::optional<Instant> due;
  /// The order in which users are changed: since when it is due. What an interrupted run left goes before all else.
  Instant since{};
};

/// An account that was looked at. Everybody is done or accounted for in `outcome` but those in `due`: each of them is
/// handed to change() or to hold(), and then finish() closes the outcome.
class AccountVisit {
 public:
  explicit AccountVisit(AccountOutcome begun) : outcome(std::move(begun)) {}
  virtual ~AccountVisit() = default;
  AccountVisit(const AccountVisit&) = delete;
  AccountVisit& operator=(const AccountVisit&) = delete;

  /// After the survey, once: looks at whoever has something to say or to record, and clears up what gone users left.
  virtual Task<void> settle() = 0;
  /// The users of the account, for a name that was misspelt; empty where they can't be listed.
  virtual Task<std::vector<UserName>> users_there() = 0;
  /// Looks at them closely, a few at a time, and does or plans what is due. Those that were not begun when a stop was
  /// requested are held. Not at the same time as another change() of this visit.
  virtual Task<void> change(std::vector<DueUser> users) = 0;
  /// Accounts for somebody whose turn has not come in this run, by what the survey saw; no call.
  void hold(const DueUser& user, RunReason reason);
  /// The whole outcome, its rows in order. The visit is over.
  AccountOutcome finish();

  AccountOutcome outcome;
  std::vector<DueUser> due;
  std::vector<UserName> found;    ///< of the users that were named
  std::vector<UserName> missing;  ///< the others
  bool required = false;          ///< they were named for this very account
};

/// Visits accounts; one failing never stops another (I8).
class AccountVisitor {
 public:
  virtual ~AccountVisitor() = default;
  /// The survey; nothing is changed. Never null. Of an account that failed or is denied nobody is due.
  virtual Task<std::shared_ptr<AccountVisit>> visit(AccountTarget target) = 0;
};

/// Plans; holds nothing that could change anything.
class PlanVisitor final : public AccountVisitor {
 public:
  PlanVisitor(ReadGateway& gateway, const RunContext& run) : gateway_(gateway), run_(run) {}
  Task<std::shared_ptr<AccountVisit>> visit(AccountTarget target) override;

 private:
  ReadGateway& gateway_;
  const RunContext& run_;
};

/// Does what is due.
class ApplyVisitor final : public AccountVisitor {
 public:
  ApplyVisitor(WriteGateway& gateway, const RunContext& run) : gateway_(gateway), run_(run) {}
  Task<std::shared_ptr<AccountVisit>> visit(AccountTarget target) override;

 private:
  WriteGateway& gateway_;
  const RunContext& run_;
};

}  // namespace rekeyer::rotation
