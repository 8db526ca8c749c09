#include "aws/auth/profile_keys.hpp"

#include <fmt/format.h>

#include "aws/auth/credential_parts.hpp"

namespace rekeyer::aws {
namespace {

const ProfileEntry* find_in(const Section& profile, std::string_view key, FileKind file) {
  const auto* setting = profile.find(key);
  return setting != nullptr && setting->kind == file ? setting : nullptr;
}

}  // namespace

bool has_profile_keys(const Section& profile, FileKind file) {
  return find_in(profile, "aws_access_key_id", file) != nullptr ||
         find_in(profile, "aws_secret_access_key", file) != nullptr;
}

Result<SharedCredentials> read_profile_keys(const Section& profile, std::string_view profile_name, FileKind file) {
  const auto* id = find_in(profile, "aws_access_key_id", file);
  const auto* secret = find_in(profile, "aws_secret_access_key", file);
  if (id == nullptr && secret == nullptr) {
    return fail(ErrorKind::usage, fmt::format("{}: profile `{}` holds no keys", profile.place, profile_name));
  }
  if (id == nullptr || secret == nullptr) {
    const auto& present = id != nullptr ? *id : *secret;
    return fail(ErrorKind::usage,
                fmt::format("{}: profile `{}` has {} here, but no {} in the same file", present.place(), profile_name,
                            id != nullptr ? "aws_access_key_id" : "aws_secret_access_key",
                            id != nullptr ? "aws_secret_access_key" : "aws_access_key_id"));
  }
  const auto* token = find_in(profile, "aws_session_token", file);
  // The older name, which some federation tools still write.
  if (token == nullptr) token = find_in(profile, "aws_security_token", file);
  return make_credentials({id->view(), secret->view(), token == nullptr ? std::string_view{} : token->view(), {}},
                          id->place());
}

}  // namespace rekeyer::aws
