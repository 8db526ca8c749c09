// How one step of work on a user ended.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "policy/custody.hpp"
#include "policy/facts.hpp"
#include "policy/intent.hpp"
#include "rotation/account_outcome.hpp"

namespace rekeyer::rotation {

struct StepResult {
  /// `held`: not done, and rightly so: somebody else is at it, or what it rests on changed. Never `planned`.
  ActionStatus status = ActionStatus::failed;
  std::optional<OutcomeReason> reason;  ///< where not done
  std::string detail;                   ///< a sentence for people

  bool done() const { return status == ActionStatus::done; }
};

inline StepResult step_done(std::string detail) { return {ActionStatus::done, std::nullopt, std::move(detail)}; }
inline StepResult step_held(OutcomeReason reason, std::string detail) {
  return {ActionStatus::held, reason, std::move(detail)};
}
inline StepResult step_failed(OutcomeReason reason, std::string detail) {
  return {ActionStatus::failed, reason, std::move(detail)};
}
/// Before anything is changed. The kind of the error would mislead: a lost reply of a read leaves no outcome in doubt.
inline StepResult step_not_read(const Error& error) {
  return step_failed(RunReason::unreadable, describe(error) + "; nothing was changed");
}

/// Of a rotation.
struct RotationResult : StepResult {
  explicit(false) RotationResult(StepResult step) : StepResult(std::move(step)) {}

  std::optional<policy::KeyFacts> issued;  ///< where done: the new key
  std::optional<policy::Custody> custody;  ///< and what was recorded with it
  Arn secret_arn;                          ///< and where it is stored
  bool began = false;                      ///< its intent is on record
  bool issued_nothing = false;             ///< and surely no key of it is there
};

/// Of a recovery.
struct RecoveryResult : StepResult {
  explicit(false) RecoveryResult(StepResult step) : StepResult(std::move(step)) {}

  std::optional<policy::Intent> left_open;  ///< where done: its own intent, for who goes on to clear
};

}  // namespace rekeyer::rotation
