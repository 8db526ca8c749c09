// A key pair of an elliptic curve, made anew, as a KMS key that signs would be.
#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <stdexcept>
#include <string>

namespace rekeyer::fakes {

class SigningKey {
 public:
  explicit SigningKey(const char* curve = "P-256") : key_(EVP_EC_gen(curve), EVP_PKEY_free) {
    if (!key_) throw std::runtime_error("no key");
  }
  /// SubjectPublicKeyInfo.
  std::string public_der() const {
    std::string der(static_cast<std::size_t>(i2d_PUBKEY(key_.get(), nullptr)), '\0');
    auto* out = reinterpret_cast<unsigned char*>(der.data());
    i2d_PUBKEY(key_.get(), &out);
    return der;
  }
  /// ECDSA by SHA-256, in DER.
  std::string sign(const std::string& message) const {
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    const auto* in = reinterpret_cast<const unsigned char*>(message.data());
    std::size_t length = 0;
    std::string signature;
    const bool sized = EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get()) == 1 &&
                       EVP_DigestSign(context.get(), nullptr, &length, in, message.size()) == 1;
    signature.resize(length);
    auto* out = reinterpret_cast<unsigned char*>(signature.data());
    if (!sized || EVP_DigestSign(context.get(), out, &length, in, message.size()) != 1) {
      throw std::runtime_error("not signed");
    }
    signature.resize(length);
    return signature;
  }

 private:
  std::shared_ptr<EVP_PKEY> key_;
};

}  // namespace rekeyer::fakes
