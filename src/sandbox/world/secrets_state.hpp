// What Secrets Manager and KMS keep of one account and region. Plain data.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/names.hpp"
#include "base/time.hpp"
#include "sandbox/world/iam_state.hpp"

namespace rekeyer::sandbox {

struct SecretVersion {
  std::string id;
  std::string value;
  bool binary = false;           ///< `value` holds the base64 text of SecretBinary
  std::set<std::string> stages;  ///< empty: deprecated, no longer listed, pruned in time
  Instant created{};
};

struct SecretReplica {
  Region region;
  std::string kms_key_id;
  std::string status = "InSync";
  std::string status_message;
};

struct StoredSecret {
  std::string name;
  Arn arn;
  std::string description;
  std::string kms_key_id;  ///< empty: aws/secretsmanager
  Tags tags;
  std::map<std::string, SecretVersion> versions;  ///< by version id
  std::optional<std::string> policy;              ///< resource policy, JSON text
  Instant created{};
  Instant changed{};
  std::optional<Instant> accessed;
  std::optional<Instant> deletion;    ///< when it will be gone; set: scheduled for deletion
  std::optional<Instant> deleted_on;  ///< when the deletion was asked for
  std::vector<SecretReplica> replicas;
};

struct KmsKey {
  std::string id;
  Arn arn;
  std::string description;
  std::string policy;  ///< JSON text
  bool enabled = true;
  Instant created{};
};

/// One region of one account.
struct Vault {
  std::map<std::string, StoredSecret> secrets;  ///< by name; replicas are not stored, they answer from their primary
  std::map<std::string, KmsKey> keys;           ///< by key id
};

}  // namespace rekeyer::sandbox
