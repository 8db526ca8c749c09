// What a rotation and its recovery both do with the user's secret: claim it, make it ready, publish the new version,
// record it.
#pragma once

#include <expected>
#include <optional>

#include "aws/services/secrets_manager.hpp"
#include "base/clock.hpp"
#include "base/task.hpp"
#include "policy/custody.hpp"
#include "policy/intent.hpp"
#include "rotation/access.hpp"
#include "rotation/lease.hpp"
#include "rotation/secret_policy.hpp"
#include "rotation/settings.hpp"
#include "rotation/step_result.hpp"
#include "rotation/user_state.hpp"

namespace rekeyer::rotation {

/// The secret as it is, or why the work ends here.
using SecretOrEnd = std::expected<aws::SecretDescription, StepResult>;

/// Each step may be repeated, is signed for before the lease's work ends only, and fails with AWS's error.
class SecretSteps {
 public:
  SecretSteps(WriteAccess& access, const Settings& settings, Clock& clock)
      : access_(access), settings_(settings), clock_(clock) {}

  /// Looks for what would fail for good, before anything is written: room for tags, the KMS key, a secret that should
  /// be locked and can't be, a value that was refused lately. `asked_for`: a person wants it now, whatever was refused.
  /// Nothing: all is well.
  Task<std::optional<StepResult>> preflight(const UserState& state, bool asked_for);
  /// "; …" about a secret that is encrypted with another key than new ones are, for whoever may not use that; empty
  /// where it is not. Values go by the secret's own key, whatever the configuration says by now.
  std::string other_key_words(const UserState& state) const;
  /// Puts the lease's intent on the secret; makes or restores it where need be. Fails with `conflict` where another run
  /// is at work with the user, or what it signed may still land.
  ResultTask<aws::SecretDescription> claim(const UserState& state, const Lease& lease);
  /// Who may read it may do so before there is something to read, and copies are where they belong.
  ResultTask<> make_ready(const UserState& state, const aws::SecretDescription& secret, const Lease& lease);
  /// Orders copies that are missing, and anew those that AWS gave up on. False: there is nothing to order.
  ResultTask<bool> replicate(const aws::SecretDescription& secret, aws::SignBefore sign_before);
  /// The secret as it is now, the lease's intent still on it, and nothing on it that others put there since it was
  /// made: the last look before a key is issued.
  Task<SecretOrEnd> look(const UserState& state, const Lease& lease);
  /// Does the policy still say what it did, now that a value is stored? Nothing: it does. Whoever changed it may read
  /// the value, or keep its owner from it.
  Task<std::optional<StepResult>> disturbed(const UserState& state);
  /// Version `token` becomes AWSCURRENT. `secret` as it was before that version.
  ResultTask<> publish(const aws::SecretDescription& secret, VersionId token, const Lease& lease);
  /// Custody as it is now, and the intent cleared. One call for all tags: there is no instant at which the work is
  /// recorded and the intent still stands, or the other way round.
  ResultTask<> finish(const UserState& state, policy::Custody custody, const Lease& lease);
  /// The same after make_ready(), and for good: what the policy was written for is noted with it.
  ResultTask<> finish_ready(const UserState& state, policy::Custody custody, const Lease& lease);
  /// Notes beside the intent that no key was issued under it. The intent stays: another run may have issued one in its
  /// shadow (docs/design/0004-protocol.md). Where it can't be noted, a recovery has to look. `refusal`: why the value
  /// could not be stored, where that was it.
  Task<void> note_issued_nothing(const aws::SecretDescription& secret, const Lease& lease,
                                 std::optional<Error> refusal = {});

 private:
  bool may_lock(const UserState& state) const;
  WantedPolicy wanted_for(const UserState& state) const;
  ResultTask<> write_finish(const UserState& state, const policy::Custody& custody, const Lease& lease, aws::Tags more);
  ResultTask<> grant(const UserState& state, const aws::SecretDescription& secret, const Lease& lease);

  WriteAccess& access_;
  const Settings& settings_;
  Clock& clock_;
};

/// Is that very intent on record?
bool same_intent(const aws::SecretDescription& secret, const policy::Intent& intent);

}  // namespace rekeyer::rotation
