// Base64 (RFC 4648, the standard alphabet): credential reports, blobs of JSON and proxy passwords.
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"

namespace rekeyer::aws {

std::string base64_encode(std::string_view bytes);
/// Strict about letters and padding; line breaks and blanks between letters are skipped, as XML may fold a long text.
/// Fails with `bad_reply`.
Result<std::string> base64_decode(std::string_view text);

}  // namespace rekeyer::aws
