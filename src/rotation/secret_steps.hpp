// What a rotation and its recovery both do with the user's secret: announce it, publish the new version, record it.
#pragma once

#include <optional>

#include "aws/services/secrets_manager.hpp"
#include "base/clock.hpp"
#include "base/task.hpp"
#include "policy/custody.hpp"
#include "rotation/access.hpp"
#include "rotation/lease.hpp"
#include "rotation/settings.hpp"
#include "rotation/user_state.hpp"

namespace rekeyer::rotation {

/// Each step may be repeated, is signed for before the lease's work ends only, and fails with AWS's error.
class SecretSteps {
 public:
  SecretSteps(WriteAccess& access, const Settings& settings, Clock& clock)
      : access_(access), settings_(settings), clock_(clock) {}

  /// The secret as it was before the new version, with the lease's intent on it; makes or restores it where need be.
  /// Fails with `conflict` where another run is at work with the user, or what it signed may still land.
  ResultTask<aws::SecretDescription> prepare(const UserState& state, const Lease& lease);
  /// Version `token` becomes AWSCURRENT, readable for whom the settings name, and replicated.
  ResultTask<> publish(const UserState& state, aws::SecretDescription secret, VersionId token, const Lease& lease);
  /// Custody as it is now, and the intent cleared. One call for all tags: there is no instant at which the work is
  /// recorded and the intent still stands, or the other way round.
  ResultTask<> finish(const UserState& state, policy::Custody custody, const Lease& lease);

 private:
  ResultTask<> grant(const UserState& state, const aws::SecretDescription& secret, const Lease& lease);
  ResultTask<> replicate(const UserState& state, const aws::SecretDescription& secret, const Lease& lease);

  WriteAccess& access_;
  const Settings& settings_;
  Clock& clock_;
};

/// Is that very intent on record?
bool same_intent(const aws::SecretDescription& secret, const policy::Intent& intent);

/// Custody after `issued` has taken over from `old_key` at `now`; other records stay. Pure.
policy::Custody after_rotation(policy::Custody custody, const AccessKeyId& issued, Instant issued_at,
                               const std::optional<AccessKeyId>& old_key, Instant now);

}  // namespace rekeyer::rotation
