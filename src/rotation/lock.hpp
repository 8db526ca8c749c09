// The lock on users' secrets: a resource policy under which nobody but those whom the configuration names may change
// them, however wide the rights of people in the account are (docs/design/0012-trust.md).
#pragma once

#include "base/task.hpp"
#include "policy/match.hpp"
#include "policy/rules.hpp"
#include "rotation/access.hpp"
#include "rotation/secret_policy.hpp"
#include "rotation/settings.hpp"

namespace rekeyer::rotation {

/// A policy takes minutes to be enforced everywhere. A secret that was there before its lock is taken over only where
/// nobody has touched it for so long: a squatter could lift the lock before it holds, and put it back before the look.
inline constexpr std::chrono::minutes lock_spreads_in{5};

/// From when on a lock that stands on the secret holds everywhere: whatever touched it since may have come before.
/// Pure.
Instant lock_holds_from(const aws::SecretDescription& secret, Instant now);

/// "arn:aws:iam::111111111111:user/path/ann". Pure.
Arn arn_of(std::string_view partition, const policy::Subject& user);

/// May the secrets of that account be locked: does the configuration want it, and does it name who changes them in this
/// run? A lock that shuts out whoever wrote it could be lifted by nobody. No call.
bool lockable(const ReadAccess& access, const Settings& settings, const AccountId& account);
/// The same where `writer` changes secrets. Pure.
bool lockable(const Settings& settings, const AccountId& account, std::string_view partition,
              const StorePrincipal& writer);

/// What the policy of the user's secret is to say. Without a lock where it is not lockable. No call.
WantedPolicy wanted_policy(const ReadAccess& access, const Settings& settings, const policy::Subject& user);
/// The same for whoever asks without an open account: `writer` is who changes secrets there. Pure.
WantedPolicy wanted_policy(const Settings& settings, const policy::Subject& user, std::string_view partition,
                           const StorePrincipal& writer);

/// The same as the configuration has it, whoever runs: what `relock` puts, and what `doctor` counts by. Whom
/// `former_writers` names is not let in, the member role neither: so the role of before can lock itself out. Pure.
WantedPolicy configured_policy(const Settings& settings, const policy::Subject& user, std::string_view partition);

/// A secret that this run made just now, as CreateSecret answered: locks it (PutResourcePolicy), looks whether anybody
/// was faster (DescribeSecret, GetResourcePolicy), and puts the proof on it (TagResource). Fails with `conflict` where
/// somebody was: it is no secret of rekeyer's then, and the next run says so. Where it is not to be locked, only the
/// owner's grant is put.
ResultTask<> secure_new_secret(WriteAccess& access, const Settings& settings, policy::Subject user,
                               aws::SecretDescription made, Instant now, aws::SignBefore sign_before);

/// Makes a secret without a value for `record`, tags of a user who has none yet: CreateSecret, secure_new_secret(), and
/// only then the tags, where it is to be locked. `already_exists` where another run, or somebody else, was faster.
ResultTask<> make_record_secret(WriteAccess& access, const Settings& settings, policy::Subject user, SecretName name,
                                aws::Tags record, Instant now, aws::SignBefore sign_before);

/// Is that secret, as `seen` now, proved to be rekeyer's? False: it is locked, without a value, and has nothing on it
/// but the `tags` that this run made it with. Fails with `conflict` where there is more. GetResourcePolicy.
ResultTask<bool> proved_before_first_value(ReadAccess& access, const Settings& settings, policy::Subject user,
                                           aws::SecretDescription seen, aws::Tags tags, Instant now);

/// Puts the fresh proof on a locked secret that this run made with `tags`, and on which nothing of others was seen. In
/// the same call what it is locked for, these tags once more, and an empty record: until the lock is enforced, somebody
/// may have written his own. KMS Sign, where proofs are signed; TagResource.
ResultTask<> put_proof(WriteAccess& access, const Settings& settings, const policy::Subject& user,
                       const aws::SecretDescription& secret, aws::Tags tags, Instant now, aws::SignBefore sign_before);

/// Puts `tags` and the owner's proof on a secret in one call, so that what they say is under it from the first moment.
/// Idempotent. KMS Sign, where proofs are signed; TagResource.
ResultTask<> tag_with_proof(WriteAccess& access, Arn secret, UserId owner, Proof proof, aws::Tags tags, Instant now,
                            aws::SignBefore sign_before);

}  // namespace rekeyer::rotation
