// Secrets themselves: made, described, changed, tagged, marked for deletion and restored.
#include <fmt/format.h>

#include "base/try.hpp"
#include "sandbox/services/kms_keys.hpp"
#include "sandbox/services/secret_list.hpp"
#include "sandbox/services/secret_place.hpp"
#include "sandbox/services/secret_replication.hpp"
#include "sandbox/services/secret_rules.hpp"
#include "sandbox/services/secret_shape.hpp"
#include "sandbox/services/secret_versions.hpp"
#include "sandbox/services/service.hpp"
#include "sandbox/wire/reply.hpp"

namespace rekeyer::sandbox {
namespace {

namespace json = boost::json;
using std::chrono::days;

std::string new_arn(const Call& call, const Context& context, std::string_view name) {
  return fmt::format("arn:{}:secretsmanager:{}:{}:secret:{}-{}", context.world.partition, call.region,
                     context.caller.account, name, context.world.ids.mixed(6));
}

/// CreateSecret once more: the same token with the same value is no error.
Output created_again(const SecretPlace& place, const std::optional<std::string>& token,
                     const std::optional<NewValue>& value) {
  const StoredSecret& existing = *place.secret;
  if (existing.deletion) {
    return invalid_secret_request(
        "You can't create this secret because a secret with this name is already scheduled for deletion.");
  }
  const auto version = token && value && !place.replica ? existing.versions.find(*token) : existing.versions.end();
  if (version != existing.versions.end() && version->second.value == value->text &&
      version->second.binary == value->binary) {
    json::object result = named(existing);
    result["VersionId"] = *token;
    return result;
  }
  return refuse("ResourceExistsException",
                fmt::format("The operation failed because the secret {} already exists.", existing.name));
}

/// What would be made, as far as it is no secret yet: everything about it is checked, but nothing stored.
ServiceResult<StoredSecret> drafted(const Call& call, const Context& context, std::string_view name) {
  const auto tags = call.tags();
  TRY_VOID(check_secret_tags(tags));
  TRY_VOID(check_tag_count(tags.size()));
  TRY_VOID(check_description(call));
  StoredSecret secret;
  secret.name = std::string(name);
  secret.arn = Arn(new_arn(call, context, name));
  secret.description = std::string(call.text_or_empty("Description"));
  const std::string_view key = call.text_or_empty("KmsKeyId");
  TRY_VOID(check_encryption_key(context.world, secret.arn.str(), key));
  if (!is_managed_key(key)) secret.kms_key_id = std::string(key);
  secret.tags = Tags(tags.begin(), tags.end());
  secret.created = secret.changed = context.now;
  return secret;
}

Output create_secret(const Call& call, const Context& context) {
  const std::string_view name = call.text_or_empty("Name");
  TRY_VOID(check_secret_name(name));
  TRY(auto token, read_request_token(call));
  TRY(auto value, read_secret_value(call));
  // A replica holds its name as well.
  if (const auto existing = any_secret(name, call, context)) return created_again(*existing, token, value);
  TRY(auto secret, drafted(call, context, name));
  TRY(auto replicas, wanted_replicas(call, context, secret));
  if (!token) token = context.world.ids.uuid();
  if (value) {
    TRY_VOID(store_version(secret, *token, *std::move(value), {std::string(current_label)}, context));
  }
  add_replicas(secret, std::move(replicas), context);
  json::object result = named(secret);
  if (!secret.versions.empty()) result["VersionId"] = *token;
  if (!secret.replicas.empty()) result["ReplicationStatus"] = described_replicas(secret, context.now);
  context.vault(call).secrets.insert_or_assign(secret.name, std::move(secret));
  return result;
}

Output describe_secret(const Call& call, const Context& context) {
  TRY(const SecretPlace place, any_secret(call, context));
  json::object result = described(*place.secret, place.region, "VersionIdsToStages");
  if (!place.secret->replicas.empty())
    result.emplace("ReplicationStatus", described_replicas(*place.secret, context.now));
  return result;
}

Output update_secret(const Call& call, const Context& context) {
  TRY(StoredSecret* const secret, changeable_secret(call, context));
  TRY(auto token, read_request_token(call));
  TRY(auto value, read_secret_value(call));
  TRY_VOID(check_description(call));
  const std::string former_key = secret->kms_key_id;
  if (const auto key = call.text("KmsKeyId")) {
    TRY_VOID(check_encryption_key(context.world, secret->arn.str(), *key));
    secret->kms_key_id = is_managed_key(*key) ? std::string{} : std::string(*key);
  }
  json::object result = named(*secret);
  if (value) {
    if (!token) token = context.world.ids.uuid();
    const auto stored = store_version(*secret, *token, *std::move(value), {std::string(current_label)}, context);
    if (!stored) {
      secret->kms_key_id = former_key;
      return std::unexpected(stored.error());
    }
    result["VersionId"] = (*stored)->id;
  }
  if (const auto description = call.text("Description")) secret->description = std::string(*description);
  secret->changed = context.now;
  return result;
}

Output deletion_answer(json::object answer, Instant when) {
  answer["DeletionDate"] = json_time(when);
  return answer;
}

/// AWS says nothing of a secret that was not there when it is to be deleted by force.
Output deleted_nothing(const Call& call, const Context& context) {
  const std::string_view id = call.text_or_empty("SecretId");
  const std::string arn = id.starts_with("arn:") ? std::string(id) : new_arn(call, context, id);
  return deletion_answer(json::object{{"ARN", arn}, {"Name", id}}, context.now);
}

Output delete_secret(const Call& call, const Context& context) {
  const bool force = call.boolean("ForceDeleteWithoutRecovery").value_or(false);
  const auto window = call.integer("RecoveryWindowInDays");
  if (force && window) {
    return invalid_secret_parameter(
        "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.");
  }
  if (window && (*window < 7 || *window > 30)) {
    return invalid_secret_parameter("RecoveryWindowInDays value must be between 7 and 30 days (inclusive).");
  }
  const auto place = any_secret(call, context);
  if (!place) {
    if (force && place.error().code == "ResourceNotFoundException") return deleted_nothing(call, context);
    return std::unexpected(place.error());
  }
  TRY(StoredSecret* const secret, only_primary(*place));
  if (!secret->replicas.empty()) {
    return invalid_secret_request("You can't delete a secret that still has replica regions.");
  }
  if (secret->deletion && !force) {
    return invalid_secret_request("You tried to perform the operation on a secret that's currently marked deleted.");
  }
  json::object answer = named(*secret);
  if (force) {
    forget(context.world, *secret);
    return deletion_answer(std::move(answer), context.now);
  }
  note_past(*secret, context.behaviour, context.now);
  // DescribeSecret shows when deletion was asked for; only this answer says when it happens.
  secret->deleted_on = context.now;
  secret->deletion = context.now + days(window.value_or(30));
  secret->changed = context.now;
  return deletion_answer(std::move(answer), *secret->deletion);
}

Output restore_secret(const Call& call, const Context& context) {
  TRY(const SecretPlace place, any_secret(call, context));
  TRY(StoredSecret* const secret, only_primary(place));
  note_past(*secret, context.behaviour, context.now);
  secret->deleted_on.reset();
  secret->deletion.reset();
  secret->changed = context.now;
  return named(*secret);
}

Output tag_resource(const Call& call, const Context& context) {
  const auto tags = call.tags();
  TRY_VOID(check_secret_tags(tags));
  TRY(StoredSecret* const secret, changeable_secret(call, context));
  std::size_t count = secret->tags.size();
  for (const auto& [key, value] : tags) count += secret->tags.contains(key) ? 0 : 1;
  TRY_VOID(check_tag_count(count));
  for (const auto& [key, value] : tags) secret->tags.insert_or_assign(key, value);
  secret->changed = context.now;
  return json::object{};
}

Output untag_resource(const Call& call, const Context& context) {
  TRY(StoredSecret* const secret, changeable_secret(call, context));
  for (const auto& key : call.texts("TagKeys")) secret->tags.erase(key);
  secret->changed = context.now;
  return json::object{};
}

}  // namespace

std::span<const Operation> secret_operations() {
  static constexpr Operation table[] = {
      {"CreateSecret", create_secret},
      {"DescribeSecret", describe_secret},
      {"ListSecrets", list_secrets},
      {"UpdateSecret", update_secret},
      {"DeleteSecret", delete_secret},
      {"RestoreSecret", restore_secret},
      {"TagResource", tag_resource},
      {"UntagResource", untag_resource},
      {"ReplicateSecretToRegions", replicate_secret_to_regions},
      {"RemoveRegionsFromReplication", remove_regions_from_replication},
      {"StopReplicationToReplica", stop_replication_to_replica},
  };
  return table;
}

}  // namespace rekeyer::sandbox
