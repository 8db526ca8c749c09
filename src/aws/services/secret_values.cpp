// Reading Secrets Manager's objects.
#include "aws/services/secret_values.hpp"

#include "aws/services/exchange.hpp"
#include "base/try.hpp"

namespace rekeyer::aws {
namespace {

Result<Tags> read_tags(const JsonValue& json) {
  Tags tags;
  TRY(const auto list, json.optional_array("Tags"));
  for (const JsonValue& item : list) {
    TRY(auto key, required_text(item, "Key"));
    TRY(const auto value, item.string("Value"));
    tags.insert_or_assign(std::move(key), std::string(value));
  }
  return tags;
}

/// `member` is VersionIdsToStages (DescribeSecret) or SecretVersionsToStages (ListSecrets).
Result<std::map<VersionId, std::set<std::string>>> read_versions(const JsonValue& json, std::string_view member) {
  std::map<VersionId, std::set<std::string>> versions;
  TRY(const auto object, json.optional_object(member));
  if (!object) return versions;
  for (const auto& [id, labels] : object->members()) {
    TRY(const auto list, labels.as_array());
    auto& stages = versions[VersionId(std::string(id))];
    for (const JsonValue& label : list) {
      TRY(const auto text, label.as_string());
      stages.emplace(text);
    }
  }
  return versions;
}

Result<std::vector<ReplicaStatus>> read_replicas(const JsonValue& json) {
  std::vector<ReplicaStatus> replicas;
  TRY(const auto list, json.optional_array("ReplicationStatus"));
  for (const JsonValue& item : list) {
    ReplicaStatus replica;
    TRY(auto region, required_text(item, "Region"));
    replica.region = Region(std::move(region));
    TRY(replica.status, text_or_empty(item, "Status"));
    TRY(replica.message, text_or_empty(item, "StatusMessage"));
    replicas.push_back(std::move(replica));
  }
  return replicas;
}

Result<SecretDescription> read_description(const JsonValue& json, std::string_view versions_member) {
  SecretDescription secret;
  TRY(auto arn, required_text(json, "ARN"));
  secret.arn = Arn(std::move(arn));
  TRY(auto name, required_text(json, "Name"));
  secret.name = SecretName(std::move(name));
  TRY(secret.kms_key_id, text_or_empty(json, "KmsKeyId"));
  TRY(secret.tags, read_tags(json));
  TRY(secret.versions, read_versions(json, versions_member));
  TRY(secret.created, json.optional_time("CreatedDate"));
  TRY(secret.changed, json.optional_time("LastChangedDate"));
  TRY(secret.deleted, json.optional_time("DeletedDate"));
  TRY(secret.replicas, read_replicas(json));
  TRY(const auto rotated, json.optional_boolean("RotationEnabled"));
  secret.rotated_by_lambda = rotated.value_or(false);
  TRY(secret.owning_service, text_or_empty(json, "OwningService"));
  TRY(auto primary, text_or_empty(json, "PrimaryRegion"));
  secret.primary_region = Region(std::move(primary));
  // Younger than the models at hand: the names are known from AWS's guide, what stands in them is not.
  for (const auto& [member, value] : json.members()) {
    if (member.starts_with("CrossAccount")) secret.cross_account.emplace_back(member);
  }
  return secret;
}

}  // namespace

Result<SecretDescription> read_described_secret(const JsonValue& result) {
  return read_description(result, "VersionIdsToStages");
}

Result<Page<SecretDescription>> read_secret_page(const JsonValue& result, std::string_view prefix) {
  Page<SecretDescription> page;
  TRY(const auto list, result.array("SecretList"));
  for (const JsonValue& item : list) {
    TRY(auto secret, read_description(item, "SecretVersionsToStages"));
    if (secret.name.str().starts_with(prefix)) page.items.push_back(std::move(secret));
  }
  TRY(const auto next, result.optional_string("NextToken"));
  if (next && !next->empty()) page.next = std::string(*next);
  return page;
}

}  // namespace rekeyer::aws
