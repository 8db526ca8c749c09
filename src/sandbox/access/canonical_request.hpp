// The text whose hash a Signature Version 4 signs, built from a request as it arrived.
#pragma once

#include <optional>
#include <string>

#include "aws/http/message.hpp"
#include "sandbox/wire/call.hpp"

namespace rekeyer::sandbox {

/// Nothing where a signed header is missing.
std::optional<std::string> canonical_request(const aws::HttpRequest& request, const SignatureHeader& header);

}  // namespace rekeyer::sandbox
