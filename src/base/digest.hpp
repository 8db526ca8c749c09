// SHA-256, HMAC with it, and hexadecimal digits.
#pragma once

#include <array>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace rekeyer {

using Digest = std::array<unsigned char, 32>;

/// Of the parts one after another. Throws where OpenSSL itself is broken, so that nothing goes out with zeros for it.
Digest sha256(std::initializer_list<std::string_view> parts);
Digest sha256(std::string_view bytes);

/// RFC 2104 with SHA-256; `key` may be a secret and leaves nothing behind. Throws as sha256() does.
Digest hmac_sha256(std::string_view key, std::string_view message);

/// The bytes of a digest as a text: the key of the next HMAC. It sees `digest`, which must stay.
std::string_view bytes_of(const Digest& digest);

/// Two digits of 0-9a-f for each byte.
std::string hex(std::span<const unsigned char> bytes);

std::string sha256_hex(std::string_view bytes);

}  // namespace rekeyer
