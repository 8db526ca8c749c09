// How one step of work on a user ended.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "policy/custody.hpp"
#include "policy/facts.hpp"
#include "rotation/account_outcome.hpp"

namespace rekeyer::rotation {

struct StepResult {
  bool done = false;
  bool held = false;   ///< not done, and rightly so: somebody else is at it, or what it rests on changed
  std::string reason;  ///< where not done: a reason for reports, such as "outcome_unknown"
  std::string detail;  ///< a sentence for people
  std::optional<policy::KeyFacts> issued{};   ///< of a rotation that is done: the new key
  std::optional<policy::Custody> custody{};   ///< and what was recorded with it
  Arn secret_arn{};                           ///< and where it is stored
  bool began = false;                         ///< of a rotation: its intent is on record
  bool issued_nothing = false;                ///< and surely no key of it is there
  std::optional<policy::Intent> left_open{};  ///< of a recovery that is done: its own intent, for who goes on to clear
};

/// What a row of the report says of it.
inline ActionStatus status_of(const StepResult& result) {
  if (result.done) return ActionStatus::done;
  return result.held ? ActionStatus::held : ActionStatus::failed;
}

inline StepResult step_done(std::string detail) { return {true, false, {}, std::move(detail)}; }
inline StepResult step_held(std::string reason, std::string detail) {
  return {false, true, std::move(reason), std::move(detail)};
}
/// Before anything is changed. The kind of the error would mislead: a lost reply of a read leaves no outcome in doubt.
inline StepResult step_not_read(const Error& error) {
  return {false, false, "unreadable", describe(error) + "; nothing was changed"};
}
inline StepResult step_failed(std::string reason, std::string detail) {
  return {false, false, std::move(reason), std::move(detail)};
}

}  // namespace rekeyer::rotation
