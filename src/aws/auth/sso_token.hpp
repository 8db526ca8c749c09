// The token file that `aws sso login` leaves in ~/.aws/sso/cache, shared with the AWS CLI and the SDKs.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"

namespace rekeyer::aws {

struct SsoToken {
  Secret access_token;
  Instant expires{};
  /// For a refresh; empty in files of the older kind (without sso-session).
  Secret refresh_token;
  std::string client_id;
  Secret client_secret;
  std::optional<Instant> registration_expires;
  /// What else is in the file, written back as it was.
  std::vector<std::pair<std::string, WipedString>> others;

  /// Everything that a refresh needs is there, and the registration is still good at `now`.
  bool can_refresh(Instant now) const;
};

/// <cache>/<sha1 of the sso-session's name, or of the start URL>.json
std::filesystem::path sso_token_path(const std::filesystem::path& cache, std::string_view session_or_url);

/// Fails with `bad_reply`: no JSON, no accessToken, no date in expiresAt ("…Z" or the older "…UTC").
Result<SsoToken> parse_sso_token(std::string_view json);
WipedString format_sso_token(const SsoToken& token);

}  // namespace rekeyer::aws
