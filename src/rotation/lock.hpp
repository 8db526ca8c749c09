// The lock on users' secrets: a resource policy under which nobody but those whom the configuration names may change
// them, however wide the rights of people in the account are (docs/design/0012-trust.md).
#pragma once

#include "base/task.hpp"
#include "policy/rules.hpp"
#include "rotation/access.hpp"
#include "rotation/secret_policy.hpp"
#include "rotation/settings.hpp"

namespace rekeyer::rotation {

/// A policy takes minutes to be enforced everywhere. A secret that was there before its lock is taken over only where
/// nobody has touched it for so long: a squatter could lift the lock before it holds, and put it back before the look.
inline constexpr std::chrono::minutes lock_spreads_in{5};

/// "arn:aws:iam::111111111111:user/path/ann". Pure.
Arn arn_of(std::string_view partition, const policy::Subject& user);

/// May the secrets of that account be locked: does the configuration want it, and does it name who changes them in this
/// run? A lock that shuts out whoever wrote it could be lifted by nobody. Pure.
bool lockable(const Settings& settings, const AccountId& account, std::string_view partition,
              const StorePrincipal& principal);

/// What the policy of the user's secret is to say. Without a lock where it is not lockable. Pure.
PolicyWish policy_wish(const Settings& settings, const policy::Subject& user, std::string_view partition,
                       const StorePrincipal& principal);

/// Puts the policy of a secret that was made just now; nothing where none is wished. Secrets Manager PutResourcePolicy.
ResultTask<> lock_new_secret(WriteAccess& access, const Settings& settings, policy::Subject user, SecretName secret,
                             aws::SignBefore sign_before);

}  // namespace rekeyer::rotation
