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

class KmsClient {
 public:
  KmsClient(Caller& caller, Principal principal) : caller_(caller), principal_(std::move(principal)) {}
  /// By id, ARN or alias. `not_found` where there is none. KMS DescribeKey.
  ResultTask<KmsKey> key(std::string id);
  /// The key's policy, JSON text. By id or ARN, in the key's own account only. KMS GetKeyPolicy.
  ResultTask<std::string> key_policy(std::string id);

 private:
  Caller& caller_;
  Principal principal_;
};

}  // namespace rekeyer::aws
