#include "base/secret.hpp"

#include <openssl/crypto.h>

#include <cstring>
#include <utility>

namespace rekeyer {

void wipe(void* bytes, std::size_t size) noexcept {
  if (size > 0) OPENSSL_cleanse(bytes, size);
}

Secret::Secret(std::string_view text) : bytes_(std::make_unique<char[]>(text.size())), size_(text.size()) {
  if (size_ > 0) std::memcpy(bytes_.get(), text.data(), size_);
}

Secret::Secret(Secret&& other) noexcept : bytes_(std::move(other.bytes_)), size_(std::exchange(other.size_, 0)) {}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    wipe(bytes_.get(), size_);
    bytes_ = std::move(other.bytes_);
    size_ = std::exchange(other.size_, 0);
  }
  return *this;
}

Secret::~Secret() { wipe(bytes_.get(), size_); }

}  // namespace rekeyer
