// Taking over a secret that stood at a user's name before rekeyer made one, with nothing of others on it: locked, left
// until the lock holds everywhere, looked at, and then given a new record.
#pragma once

#include "base/clock.hpp"
#include "base/task.hpp"
#include "rotation/access.hpp"
#include "rotation/settings.hpp"
#include "rotation/step_result.hpp"
#include "rotation/user_state.hpp"
#include "rotation/vouch.hpp"

namespace rekeyer::rotation {

class SecretAdopter {
 public:
  SecretAdopter(WriteAccess& access, const Settings& settings, Clock& clock)
      : access_(access), settings_(settings), clock_(clock) {}

  /// Takes the secret of `state`, whose trust is `marked`, out of its deletion: what it is shows on a new look. May be
  /// repeated.
  Task<StepResult> restore(UserState state);
  /// Puts the settled proof on the secret of `state`, whose trust is `fresh`; its record stays as it is. Held: its lock
  /// has to spread, or a run is at work. May be repeated. KMS Sign, where proofs are signed; TagResource.
  Task<StepResult> settle(UserState state);
  /// The next step for the secret of `state`, whose trust is `adoptable`. Done: taken over, and nothing that stood on
  /// it is believed. Held: it is locked, and the lock has to spread. May be repeated.
  Task<StepResult> adopt(UserState state);
  /// The same for a secret of which an operator vouches that it is rekeyer's: what it claims is recorded as `vouching`
  /// says.
  Task<StepResult> vouch(UserState state, Vouching vouching, policy::UserFacts claimed);

 private:
  /// What has to come first: the lock, and that it has spread. Nothing: both have.
  Task<std::optional<StepResult>> locked_first(const UserState& state);
  Task<StepResult> lock(const UserState& state);
  Task<StepResult> take_over(const UserState& state, aws::Tags tags, Instant since);
  ResultTask<> put_settled_proof(const UserState& state, aws::Tags tags, Instant since);
  aws::SignBefore soon() const;

  WriteAccess& access_;
  const Settings& settings_;
  Clock& clock_;
};

}  // namespace rekeyer::rotation
