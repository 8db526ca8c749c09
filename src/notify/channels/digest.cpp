#include "notify/channels/digest.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include <array>
#include <stdexcept>

namespace rekeyer::notify {
namespace {

using Digest = std::array<unsigned char, SHA256_DIGEST_LENGTH>;

std::string hex(const Digest& digest) {
  std::string text;
  for (const unsigned char byte : digest) text += fmt::format("{:02x}", byte);
  return text;
}

const unsigned char* bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

}  // namespace

std::string sha256_hex(std::string_view text) {
  Digest digest{};
  SHA256(bytes(text), text.size(), digest.data());
  return hex(digest);
}

std::string webhook_signature(std::string_view key, std::int64_t timestamp, std::string_view body) {
  auto text = fmt::format("{}.", timestamp);
  text += body;
  Digest digest{};
  unsigned int size = 0;
  const auto* const done =
      HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes(text), text.size(), digest.data(), &size);
  // Fails only where OpenSSL itself is broken; a signature of zeros must not go out.
  if (done == nullptr || size != digest.size()) throw std::runtime_error("HMAC-SHA256 is not available");
  return "v1=" + hex(digest);
}

}  // namespace rekeyer::notify
