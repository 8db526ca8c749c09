// Read access to a user's secret by a policy of the user: one statement of ours, merged into whatever is there. Pure.
#pragma once

#include <optional>
#include <string>

#include "base/error.hpp"
#include "base/names.hpp"

namespace rekeyer::rotation {

inline constexpr std::string_view grant_sid = "RekeyerOwnerRead";
/// The inline policy of the user that the user grant writes. Only this one is touched.
inline constexpr std::string_view user_policy_name = "rekeyer-read-own-secret";

/// The user's inline policy with our statement in it: this secret may be read, and its key used to decrypt it through
/// Secrets Manager. `kms_key_arn` is empty where AWS's own key is used. Nothing where it is there already.
Result<std::optional<std::string>> grant_to_user(const std::optional<std::string>& policy, const Arn& secret,
                                                 const std::string& kms_key_arn);

}  // namespace rekeyer::rotation
