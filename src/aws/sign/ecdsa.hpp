// Checking what a KMS key of the curve P-256 signed, without asking KMS again. By OpenSSL.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace rekeyer::aws {

class EcdsaPublicKey {
 public:
  /// From DER (SubjectPublicKeyInfo), as KMS GetPublicKey gives it. Fails with `bad_reply` for anything else than a key
  /// of P-256.
  static Result<EcdsaPublicKey> from_der(std::string_view der);
  /// Did the private key sign this, by SHA-256? `signature` is r and s, 32 bytes each.
  bool verifies(std::string_view message, std::string_view signature) const;

 private:
  explicit EcdsaPublicKey(std::shared_ptr<void> key) : key_(std::move(key)) {}
  std::shared_ptr<void> key_;  ///< EVP_PKEY
};

/// r and s, 32 bytes each, of a signature in DER, as KMS Sign gives it. Fails with `bad_reply`.
Result<std::string> raw_signature(std::string_view der);

}  // namespace rekeyer::aws
