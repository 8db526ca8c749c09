// What became of one account and its users: the model that reports, digests and exit codes are made from. Pure data.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/names.hpp"
#include "base/time.hpp"
#include "policy/decision.hpp"
#include "rotation/notices.hpp"
#include "rotation/outcome_reason.hpp"
#include "rotation/target.hpp"

namespace rekeyer::rotation {

enum class AccountStatus {
  done,     ///< surveyed, and everything due was tried
  denied,   ///< the role could not be assumed, or may not read
  skipped,  ///< not active, excluded, or the run was stopped before it
  failed,   ///< a read failed in another way: nothing was changed on half a picture
};
inline constexpr AccountStatus last_account_status = AccountStatus::failed;
std::string_view name(AccountStatus status);
/// The status of an account that can't be entered or read; warns of it in the log.
AccountStatus lost_account(const AccountId& account, const Error& error);

enum class ActionStatus { planned, done, held, failed };
inline constexpr ActionStatus last_action_status = ActionStatus::failed;
std::string_view name(ActionStatus status);

struct ActionOutcome {
  AccountId account;
  UserName user;
  AccessKeyId key;  ///< empty where the action concerns the user as a whole
  policy::Action action = policy::Action::keep;
  OutcomeReason reason = policy::Reason::young;
  std::optional<Instant> due;
  ActionStatus status = ActionStatus::planned;
  std::string detail;
};

/// A row about the user as a whole.
ActionOutcome user_row(AccountId account, UserName user, policy::Action action, OutcomeReason reason,
                       ActionStatus status, std::string detail);

/// Puts `more` behind `rows`.
void append_rows(std::vector<ActionOutcome>& rows, std::vector<ActionOutcome> more);

/// What became of one user.
struct UserOutcome {
  std::vector<ActionOutcome> actions;
  std::optional<UserNotices> notices;  ///< where there is something to tell the owner
};

/// An active key that has been there for long.
struct OldKey {
  UserName user;
  AccessKeyId key;  ///< empty where only the credential report was read: it names no ids
  Instant created{};
};

struct AccountOutcome {
  AccountOutcome() = default;
  /// With nothing in it yet; `why` for people, where it is not done.
  explicit AccountOutcome(const AccountTarget& target, AccountStatus ended = AccountStatus::done, std::string why = {});

  AccountId id;
  std::string name;
  std::string email;
  AccountStatus status = AccountStatus::done;
  std::string reason;     ///< for people; empty when done
  std::size_t users = 0;  ///< users looked at
  std::size_t quiet = 0;  ///< of them with nothing due, warned of or held
  std::size_t exempt = 0;
  std::size_t turns_a_year = 0;  ///< how often somebody's key is to be rotated, deactivated or deleted
  std::size_t looked_at = 0;     ///< users with something to say or to record, besides those whose key is to be changed
  std::vector<ActionOutcome> actions;
  /// A plan: when the credential report was made that rows of it are by. Nothing: all were looked at by themselves.
  std::optional<Instant> report_made;
  std::vector<UserNotices> notices;
  std::vector<OldKey> oldest;  ///< a few, oldest first; of users that are not exempt
  /// The rules and exemptions that fit one of its users, in the words of Fitting; nothing where the users were not
  /// seen.
  std::optional<std::vector<std::string>> fitting;
};

}  // namespace rekeyer::rotation
