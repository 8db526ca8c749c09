// From texts to checked credentials: the one place where a provider's answer becomes a signing key.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "aws/sign/credentials.hpp"
#include "base/error.hpp"

namespace rekeyer::aws {

struct CredentialParts {
  std::string_view id;
  std::string_view secret;
  std::string_view session_token;  ///< may be empty
  std::optional<Instant> expiration;
};

/// Fails with `usage` where id or secret is missing, a part stands in quotes or holds a line break, a control character
/// or a blank, or the id holds anything but letters, digits and "_" (no key id does); the message begins with `origin`
/// and never repeats a value.
Result<SharedCredentials> make_credentials(const CredentialParts& parts, std::string_view origin);

/// A copy that ends at another time; for credentials whose issuer could not be asked again.
SharedCredentials with_expiration(const Credentials& credentials, Instant expiration);

/// What differs between the documents that issue credentials as JSON.
struct CredentialDocument {
  std::string_view token_member = "Token";
  bool token_required = true;
  bool expiration_required = true;
};

/// Reads `AccessKeyId`, `SecretAccessKey`, the token and `Expiration` from a JSON object. Fails with `bad_reply`; the
/// message begins with `origin` and names the member.
Result<SharedCredentials> read_credential_document(std::string_view json, const CredentialDocument& form,
                                                   std::string_view origin);

}  // namespace rekeyer::aws
