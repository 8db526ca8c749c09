// Secrets Manager over AWS JSON 1.1. Every changing call that can carry a ClientRequestToken does: the service makes
// none up.
#include "aws/services/secrets_manager.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "aws/services/exchange.hpp"
#include "aws/services/page.hpp"
#include "aws/services/secret_values.hpp"
#include "base/stable_hash.hpp"
#include "base/text.hpp"
#include "base/try.hpp"

namespace rekeyer::aws {
namespace {

constexpr int secrets_page_size = 100;

JsonWriter about_secret(const SecretName& secret) {
  JsonWriter body;
  body.begin_object().member("SecretId", secret.str());
  return body;
}

Call secret_command(std::string operation, JsonWriter body, SignBefore sign_before) {
  body.end();
  return json_call(services::secrets_manager, std::move(operation), std::move(body), Idempotent::yes, sign_before);
}

void write_tags(JsonWriter& body, const Tags& tags) {
  body.begin_array("Tags");
  for (const auto& [key, value] : tags) body.begin_object().member("Key", key).member("Value", value).end();
  body.end();
}

/// What a name filter may hold; the rest of the prefix is compared here.
std::string filter_value(std::string_view prefix) {
  constexpr std::string_view others = " :_@/+=.-";
  std::string value;
  for (const char c : prefix) {
    if (!is_alnum(c) && others.find(c) == std::string_view::npos) break;
    value += c;
  }
  return value;
}

/// Which secrets are asked for.
struct SecretQuery {
  std::string name_prefix;
  std::string tag_value;  ///< empty: of any tags
};

void write_filter(JsonWriter& body, std::string_view key, const std::string& value) {
  if (value.empty()) return;
  body.begin_object().member("Key", key);
  body.begin_array("Values").value(value).end();
  body.end();
}

JsonWriter list_body(const SecretQuery& query, const std::optional<std::string>& next) {
  JsonWriter body;
  body.begin_object().member("MaxResults", secrets_page_size).member("IncludePlannedDeletion", true);
  if (const auto prefix = filter_value(query.name_prefix); !prefix.empty() || !query.tag_value.empty()) {
    body.begin_array("Filters");
    write_filter(body, "name", prefix);
    write_filter(body, "tag-value", query.tag_value);
    body.end();
  }
  if (next) body.member("NextToken", *next);
  body.end();
  return body;
}

/// A secret without a value has no version that the token could name, but the service wants one all the same. The same
/// name gives the same token, so that sending the request once more changes nothing.
std::string creation_token(const SecretName& secret) {
  return fmt::format("rekeyer-create-{:016x}-without-value", stable_hash(secret.str()));
}

Result<SecretDescription> read_created(const JsonValue& json, const CreateSecret& request) {
  SecretDescription secret;
  TRY(auto arn, required_text(json, "ARN"));
  TRY(auto name, required_text(json, "Name"));
  secret.arn = Arn(std::move(arn));
  secret.name = SecretName(std::move(name));
  secret.kms_key_id = request.kms_key_id;
  secret.tags = request.tags;
  return secret;
}

bool has_tag_value(const SecretDescription& secret, const std::string& value) {
  return std::ranges::any_of(secret.tags, [&](const auto& tag) { return tag.second == value; });
}

ResultTask<std::vector<SecretDescription>> listed_secrets(Caller& caller, Principal principal, SecretQuery query) {
  auto fetch = [&caller, principal = std::move(principal), query](const std::optional<std::string>& next) {
    auto read = [prefix = query.name_prefix](const JsonValue& json) { return read_secret_page(json, prefix); };
    return json_exchange<Page<SecretDescription>>(
        caller, principal, json_call(services::secrets_manager, "ListSecrets", list_body(query, next)),
        std::move(read));
  };
  auto list = co_await all_pages<SecretDescription>("secretsmanager:ListSecrets", std::move(fetch));
  // The filter takes a value for its beginning.
  if (list && !query.tag_value.empty()) {
    std::erase_if(*list, [&](const auto& secret) { return !has_tag_value(secret, query.tag_value); });
  }
  co_return list;
}

}  // namespace

ResultTask<SecretDescription> SecretsManagerClient::describe_secret(SecretName secret) {
  JsonWriter body = about_secret(secret);
  body.end();
  return json_exchange<SecretDescription>(caller_, principal_,
                                          json_call(services::secrets_manager, "DescribeSecret", std::move(body)),
                                          read_described_secret);
}

ResultTask<std::vector<SecretDescription>> SecretsManagerClient::list_secrets(std::string name_prefix) {
  return listed_secrets(caller_, principal_, {std::move(name_prefix), {}});
}

ResultTask<std::vector<SecretDescription>> SecretsManagerClient::list_tagged_secrets(std::string name_prefix,
                                                                                     std::string tag_value) {
  return listed_secrets(caller_, principal_, {std::move(name_prefix), std::move(tag_value)});
}

ResultTask<std::optional<std::string>> SecretsManagerClient::resource_policy(SecretName secret) {
  JsonWriter body = about_secret(secret);
  body.end();
  auto read = [](const JsonValue& json) -> Result<std::optional<std::string>> {
    TRY_VOID(required_text(json, "ARN"));
    TRY(const auto policy, json.optional_string("ResourcePolicy"));
    if (!policy || policy->empty()) return std::nullopt;
    return std::string(*policy);
  };
  return json_exchange<std::optional<std::string>>(
      caller_, principal_, json_call(services::secrets_manager, "GetResourcePolicy", std::move(body)), std::move(read));
}

ResultTask<SecretDescription> SecretsManagerClient::create_secret(CreateSecret request, SignBefore sign_before) {
  JsonWriter body;
  body.begin_object().member("Name", request.name.str()).member("ClientRequestToken", creation_token(request.name));
  if (!request.description.empty()) body.member("Description", request.description);
  if (!request.kms_key_id.empty()) body.member("KmsKeyId", request.kms_key_id);
  if (!request.tags.empty()) write_tags(body, request.tags);
  auto read = [request = std::move(request)](const JsonValue& json) { return read_created(json, request); };
  return json_exchange<SecretDescription>(
      caller_, principal_, secret_command("CreateSecret", std::move(body), sign_before), std::move(read));
}

ResultTask<> SecretsManagerClient::put_secret_value(SecretName secret, VersionId token, const WipedString& value,
                                                    std::string stage, SignBefore sign_before) {
  // No coroutine, because `value` is a reference: everything is copied before the first wait.
  JsonWriter body = about_secret(secret);
  body.member("ClientRequestToken", token.str()).member("SecretString", std::string_view(value));
  body.begin_array("VersionStages").value(stage).end();
  Call call = secret_command("PutSecretValue", std::move(body), sign_before);
  call.secret_text = value;
  return put_value(std::move(call), std::move(token));
}

ResultTask<> SecretsManagerClient::put_value(Call call, VersionId token) {
  auto read = [token](const JsonValue& json) -> Result<bool> {
    TRY(const auto version, required_text(json, "VersionId"));
    if (version == token.str()) return true;
    return fail(ErrorKind::bad_reply, "the value was stored under another version than the one asked for");
  };
  const auto stored = co_await json_exchange<bool>(caller_, principal_, std::move(call), std::move(read));
  if (!stored) co_return fail(stored.error());
  co_return Result<>{};
}

ResultTask<> SecretsManagerClient::move_stage(SecretName secret, std::string stage, std::optional<VersionId> from,
                                              std::optional<VersionId> to, SignBefore sign_before) {
  JsonWriter body = about_secret(secret);
  body.member("VersionStage", stage);
  if (from) body.member("RemoveFromVersionId", from->str());
  if (to) body.member("MoveToVersionId", to->str());
  return json_command(caller_, principal_, secret_command("UpdateSecretVersionStage", std::move(body), sign_before));
}

ResultTask<> SecretsManagerClient::tag_secret(SecretName secret, Tags tags, SignBefore sign_before) {
  JsonWriter body = about_secret(secret);
  write_tags(body, tags);
  return json_command(caller_, principal_, secret_command("TagResource", std::move(body), sign_before));
}

ResultTask<> SecretsManagerClient::put_resource_policy(SecretName secret, std::string policy, SignBefore sign_before) {
  JsonWriter body = about_secret(secret);
  body.member("ResourcePolicy", policy).member("BlockPublicPolicy", true);
  return json_command(caller_, principal_, secret_command("PutResourcePolicy", std::move(body), sign_before));
}

ResultTask<> SecretsManagerClient::replicate(SecretName secret, std::vector<Replica> regions, SignBefore sign_before) {
  JsonWriter body = about_secret(secret);
  body.begin_array("AddReplicaRegions");
  for (const Replica& replica : regions) {
    body.begin_object().member("Region", replica.region.str());
    if (!replica.kms_key_id.empty()) body.member("KmsKeyId", replica.kms_key_id);
    body.end();
  }
  body.end();
  return json_command(caller_, principal_, secret_command("ReplicateSecretToRegions", std::move(body), sign_before));
}

ResultTask<> SecretsManagerClient::schedule_deletion(SecretName secret, int recovery_days, SignBefore sign_before) {
  JsonWriter body = about_secret(secret);
  body.member("RecoveryWindowInDays", recovery_days);
  const auto done =
      co_await json_command(caller_, principal_, secret_command("DeleteSecret", std::move(body), sign_before));
  // Scheduled already, by us or by somebody else.
  if (!done && done.error().kind == ErrorKind::marked_for_deletion) co_return Result<>{};
  co_return done;
}

ResultTask<> SecretsManagerClient::restore_secret(SecretName secret, SignBefore sign_before) {
  return json_command(caller_, principal_, secret_command("RestoreSecret", about_secret(secret), sign_before));
}

ResultTask<> SecretsManagerClient::remove_replicas(SecretName secret, std::vector<Region> regions,
                                                   SignBefore sign_before) {
  JsonWriter body = about_secret(secret);
  body.begin_array("RemoveReplicaRegions");
  for (const Region& region : regions) body.value(region.str());
  body.end();
  return json_command(caller_, principal_,
                      secret_command("RemoveRegionsFromReplication", std::move(body), sign_before));
}

}  // namespace rekeyer::aws
