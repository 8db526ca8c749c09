// EventBridge, Systems Manager, S3 and Account Management: the bus, the parameter, the object, the account.
#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include "sandbox/access/needs.hpp"
#include "sandbox/wire/member_text.hpp"

namespace rekeyer::sandbox {
namespace {

std::string bus_arn(const World& world, const Call& call, const Principal& principal, std::string_view name) {
  if (name.starts_with("arn:")) return std::string(name);
  return fmt::format("arn:{}:events:{}:{}:event-bus/{}", world.partition, call.region, principal.account,
                     name.empty() ? "default" : name);
}

/// The slash that a name may begin with is the one after "parameter".
std::string parameter_arn(const World& world, const Call& call, const Principal& principal, std::string_view name) {
  if (name.starts_with("arn:")) return std::string(name);
  return fmt::format("arn:{}:ssm:{}:{}:parameter{}{}", world.partition, call.region, principal.account,
                     name.starts_with('/') ? "" : "/", name);
}

/// A version or label that follows the name is no part of the resource.
std::string_view without_selector(std::string_view name) {
  return name.starts_with("arn:") ? name : name.substr(0, name.find(':'));
}

const Parameter* find_parameter(const World& world, const Call& call, const Principal& principal,
                                std::string_view name) {
  const auto* account = world.find_account(principal.account);
  if (account == nullptr) return nullptr;
  const auto vault = account->vaults.find(call.region);
  if (vault == account->vaults.end()) return nullptr;
  const auto found = vault->second.parameters.find(std::string(name));
  return found == vault->second.parameters.end() ? nullptr : &found->second;
}

const Bucket* find_bucket(const World& world, std::string_view name) {
  for (const auto& [id, account] : world.accounts) {
    const auto found = account.buckets.find(std::string(name));
    if (found != account.buckets.end()) return &found->second;
  }
  return nullptr;
}

/// Permissions of S3 are not named as its operations are.
std::string object_action(std::string_view operation) {
  constexpr std::pair<std::string_view, std::string_view> actions[] = {
      {"ListBuckets", "ListAllMyBuckets"},
      {"ListObjectsV2", "ListBucket"},
      {"HeadBucket", "ListBucket"},
      {"HeadObject", "GetObject"},
  };
  for (const auto& [name, action] : actions) {
    if (name == operation) return fmt::format("s3:{}", action);
  }
  return fmt::format("s3:{}", operation);
}

}  // namespace

std::vector<Need> event_needs(World& world, const Call& call, const Principal& principal) {
  const auto action = fmt::format("events:{}", call.operation);
  if (call.operation != "PutEvents") {
    const bool lists = call.operation.starts_with("List");
    return {{action, lists ? "*" : bus_arn(world, call, principal, call.text_or_empty("Name"))}};
  }
  std::vector<Need> needs;
  const auto* entries = call.list("Entries");
  for (const auto& entry : entries == nullptr ? boost::json::array() : *entries) {
    const auto* event = entry.if_object();
    auto bus = bus_arn(world, call, principal, event == nullptr ? "" : member_text(*event, "EventBusName"));
    if (needs.empty() || needs.back().resource != bus) needs.push_back({action, std::move(bus)});
  }
  if (needs.empty()) needs.push_back({action, "*"});
  return needs;
}

std::vector<Need> parameter_needs(World& world, const Call& call, const Principal& principal) {
  const auto action = fmt::format("ssm:{}", call.operation);
  auto names = call.texts("Names");
  if (const auto name = call.text("Name")) names.emplace_back(*name);
  if (names.empty()) return {{action, "*"}};
  const bool puts = call.operation == "PutParameter";
  std::vector<Need> needs;
  for (const std::string& given : names) {
    const auto name = without_selector(given);
    needs.push_back({action, parameter_arn(world, call, principal, name)});
    const auto* stored = find_parameter(world, call, principal, name);
    std::string_view key = call.text_or_empty("KeyId");
    if (!puts) key = stored == nullptr ? "" : std::string_view(stored->kms_key_id);
    const bool uses_key = puts || call.boolean("WithDecryption").value_or(false);
    if (!uses_key || !is_customer_key(key)) continue;
    needs.push_back(parameter_key_need(world, call, principal.account, key, puts ? "kms:Encrypt" : "kms:Decrypt"));
  }
  return needs;
}

/// Whether an object is missing is told only to those who may list the bucket.
std::vector<Need> object_needs(World& world, const Call& call) {
  auto action = object_action(call.operation);
  const auto name = call.text_or_empty("Bucket");
  if (name.empty()) return {{std::move(action), "*"}};
  const auto bucket_arn = fmt::format("arn:{}:s3:::{}", world.partition, name);
  const auto key = call.text("Key");
  if (!key) return {{std::move(action), bucket_arn}};
  std::vector<Need> needs{{std::move(action), fmt::format("{}/{}", bucket_arn, *key)}};
  const bool reads = call.operation == "GetObject" || call.operation == "HeadObject";
  const auto* bucket = find_bucket(world, name);
  if (reads && bucket != nullptr && !bucket->objects.contains(std::string(*key))) {
    needs.push_back({"s3:ListBucket", bucket_arn});
  }
  return needs;
}

std::vector<Need> contact_needs(World& world, const Call& call, const Principal& principal) {
  auto action = fmt::format("account:{}", call.operation);
  const auto other = call.text_or_empty("AccountId");
  if (other.empty()) {
    return {{std::move(action), fmt::format("arn:{}:account::{}:account", world.partition, principal.account)}};
  }
  // The ARN is the management account's; whether the caller may ask about others is for the service to say.
  return {{std::move(action), fmt::format("arn:{}:account::{}:account/{}/{}", world.partition, principal.account,
                                          world.organization.id, other)}};
}

}  // namespace rekeyer::sandbox
