// What Secrets Manager, KMS and Systems Manager keep of one account and region. Plain data.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/names.hpp"
#include "base/time.hpp"
#include "sandbox/world/iam_state.hpp"
#include "sandbox/world/parameter_state.hpp"

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
  /// Until then it is still being made: "InProgress", whatever `status` says it will be.
  Instant ready{};
};

/// The principals of a resource policy, as it names them → the unique ids (AIDA…, AROA…) that they had when it was put.
/// AWS keeps the ids and shows whatever ARNs these have now.
using PolicyPrincipals = std::map<std::string, std::string>;

/// A policy that another one replaced, and that is still enforced; see Truths::resource_policy_delay.
struct FormerPolicy {
  Instant until{};
  std::optional<std::string> policy;  ///< nothing: there was none
  PolicyPrincipals principals;
};

/// What ListSecrets shows of a secret before its latest changes have spread; see Truths::secrets_list_lag.
struct SecretPast {
  Instant until{};  ///< when it was changed into what came next
  std::string description;
  Tags tags;
  std::map<std::string, std::set<std::string>> stages;  ///< by version id
  Instant changed{};
  std::optional<Instant> deleted_on;
};

struct StoredSecret {
  std::string name;
  Arn arn;
  std::string description;
  std::string kms_key_id;  ///< empty: aws/secretsmanager
  Tags tags;
  std::map<std::string, SecretVersion> versions;  ///< by version id
  std::optional<std::string> policy;              ///< resource policy, JSON text, as it was put
  PolicyPrincipals policy_principals;             ///< whom it means
  std::vector<FormerPolicy> former_policies;      ///< oldest first; not part of a dump
  Instant created{};
  Instant changed{};
  std::optional<Instant> accessed;
  std::optional<Instant> deletion;    ///< when it will be gone; set: scheduled for deletion
  std::optional<Instant> deleted_on;  ///< when the deletion was asked for
  std::vector<SecretReplica> replicas;
  std::vector<SecretPast> past;  ///< oldest first, and only as far as a lag needs it; not part of a dump
};

/// KeySpec as KMS spells it: keys that encrypt, and keys that sign (SIGN_VERIFY).
inline constexpr std::string_view symmetric_key_spec = "SYMMETRIC_DEFAULT";
inline constexpr std::string_view signing_key_spec = "ECC_NIST_P256";

struct KmsKey {
  std::string id;
  Arn arn;
  std::string description;
  std::string policy;  ///< JSON text
  std::string spec = std::string(symmetric_key_spec);
  std::string private_key;  ///< of a signing key; see Ids::signing_key
  bool enabled = true;
  Instant created{};
};

/// One region of one account.
struct Vault {
  std::map<std::string, StoredSecret> secrets;  ///< by name; replicas are not stored, they answer from their primary
  std::map<std::string, KmsKey> keys;           ///< by key id
  std::map<std::string, Parameter> parameters;  ///< by name
  /// The secrets, without values, as ListSecrets first showed them under Truths::secrets_list_frozen; not dumped.
  std::optional<std::map<std::string, StoredSecret>> frozen_list;
};

}  // namespace rekeyer::sandbox
