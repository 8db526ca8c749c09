// SHA-256 and HMAC for verifying signatures: fetched from OpenSSL once, because every call of a simulated year is
// verified.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>

namespace rekeyer::sandbox {

using Digest = std::array<unsigned char, 32>;

Digest sha256(std::string_view text);
Digest hmac_sha256(std::span<const unsigned char> key, std::string_view text);
/// Lower-case hexadecimal, appended to `out`.
void append_hexadecimal(std::string& out, const Digest& digest);

}  // namespace rekeyer::sandbox
