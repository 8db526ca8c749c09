// Secrets Manager as rekeyer uses it: it stores values and reads descriptions. There is no GetSecretValue here, on
// purpose (I7).
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "aws/call/caller.hpp"
#include "aws/services/iam.hpp"
#include "base/names.hpp"
#include "base/task.hpp"

namespace rekeyer::aws {

struct ReplicaStatus {
  Region region;
  std::string status;  ///< InSync | InProgress | Failed
  std::string message;
};

/// DescribeSecret and ListSecrets tell the same things.
struct SecretDescription {
  Arn arn;
  SecretName name;
  std::string kms_key_id;  ///< empty: the account's aws/secretsmanager key
  Tags tags;
  /// Labelled versions only: version id (the ClientRequestToken) → staging labels.
  std::map<VersionId, std::set<std::string>> versions;
  std::optional<Instant> created{};
  std::optional<Instant> changed{};  ///< LastChangedDate: value, labels, tags, policy, settings
  std::optional<Instant> deleted{};  ///< set: scheduled for deletion
  std::vector<ReplicaStatus> replicas{};
  bool rotated_by_lambda = false;            ///< RotationEnabled: somebody's function makes new values
  std::string owning_service{};              ///< another AWS service manages it
  Region primary_region{};                   ///< of a replica, or of a secret that has some
  std::vector<std::string> cross_account{};  ///< what is said of copies in other accounts, by the members' names
};

struct Replica {
  Region region;
  std::string kms_key_id;  ///< empty: that region's aws/secretsmanager key
};

struct CreateSecret {
  SecretName name;
  std::string description;
  std::string kms_key_id;
  Tags tags;
};

class SecretsReader {
 public:
  virtual ~SecretsReader() = default;
  /// Secrets Manager DescribeSecret: strongly consistent enough to decide on. `not_found` where there is none.
  virtual ResultTask<SecretDescription> describe_secret(SecretName secret) = 0;
  /// Secrets Manager ListSecrets by name prefix, including those scheduled for deletion, to its end. Up to 5 minutes
  /// stale.
  virtual ResultTask<std::vector<SecretDescription>> list_secrets(std::string name_prefix) = 0;
  /// The same, of those alone that hold `tag_value` under some tag.
  virtual ResultTask<std::vector<SecretDescription>> list_tagged_secrets(std::string name_prefix,
                                                                         std::string tag_value) = 0;
  /// Secrets Manager GetResourcePolicy; nothing where there is none.
  virtual ResultTask<std::optional<std::string>> resource_policy(SecretName secret) = 0;
};

class SecretsWriter {
 public:
  virtual ~SecretsWriter() = default;
  /// A secret without a value. Idempotent only by re-reading: `already_exists` where the name is taken,
  /// `marked_for_deletion` where it is still being deleted. Secrets Manager CreateSecret.
  virtual ResultTask<SecretDescription> create_secret(CreateSecret request, SignBefore sign_before) = 0;
  /// Stores one version under `token` with `stage` as its only label. Idempotent by the token; `already_exists` where
  /// the token is taken by another value. Secrets Manager PutSecretValue.
  virtual ResultTask<> put_secret_value(SecretName secret, VersionId token, const WipedString& value, std::string stage,
                                        SignBefore sign_before) = 0;
  /// Moves a label. `conflict` where `from` no longer carries it. Secrets Manager UpdateSecretVersionStage.
  virtual ResultTask<> move_stage(SecretName secret, std::string stage, std::optional<VersionId> from,
                                  std::optional<VersionId> to, SignBefore sign_before) = 0;
  /// Sets these tags, leaves the others. Idempotent. Secrets Manager TagResource.
  virtual ResultTask<> tag_secret(SecretName secret, Tags tags, SignBefore sign_before) = 0;
  /// Replaces the whole resource policy. Idempotent. Secrets Manager PutResourcePolicy with BlockPublicPolicy.
  virtual ResultTask<> put_resource_policy(SecretName secret, std::string policy, SignBefore sign_before) = 0;
  /// Secrets Manager ReplicateSecretToRegions. Asynchronous there; regions that have a replica already are the caller's
  /// to leave out.
  virtual ResultTask<> replicate(SecretName secret, std::vector<Replica> regions, SignBefore sign_before) = 0;
  /// Schedules deletion with the recovery window. Idempotent. Secrets Manager DeleteSecret.
  virtual ResultTask<> schedule_deletion(SecretName secret, int recovery_days, SignBefore sign_before) = 0;
  /// Takes a scheduled deletion back. Idempotent. Secrets Manager RestoreSecret.
  virtual ResultTask<> restore_secret(SecretName secret, SignBefore sign_before) = 0;
  /// Secrets Manager RemoveRegionsFromReplication: a primary with replicas can't be scheduled for deletion.
  virtual ResultTask<> remove_replicas(SecretName secret, std::vector<Region> regions, SignBefore sign_before) = 0;
};

class SecretsManagerClient final : public SecretsReader, public SecretsWriter {
 public:
  SecretsManagerClient(Caller& caller, Principal principal) : caller_(caller), principal_(std::move(principal)) {}

  ResultTask<SecretDescription> describe_secret(SecretName secret) override;
  ResultTask<std::vector<SecretDescription>> list_secrets(std::string name_prefix) override;
  ResultTask<std::vector<SecretDescription>> list_tagged_secrets(std::string name_prefix,
                                                                 std::string tag_value) override;
  ResultTask<std::optional<std::string>> resource_policy(SecretName secret) override;

  ResultTask<SecretDescription> create_secret(CreateSecret request, SignBefore sign_before) override;
  ResultTask<> put_secret_value(SecretName secret, VersionId token, const WipedString& value, std::string stage,
                                SignBefore sign_before) override;
  ResultTask<> move_stage(SecretName secret, std::string stage, std::optional<VersionId> from,
                          std::optional<VersionId> to, SignBefore sign_before) override;
  ResultTask<> tag_secret(SecretName secret, Tags tags, SignBefore sign_before) override;
  ResultTask<> put_resource_policy(SecretName secret, std::string policy, SignBefore sign_before) override;
  ResultTask<> replicate(SecretName secret, std::vector<Replica> regions, SignBefore sign_before) override;
  ResultTask<> schedule_deletion(SecretName secret, int recovery_days, SignBefore sign_before) override;
  ResultTask<> restore_secret(SecretName secret, SignBefore sign_before) override;
  ResultTask<> remove_replicas(SecretName secret, std::vector<Region> regions, SignBefore sign_before) override;

 private:
  ResultTask<> put_value(Call call, VersionId token);

  Caller& caller_;
  Principal principal_;
};

}  // namespace rekeyer::aws
