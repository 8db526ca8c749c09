// What a run left whose lease ended before its work did: finished, or undone (docs/design/0004-protocol.md).
#pragma once

#include "base/clock.hpp"
#include "base/task.hpp"
#include "policy/intent.hpp"
#include "rotation/access.hpp"
#include "rotation/secret_steps.hpp"
#include "rotation/settings.hpp"
#include "rotation/step_result.hpp"
#include "rotation/user_state.hpp"

namespace rekeyer::rotation {

class KeyRecoverer {
 public:
  KeyRecoverer(WriteAccess& access, const Settings& settings, Clock& clock, RunId run)
      : access_(access), settings_(settings), secret_(access, settings, clock), clock_(clock), run_(std::move(run)) {}

  /// Adopts the lease on record in `state`, finishes what was stored, withdraws what was not, clears the intent. Where
  /// there was nothing to finish or withdraw, the adopted intent is left open: whoever goes on with the user replaces
  /// it by a rotation's, or calls clear().
  Task<RecoveryResult> recover(UserState state);
  /// Ends `own`, the intent that recover() left open, and records custody.
  ResultTask<> clear(const UserState& state, const policy::Custody& custody, const policy::Intent& own);

 private:
  ResultTask<UserState> look_again(UserState state);
  /// On a state that was just looked at again.
  Task<StepResult> withdraw_orphan(UserState state, policy::KeyFacts key, const Lease& lease);
  Task<StepResult> resume(UserState state, policy::KeyFacts key, std::optional<AccessKeyId> old_key,
                          const Lease& lease);
  Task<StepResult> leave_off(UserState state, policy::KeyFacts key, const Lease& lease);

  WriteAccess& access_;
  const Settings& settings_;
  SecretSteps secret_;
  Clock& clock_;
  RunId run_;
};

}  // namespace rekeyer::rotation
