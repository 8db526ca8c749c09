// KMS as far as secrets need it: keys with policies. Nothing is encrypted; what signs is in kms_signing.cpp.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <ranges>

#include "base/try.hpp"
#include "sandbox/access/policy.hpp"
#include "sandbox/services/kms_keys.hpp"
#include "sandbox/services/service.hpp"
#include "sandbox/wire/reply.hpp"

namespace rekeyer::sandbox {
namespace {

namespace json = boost::json;

std::string default_policy(const Context& context) {
  return fmt::format(
      R"({{"Version":"2012-10-17","Id":"key-default-1","Statement":[{{"Sid":"Enable IAM User Permissions",)"
      R"("Effect":"Allow","Principal":{{"AWS":"arn:{}:iam::{}:root"}},"Action":"kms:*","Resource":"*"}}]}})",
      context.world.partition, context.caller.account);
}

ServiceResult<void> check_key_policy(std::string_view text) {
  if (text.size() > 131'072 || !is_policy_document(text)) {
    return refuse("MalformedPolicyDocumentException", "The policy document is not valid.");
  }
  return {};
}

/// A key's policy belongs to its own account alone.
ServiceResult<KmsKey*> own_key(const Call& call, const Context& context) {
  TRY(KmsKey* const key, wanted_kms_key(call, context));
  const auto& keys = context.vault(call).keys;
  if (const auto own = keys.find(key->id); own == keys.end() || &own->second != key) {
    return refuse("NotFoundException", fmt::format("Key '{}' does not exist", key->arn));
  }
  if (call.text("PolicyName").value_or("default") != "default") {
    return refuse("NotFoundException", "No such policy exists");
  }
  return key;
}

/// The account, between the fourth colon and the fifth of an ARN.
std::string_view account_of(std::string_view arn) {
  for (int colon = 0; colon < 4; ++colon) arn.remove_prefix(std::min(arn.find(':') + 1, arn.size()));
  return arn.substr(0, arn.find(':'));
}

json::object metadata(const KmsKey& key, std::string_view manager = "CUSTOMER") {
  json::object shown{{"AWSAccountId", account_of(key.arn.str())},
                     {"KeyId", key.id},
                     {"Arn", key.arn.str()},
                     {"CreationDate", json_time(key.created)},
                     {"Enabled", key.enabled},
                     {"Description", key.description},
                     {"KeyState", key.enabled ? "Enabled" : "Disabled"},
                     {"Origin", "AWS_KMS"},
                     {"KeyManager", manager},
                     {"CustomerMasterKeySpec", key.spec},
                     {"KeySpec", key.spec},
                     {"MultiRegion", false}};
  const bool signs = key.spec == signing_key_spec;
  shown["KeyUsage"] = signs ? "SIGN_VERIFY" : "ENCRYPT_DECRYPT";
  shown[signs ? "SigningAlgorithms" : "EncryptionAlgorithms"] =
      json::array{signs ? std::string_view("ECDSA_SHA_256") : symmetric_key_spec};
  return {{"KeyMetadata", std::move(shown)}};
}

/// The spec under its name of today or its former one. One kind of key that encrypts and one that signs are here.
ServiceResult<std::string> wanted_spec(const Call& call) {
  std::string spec(call.text("KeySpec").value_or(call.text("CustomerMasterKeySpec").value_or(symmetric_key_spec)));
  const auto usage = call.text("KeyUsage").value_or("ENCRYPT_DECRYPT");
  if (spec != symmetric_key_spec && spec != signing_key_spec) {
    return refuse("UnsupportedOperationException", fmt::format("The sandbox has keys of the specs {} and {} only.",
                                                               symmetric_key_spec, signing_key_spec));
  }
  if (usage != (spec == signing_key_spec ? "SIGN_VERIFY" : "ENCRYPT_DECRYPT")) {
    return refuse("ValidationException", fmt::format("KeyUsage {} is not compatible with KeySpec {}", usage, spec));
  }
  return spec;
}

Output create_key(const Call& call, const Context& context) {
  TRY(std::string spec, wanted_spec(call));
  const std::string policy = call.text("Policy") ? std::string(*call.text("Policy")) : default_policy(context);
  TRY_VOID(check_key_policy(policy));
  KmsKey key;
  key.id = context.world.ids.uuid();
  key.arn =
      Arn(fmt::format("arn:{}:kms:{}:{}:key/{}", context.world.partition, call.region, context.caller.account, key.id));
  key.description = std::string(call.text_or_empty("Description"));
  key.policy = policy;
  key.spec = std::move(spec);
  if (key.spec == signing_key_spec) key.private_key = context.world.ids.signing_key();
  key.created = context.now;
  json::object result = metadata(key);
  const std::string id = key.id;
  context.vault(call).keys.insert_or_assign(id, std::move(key));
  return result;
}

/// AWS's own key is there from the first secret on that is encrypted with it. Nothing of it is kept in the world.
Output describe_managed_key(const Call& call, const Context& context) {
  const auto& secrets = context.vault(call).secrets;
  const bool made =
      std::ranges::any_of(secrets, [](const auto& each) { return is_managed_key(each.second.kms_key_id); });
  const auto place = fmt::format("arn:{}:kms:{}:{}", context.world.partition, call.region, context.caller.account);
  if (!made) return refuse("NotFoundException", fmt::format("Alias {}:alias/aws/secretsmanager is not found.", place));
  KmsKey key;
  key.id = fmt::format("5ec2e750-0000-4000-8000-{}", context.caller.account);
  key.arn = Arn(fmt::format("{}:key/{}", place, key.id));
  key.description = "Default key that protects my Secrets Manager data when no other key is defined";
  key.created = std::ranges::min(secrets | std::views::values | std::views::transform(&StoredSecret::created));
  return metadata(key, "AWS");
}

Output describe_key(const Call& call, const Context& context) {
  const auto id = call.text_or_empty("KeyId");
  if (!id.empty() && is_managed_key(id)) return describe_managed_key(call, context);
  TRY(const KmsKey* const key, wanted_kms_key(call, context));
  return metadata(*key);
}

Output list_keys(const Call& call, const Context& context) {
  const std::int64_t limit = call.integer("Limit").value_or(100);
  if (limit < 1 || limit > 1000) {
    return refuse("ValidationException",
                  "1 validation error detected: Value at 'limit' failed to satisfy constraint: "
                  "Member must be between 1 and 1000");
  }
  const auto& keys = context.vault(call).keys;
  const std::string marker(call.text_or_empty("Marker"));
  auto next = marker.empty() ? keys.begin() : keys.upper_bound(marker);
  json::array list;
  for (; next != keys.end() && list.size() < static_cast<std::size_t>(limit); ++next) {
    list.push_back(json::object{{"KeyId", next->first}, {"KeyArn", next->second.arn.str()}});
  }
  json::object result{{"Truncated", next != keys.end()}};
  if (next != keys.end()) result["NextMarker"] = list.back().at("KeyId");
  result["Keys"] = std::move(list);
  return result;
}

Output list_aliases(const Call&, const Context&) {
  return json::object{{"Aliases", json::array{}}, {"Truncated", false}};
}

Output get_key_policy(const Call& call, const Context& context) {
  TRY(const KmsKey* const key, own_key(call, context));
  return json::object{{"Policy", key->policy}, {"PolicyName", "default"}};
}

Output put_key_policy(const Call& call, const Context& context) {
  TRY(KmsKey* const key, own_key(call, context));
  const std::string_view policy = call.text_or_empty("Policy");
  TRY_VOID(check_key_policy(policy));
  key->policy = std::string(policy);
  return json::object{};
}

Output set_enabled(const Call& call, const Context& context, bool enabled) {
  TRY(KmsKey* const key, own_key(call, context));
  key->enabled = enabled;
  return json::object{};
}

Output enable_key(const Call& call, const Context& context) { return set_enabled(call, context, true); }
Output disable_key(const Call& call, const Context& context) { return set_enabled(call, context, false); }

}  // namespace

std::span<const Operation> kms_operations() {
  static constexpr Operation table[] = {
      {"CreateKey", create_key},        {"DescribeKey", describe_key},    {"DisableKey", disable_key},
      {"EnableKey", enable_key},        {"ListKeys", list_keys},          {"ListAliases", list_aliases},
      {"GetKeyPolicy", get_key_policy}, {"PutKeyPolicy", put_key_policy},
  };
  return table;
}

}  // namespace rekeyer::sandbox
