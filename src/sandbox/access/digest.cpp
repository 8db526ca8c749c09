#include "sandbox/access/digest.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

namespace rekeyer::sandbox {
namespace {

constexpr std::size_t block_size = 64;
using Block = std::array<unsigned char, block_size>;

/// A hash computation that can be begun again without allocating.
class Hasher {
 public:
  Hasher() : context_(EVP_MD_CTX_new(), &EVP_MD_CTX_free) {}

  void begin() { must(EVP_DigestInit_ex(context_.get(), algorithm(), nullptr)); }
  void add(const void* data, std::size_t size) { must(EVP_DigestUpdate(context_.get(), data, size)); }
  Digest end() {
    Digest digest{};
    must(EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr));
    return digest;
  }

 private:
  static const EVP_MD* algorithm() {
    static const std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> fetched(EVP_MD_fetch(nullptr, "SHA256", nullptr),
                                                                         &EVP_MD_free);
    return fetched.get();
  }
  static void must(int done) {
    if (done != 1) throw std::runtime_error("SHA-256 failed");
  }

  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context_;
};

Hasher& hasher() {
  thread_local Hasher one;
  return one;
}

}  // namespace

Digest sha256(std::string_view text) {
  auto& hash = hasher();
  hash.begin();
  hash.add(text.data(), text.size());
  return hash.end();
}

Digest hmac_sha256(std::span<const unsigned char> key, std::string_view text) {
  Block inner{};
  if (key.size() > block_size) {
    const auto shorter = sha256({reinterpret_cast<const char*>(key.data()), key.size()});
    std::ranges::copy(shorter, inner.begin());
  } else {
    std::ranges::copy(key, inner.begin());
  }
  Block outer = inner;
  for (auto& byte : inner) byte ^= 0x36U;
  for (auto& byte : outer) byte ^= 0x5cU;

  auto& hash = hasher();
  hash.begin();
  hash.add(inner.data(), inner.size());
  hash.add(text.data(), text.size());
  const auto middle = hash.end();
  hash.begin();
  hash.add(outer.data(), outer.size());
  hash.add(middle.data(), middle.size());
  return hash.end();
}

void append_hexadecimal(std::string& out, const Digest& digest) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::array<char, 2 * sizeof(Digest)> text{};
  std::size_t at = 0;
  for (const unsigned char byte : digest) {
    text[at++] = digits[byte >> 4U];
    text[at++] = digits[byte & 15U];
  }
  out.append(text.data(), text.size());
}

}  // namespace rekeyer::sandbox
