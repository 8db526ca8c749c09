// What an ARN says.
#pragma once

#include <optional>
#include <string_view>

namespace rekeyer::sandbox {

/// "arn:<partition>:<service>:<region>:<account>:<resource>", as parts of the text it was read from.
struct ArnParts {
  std::string_view service;
  std::string_view region;
  std::string_view account;
  std::string_view resource;  ///< may hold colons
};
/// Nothing where it is no ARN.
std::optional<ArnParts> arn_parts(std::string_view arn);

/// The same of a secret: its resource is "secret:<rest>".
struct SecretAddress {
  std::string_view region;
  std::string_view account;
  std::string_view rest;  ///< the secret's name, with or without "-" and the six characters that AWS added
};
/// Nothing where it is no ARN of a secret.
std::optional<SecretAddress> secret_address(std::string_view arn);

/// "-" and six characters.
inline constexpr std::size_t secret_arn_ending = 7;

}  // namespace rekeyer::sandbox
