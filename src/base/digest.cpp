#include "base/digest.hpp"

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <algorithm>
#include <stdexcept>

#include "base/secret.hpp"

namespace rekeyer {
namespace {

static_assert(std::tuple_size_v<Digest> == SHA256_DIGEST_LENGTH);

/// SHA-256, fetched from OpenSSL once and computed in one context: its own one-shot functions look both up at every
/// call, which costs more than a short message's hash.
class Hasher {
 public:
  Hasher() : algorithm_(EVP_MD_fetch(nullptr, "SHA256", nullptr)), context_(EVP_MD_CTX_new()) {}
  ~Hasher() {
    EVP_MD_CTX_free(context_);
    EVP_MD_free(algorithm_);
  }
  Hasher(const Hasher&) = delete;
  Hasher& operator=(const Hasher&) = delete;

  Digest operator()(std::initializer_list<std::string_view> parts) {
    Digest digest{};
    bool well = EVP_DigestInit_ex2(context_, algorithm_, nullptr) == 1;
    for (const auto part : parts) well = well && EVP_DigestUpdate(context_, part.data(), part.size()) == 1;
    if (!well || EVP_DigestFinal_ex(context_, digest.data(), nullptr) != 1) {
      throw std::runtime_error("SHA-256 is not available");
    }
    return digest;
  }

 private:
  EVP_MD* algorithm_;
  EVP_MD_CTX* context_;
};

}  // namespace

Digest sha256(std::initializer_list<std::string_view> parts) {
  thread_local Hasher hasher;
  return hasher(parts);
}

Digest sha256(std::string_view bytes) { return sha256({bytes}); }

std::string_view bytes_of(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

Digest hmac_sha256(std::string_view key, std::string_view message) {
  std::array<char, SHA256_CBLOCK> inner{};
  Digest short_key{};
  if (key.size() > inner.size()) {
    short_key = sha256(key);
    key = bytes_of(short_key);
  }
  std::ranges::copy(key, inner.begin());
  auto outer = inner;
  for (char& byte : inner) byte = static_cast<char>(byte ^ 0x36);
  for (char& byte : outer) byte = static_cast<char>(byte ^ 0x5c);
  const Digest middle = sha256({{inner.data(), inner.size()}, message});
  const Digest result = sha256({{outer.data(), outer.size()}, bytes_of(middle)});
  wipe(inner.data(), inner.size());
  wipe(outer.data(), outer.size());
  wipe(short_key.data(), short_key.size());
  return result;
}

std::string hex(std::span<const unsigned char> bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(bytes.size() * 2);
  for (const unsigned char byte : bytes) {
    text += digits[byte >> 4U];
    text += digits[byte & 15U];
  }
  return text;
}

std::string sha256_hex(std::string_view bytes) { return hex(sha256(bytes)); }

}  // namespace rekeyer
