// The tag `rekeyer:lock`: for which configuration a secret's policy was written. ListSecrets shows tags and no
// policies, so that secrets with an older lock can be counted without a call for each.
//
// It is for counting, and for nothing else. Whoever may tag a secret can write it; on a locked one that is nobody but
// the lock's writers, but whether it is locked only the policy itself tells. Nothing is done or left undone by it.
#pragma once

#include <string>
#include <string_view>

#include "aws/services/secrets_manager.hpp"
#include "rotation/secret_policy.hpp"

namespace rekeyer::rotation {

inline constexpr std::string_view lock_tag = "rekeyer:lock";

/// The tag's value beside a policy that was written for `wanted`: `1 0123456789abcdef`. Pure.
std::string lock_mark(const WantedPolicy& wanted);

enum class LockMark {
  unknown,    ///< there is none, or none that this version can read: of a version before, or of one after this
  as_wanted,  ///< it claims a policy for just this policy
  otherwise,  ///< it claims one for another
};
/// What the secret claims. Pure.
LockMark read_lock_mark(const aws::SecretDescription& secret, const WantedPolicy& wanted);

}  // namespace rekeyer::rotation
