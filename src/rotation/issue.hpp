// Rotating one key: the protocol of docs/design/0004-protocol.md, step by step, and its continuation by a later run.
#pragma once

#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/task.hpp"
#include "policy/decision.hpp"
#include "rotation/access.hpp"
#include "rotation/lease.hpp"
#include "rotation/settings.hpp"
#include "rotation/user_state.hpp"

namespace rekeyer::rotation {

/// How one step of work on a user ended.
struct StepResult {
  bool done = false;
  bool held = false;   ///< not done, and rightly so: somebody else is at it, or what it rests on changed
  std::string reason;  ///< where not done: a reason for reports, such as "outcome_unknown"
  std::string detail;  ///< a sentence for people
  std::optional<policy::KeyFacts> issued{};  ///< of a rotation that is done: the new key
  std::optional<policy::Custody> custody{};  ///< and what was recorded with it
  Arn secret_arn{};                          ///< and where it is stored
};

class KeyIssuer {
 public:
  KeyIssuer(WriteAccess& access, const Settings& settings, Clock& clock, RunId run)
      : access_(access), settings_(settings), clock_(clock), run_(std::move(run)) {}

  /// Steps 2 to 8 for a user whose fresh state asks for a rotation of `old_key`. On success `state.facts` and
  /// `state.secret` are out of date. Whatever happens, no active key is left whose secret is neither stored nor covered
  /// by the recorded intent (I1).
  Task<StepResult> rotate(UserState state, AccessKeyId old_key);

  /// A lease that ended before its work did: adopt it, finish what was stored, withdraw what was not, clear the intent.
  Task<StepResult> recover(UserState state);

 private:
  ResultTask<aws::SecretDescription> prepare(const UserState& state, const Lease& lease);
  ResultTask<> store(const aws::IssuedKey& key, const UserState& state, const Lease& lease);
  ResultTask<> verify(const aws::IssuedKey& key, const UserState& state, const Lease& lease);
  ResultTask<> publish(const UserState& state, aws::SecretDescription secret, VersionId token, const Lease& lease);
  ResultTask<> grant(const UserState& state, const aws::SecretDescription& secret, const Lease& lease);
  ResultTask<> replicate(const UserState& state, const aws::SecretDescription& secret, const Lease& lease);
  ResultTask<> finish(const UserState& state, policy::Custody custody, const Lease& lease);
  Task<StepResult> withdraw(const UserState& state, AccessKeyId key, Error cause, const Lease& lease);
  ResultTask<UserState> look_again(UserState state);
  /// On a state that was just looked at again.
  Task<StepResult> withdraw_orphan(UserState state, policy::KeyFacts key, const Lease& lease);
  Task<StepResult> resume(UserState state, policy::KeyFacts key, const Lease& lease);

  WriteAccess& access_;
  const Settings& settings_;
  Clock& clock_;
  RunId run_;
};

/// Custody after `issued` has taken over from `old_key` at `now`; other records stay. Pure.
policy::Custody after_rotation(policy::Custody custody, const AccessKeyId& issued, Instant issued_at,
                               const std::optional<AccessKeyId>& old_key, Instant now);

}  // namespace rekeyer::rotation
