// Base64, the standard alphabet with padding: reports, raw mails, and bytes in world files.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace rekeyer::sandbox {

std::string encode_base64(std::string_view bytes);
/// Line breaks are skipped; nothing for what is not base64.
std::optional<std::string> decode_base64(std::string_view text);

}  // namespace rekeyer::sandbox
