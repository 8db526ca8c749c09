// Signature Version 4 as the receiving side checks it. Its own implementation: the signer in aws/sign must not check
// itself.
#pragma once

#include <string>
#include <string_view>

#include "aws/http/message.hpp"
#include "sandbox/wire/call.hpp"

namespace rekeyer::sandbox {

/// The signature (hexadecimal) that `request` must carry for these credentials, from its own headers and body and the
/// signed headers that it names. Empty where a signed header is missing.
std::string expected_signature(const aws::HttpRequest& request, const SignatureHeader& header,
                               std::string_view secret_access_key);

/// Parses "AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…"; nothing where it is another thing.
std::optional<SignatureHeader> parse_authorization(std::string_view header);

}  // namespace rekeyer::sandbox
