// Rotating one key: the protocol of docs/design/0004-protocol.md, step by step.
#pragma once

#include <expected>
#include <optional>

#include "base/clock.hpp"
#include "base/task.hpp"
#include "rotation/access.hpp"
#include "rotation/secret_steps.hpp"
#include "rotation/settings.hpp"
#include "rotation/step_result.hpp"
#include "rotation/user_state.hpp"

namespace rekeyer::rotation {

class KeyIssuer {
 public:
  KeyIssuer(WriteAccess& access, const Settings& settings, Clock& clock, RunId run)
      : access_(access), secret_(access, settings, clock), clock_(clock), run_(std::move(run)) {}

  /// Steps 2 to 8 for a user whose fresh state asks for a rotation of `old_key`, or a person does (`asked_for`). On
  /// success `state.facts` and `state.secret` are out of date. Whatever happens, no active key is left whose secret is
  /// neither stored nor covered by the recorded intent (I1).
  Task<RotationResult> rotate(UserState state, AccessKeyId old_key, bool asked_for);

 private:
  using Issued = std::expected<aws::IssuedKey, RotationResult>;
  Task<RotationResult> work(UserState state, AccessKeyId old_key, const Lease& lease);
  Task<Issued> issue(UserState& state, const Lease& lease);
  Task<StepResult> take_back(const UserState& state, AccessKeyId key, StepResult cause, const Lease& lease);
  Task<std::optional<StepResult>> another_user(const UserState& state);
  ResultTask<> store(const aws::IssuedKey& key, const UserState& state, const Lease& lease);
  ResultTask<> verify(const aws::IssuedKey& key, const UserState& state, const Lease& lease);
  Task<RotationResult> withdraw(const UserState& state, AccessKeyId key, Error cause, const Lease& lease);

  WriteAccess& access_;
  SecretSteps secret_;
  Clock& clock_;
  RunId run_;
};

}  // namespace rekeyer::rotation
