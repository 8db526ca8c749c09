// Long-term (or pasted temporary) keys that stand in a profile.
#pragma once

#include <string_view>

#include "aws/auth/profile_file.hpp"
#include "aws/sign/credentials.hpp"

namespace rekeyer::aws {

/// Does the profile hold a key id or a secret, in this file?
bool has_profile_keys(const Section& profile, FileKind file);

/// The keys of one file: a half of a key in one and the other half in the other is an error, and so is a key without
/// its secret. Fails with `usage` and the place.
Result<SharedCredentials> read_profile_keys(const Section& profile, std::string_view profile_name, FileKind file);

}  // namespace rekeyer::aws
