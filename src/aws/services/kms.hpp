// AWS KMS: looking at a key. Nothing is encrypted here; Secrets Manager does that.
#pragma once

#include <string>

#include "aws/call/caller.hpp"
#include "base/names.hpp"
#include "base/task.hpp"

namespace rekeyer::aws {

struct KmsKey {
  Arn arn;
  AccountId account;
  bool enabled = false;
  std::string state;    ///< KeyState: Enabled, Disabled, PendingDeletion, …
  std::string usage;    ///< KeyUsage: ENCRYPT_DECRYPT, …
  std::string spec;     ///< KeySpec: SYMMETRIC_DEFAULT, …
  std::string manager;  ///< KeyManager: CUSTOMER, AWS
};

class KmsReader {
 public:
  virtual ~KmsReader() = default;
  /// By id, ARN or alias. `not_found` where there is none. KMS DescribeKey.
  virtual ResultTask<KmsKey> key(std::string id) = 0;
};

/// Keys that sign: of the spec ECC_NIST_P256, for SIGN_VERIFY.
class KmsSigner {
 public:
  virtual ~KmsSigner() = default;
  /// The signature in DER, by ECDSA_SHA_256, of up to 4096 bytes. Idempotent: nothing changes. KMS Sign.
  virtual ResultTask<std::string> sign(std::string key, std::string message) = 0;
  /// The key's public half in DER. KMS GetPublicKey.
  virtual ResultTask<std::string> public_key(std::string key) = 0;
};

class KmsClient final : public KmsReader, public KmsSigner {
 public:
  KmsClient(Caller& caller, Principal principal) : caller_(caller), principal_(std::move(principal)) {}
  ResultTask<KmsKey> key(std::string id) override;
  ResultTask<std::string> sign(std::string key, std::string message) override;
  ResultTask<std::string> public_key(std::string key) override;
  /// The key's policy, JSON text. By id or ARN, in the key's own account only. KMS GetKeyPolicy.
  ResultTask<std::string> key_policy(std::string id);

 private:
  Caller& caller_;
  Principal principal_;
};

}  // namespace rekeyer::aws
