// Why a row of a run's report says what it says. One type for all: the policy's reasons, the run's own, and kinds of
// errors.
#pragma once

#include <optional>
#include <string_view>
#include <variant>

#include "base/error.hpp"
#include "policy/decision.hpp"

namespace rekeyer::rotation {

/// What only a run can say. Each has a row in docs/output.md.
enum class RunReason {
  // it waits
  run_limit,      ///< limits.max_changes
  account_limit,  ///< limits.max_changes_per_account
  interrupted,    ///< the run was stopped before this user
  lock_spreading,
  // what was found
  unreadable,
  user_not_found,
  user_gone,
  user_exists,
  intent_open,
  key_lives,
  root_key_active,
  identity_changed,
  identity_unknown,
  // before a key is issued
  store_not_ready,
  not_lockable,
  open_to_all,
  too_many_tags,
  kms_key_unusable,
  replica_failed,
  // after it
  store_failed,
  not_verified,
  not_published,
  not_recorded,
  recover_failed,
  // adopt and relock
  vouched,
  not_vouched,
  lock_differs,
  lock_unmarked,
  shut_out,  ///< the lock on a secret keeps off whoever changes secrets in this run
  // telling owners
  unowned,
  undeliverable,
};
inline constexpr RunReason last_run_reason = RunReason::undeliverable;
/// Part of the JSON output: never changed, only added to.
std::string_view name(RunReason reason);

class OutcomeReason {
 public:
  explicit(false) OutcomeReason(policy::Reason reason) : value_(reason) {}
  explicit(false) OutcomeReason(RunReason reason) : value_(reason) {}
  /// AWS's definite answer, or that there was none, says all.
  explicit(false) OutcomeReason(ErrorKind kind) : value_(kind) {}

  /// The policy's reason; null where it is none.
  const policy::Reason* of_policy() const { return std::get_if<policy::Reason>(&value_); }
  bool operator==(const OutcomeReason&) const = default;

 private:
  friend std::string_view name(const OutcomeReason& reason);

  std::variant<policy::Reason, RunReason, ErrorKind> value_;
};

/// The word of docs/output.md and docs/policy.md. No two reasons have the same.
std::string_view name(const OutcomeReason& reason);
/// Others are due for longer, and the run may change only so many.
inline bool waits_for_limit(const OutcomeReason& reason) {
  return reason == RunReason::run_limit || reason == RunReason::account_limit;
}
/// Nothing for a word that no reason has.
std::optional<OutcomeReason> parse_outcome_reason(std::string_view text);

}  // namespace rekeyer::rotation
