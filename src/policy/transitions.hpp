// What a step on a user's keys leaves in custody, which step a recovery takes, and when custody may be written at all:
// what runs record, and a rehearsal plays. Pure.
#pragma once

#include <optional>

#include "policy/decision.hpp"

namespace rekeyer::policy {

/// May a run that issues no key write custody for the user? Not while another run is at work or nobody can tell, not
/// for users that are exempt, and not on a secret that is not the user's.
bool may_record(const UserFacts& facts);

/// `issued` has taken over from `old_key` at `now`. Records of other keys stay.
Custody after_rotation(Custody custody, const AccessKeyId& issued, Instant issued_at,
                       const std::optional<AccessKeyId>& old_key, Instant now);

/// rekeyer has switched `key` off at `now`.
Custody after_deactivation(Custody custody, const AccessKeyId& key, Instant now);

/// rekeyer has deleted `key`.
Custody after_deletion(Custody custody, const AccessKeyId& key);

/// What a recovery does about the intent of `facts`, once its lease is over.
struct Recovery {
  enum class Step {
    resume,       ///< the secret of `key` is stored: publish it
    leave_off,    ///< it is stored, and somebody has switched the key off since: it stays so
    withdraw,     ///< it is stored nowhere and nobody uses the key: switch it off
    last_unread,  ///< the same, as far as anybody can tell: nobody knows whether the key is used
    nothing_left  ///< the run issued no key
  };
  Step step = Step::nothing_left;
  const KeyFacts* key = nullptr;       ///< of the facts; null where the run left none
  std::optional<AccessKeyId> old_key;  ///< whom `key` replaces once it is published
};

/// `facts.intent` is there.
Recovery recovery_of(const UserFacts& facts);

/// A recovery has switched off `key` of `facts`, whose secret is lost, at `now`. What its owner may have made gets the
/// time that every key gets before it is deleted; what surely is the run's does not.
Custody after_withdrawal(const UserFacts& facts, const KeyFacts& key, Instant now);

}  // namespace rekeyer::policy
