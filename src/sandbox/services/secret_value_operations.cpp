// A secret's values: stored under a token, read by version or label, labels moved.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>

#include "base/try.hpp"
#include "sandbox/access/authorize.hpp"
#include "sandbox/services/kms_keys.hpp"
#include "sandbox/services/secret_list.hpp"
#include "sandbox/services/secret_password.hpp"
#include "sandbox/services/secret_place.hpp"
#include "sandbox/services/secret_rules.hpp"
#include "sandbox/services/secret_shape.hpp"
#include "sandbox/services/secret_versions.hpp"
#include "sandbox/services/service.hpp"
#include "sandbox/wire/reply.hpp"

namespace rekeyer::sandbox {
namespace {

namespace json = boost::json;

Output put_secret_value(const Call& call, const Context& context) {
  TRY(auto token, read_request_token(call));
  TRY(StoredSecret* const secret, changeable_secret(call, context));
  TRY(auto value, read_secret_value(call));
  if (!value) return invalid_secret_request("You must provide either SecretString or SecretBinary.");
  std::vector<std::string> labels = call.texts("VersionStages");
  if (call.list("VersionStages") == nullptr) labels.emplace_back(current_label);
  if (labels.empty()) return unsatisfied("versionStages", "Member must have length greater than or equal to 1");
  if (!token) token = context.world.ids.uuid();
  TRY(const SecretVersion* const version, store_version(*secret, *token, *std::move(value), labels, context));
  json::object result = named(*secret);
  result["VersionId"] = version->id;
  result["VersionStages"] = described_stages(*version);
  return result;
}

/// Which version is to be read: by id, by label, or by both where they agree; AWSCURRENT where nothing is said.
ServiceResult<const SecretVersion*> wanted_version(StoredSecret& secret, std::optional<std::string_view> id,
                                                   std::optional<std::string_view> label) {
  if (!id) {
    const std::string_view wanted = label.value_or(current_label);
    if (const SecretVersion* const found = holder_of(secret, wanted)) return found;
    return refuse("ResourceNotFoundException",
                  fmt::format("Secrets Manager can't find the specified secret value for staging label: {}", wanted));
  }
  const auto found = secret.versions.find(std::string(*id));
  if (found == secret.versions.end()) {
    return refuse("ResourceNotFoundException",
                  fmt::format("Secrets Manager can't find the specified secret value for VersionId: {}", *id));
  }
  if (label && !found->second.stages.contains(std::string(*label))) {
    return invalid_secret_request("You provided a VersionStage that is not associated to the provided VersionId.");
  }
  return &found->second;
}

Output read_value(const SecretPlace& place, const Call& call, const Context& context) {
  StoredSecret& secret = *place.secret;
  TRY(const SecretVersion* const version, wanted_version(secret, call.text("VersionId"), call.text("VersionStage")));
  TRY_VOID(check_decryption_key(context.world, secret.arn.str(), secret.kms_key_id));
  secret.accessed = context.now;
  json::object result = named(place);
  add_value(result, *version);
  return result;
}

Output get_secret_value(const Call& call, const Context& context) {
  TRY(const SecretPlace place, living_secret(call, context));
  return read_value(place, call, context);
}

/// One secret of a batch: its value, or why there is none.
void add_to_batch(std::string_view id, const Call& call, const Context& context, json::array& values,
                  json::array& errors) {
  const auto place = any_secret(id, call, context);
  Output value;
  if (auto refusal = refuse_value(context.world, call, context.caller, id, context.now)) {
    value = std::unexpected(*std::move(refusal));
  } else if (!place) {
    value = std::unexpected(place.error());
  } else if (place->secret->deletion) {
    value = secret_marked_for_deletion();
  } else {
    value = read_value(*place, call, context);
  }
  if (value) {
    values.push_back(*std::move(value));
  } else {
    errors.push_back(
        json::object{{"SecretId", id}, {"ErrorCode", value.error().code}, {"Message", value.error().message}});
  }
}

Output batch_get_secret_value(const Call& call, const Context& context) {
  const auto ids = call.texts("SecretIdList");
  if (ids.empty() == (call.list("Filters") == nullptr)) {
    return invalid_secret_parameter("Either 'SecretIdList' or 'Filters' must be provided, but not both.");
  }
  if (ids.size() > 20) return unsatisfied("secretIdList", "Member must have length less than or equal to 20");
  json::array values;
  json::array errors;
  json::object result;
  if (ids.empty()) {
    TRY(const std::size_t size, read_page_size(call, 20, context.behaviour.secrets_page));
    TRY(const SecretPage page, page_of_secrets(call, context, size));
    for (const ListedSecret& listed : page.secrets) add_to_batch(listed.secret->name, call, context, values, errors);
    if (!page.next.empty()) result["NextToken"] = page.next;
  }
  for (const auto& id : ids) add_to_batch(id, call, context, values, errors);
  result["SecretValues"] = std::move(values);
  result["Errors"] = std::move(errors);
  return result;
}

struct LabelMove {
  std::string label;
  std::string source;
  std::string target;
};

/// AWS wants to be told from where a label is taken, so that nobody moves it unawares.
Checked check_move(StoredSecret& secret, const LabelMove& move) {
  if (move.label.empty() || move.label.size() > 256) {
    return unsatisfied("versionStage", "Member must have length between 1 and 256");
  }
  for (const auto& id : {move.source, move.target}) {
    if (!id.empty() && !secret.versions.contains(id)) {
      return refuse("ResourceNotFoundException",
                    fmt::format("Secrets Manager can't find the specified secret version: {}", id));
    }
  }
  if (move.source.empty() && move.target.empty()) {
    return invalid_secret_parameter("You must provide MoveToVersionId or RemoveFromVersionId.");
  }
  const SecretVersion* const found = holder_of(secret, move.label);
  const std::string holder = found == nullptr ? std::string{} : found->id;
  if (!move.source.empty() && holder != move.source) {
    return invalid_secret_parameter(
        fmt::format("The staging label {} is not attached to version {}.", move.label, move.source));
  }
  if (move.source.empty() && !holder.empty() && holder != move.target) {
    return invalid_secret_parameter(
        fmt::format("The parameter RemoveFromVersionId can't be empty. Staging label {} is currently attached to "
                    "version {}, so you must explicitly reference that version in RemoveFromVersionId.",
                    move.label, holder));
  }
  if (move.label == current_label && move.target.empty()) {
    return invalid_secret_parameter("You can't remove AWSCURRENT without moving it to another version.");
  }
  return {};
}

Output update_secret_version_stage(const Call& call, const Context& context) {
  TRY(StoredSecret* const secret, changeable_secret(call, context));
  const LabelMove move{std::string(call.text_or_empty("VersionStage")),
                       std::string(call.text_or_empty("RemoveFromVersionId")),
                       std::string(call.text_or_empty("MoveToVersionId"))};
  TRY_VOID(check_move(*secret, move));
  if (!move.target.empty()) {
    move_label(*secret, move.label, secret->versions.at(move.target));
  } else {
    secret->versions.at(move.source).stages.erase(move.label);
  }
  secret->changed = context.now;
  return named(*secret);
}

json::object described_version(const StoredSecret& secret, const SecretVersion& version) {
  json::object entry{{"VersionId", version.id}, {"CreatedDate", json_time(version.created)}};
  if (!version.stages.empty()) entry["VersionStages"] = described_stages(version);
  const std::string_view key = secret.kms_key_id.empty() ? "DefaultEncryptionKey" : std::string_view(secret.kms_key_id);
  entry["KmsKeyIds"] = json::array{key};
  return entry;
}

Output list_secret_version_ids(const Call& call, const Context& context) {
  TRY(const SecretPlace place, any_secret(call, context));
  TRY(const std::size_t size, read_page_size(call, 100, context.behaviour.secrets_page));
  const bool deprecated = call.boolean("IncludeDeprecated").value_or(false);
  const auto& versions = place.secret->versions;
  const std::string token(call.text_or_empty("NextToken"));
  auto next = token.empty() ? versions.begin() : versions.upper_bound(token);
  const auto shown = [deprecated](const auto& item) { return deprecated || !item.second.stages.empty(); };
  json::object result = named(place);
  json::array list;
  for (; next != versions.end() && list.size() < size; ++next) {
    if (!shown(*next)) continue;
    list.push_back(described_version(*place.secret, next->second));
    if (list.size() == size && std::any_of(std::next(next), versions.end(), shown)) result["NextToken"] = next->first;
  }
  result["Versions"] = std::move(list);
  return result;
}

}  // namespace

std::span<const Operation> secret_value_operations() {
  static constexpr Operation table[] = {
      {"PutSecretValue", put_secret_value},
      {"GetSecretValue", get_secret_value},
      {"BatchGetSecretValue", batch_get_secret_value},
      {"UpdateSecretVersionStage", update_secret_version_stage},
      {"ListSecretVersionIds", list_secret_version_ids},
      {"GetRandomPassword", get_random_password},
  };
  return table;
}

}  // namespace rekeyer::sandbox
