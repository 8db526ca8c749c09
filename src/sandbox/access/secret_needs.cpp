// Secrets Manager: the secret itself, and what comes along with it: tags, replicas, the customer's key. And KMS.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include "sandbox/access/needs.hpp"

namespace rekeyer::sandbox {
namespace {

const std::string* key_policy(const World& world, std::string_view key_arn) {
  constexpr std::string_view kind = "key/";
  const auto* account = world.find_account(AccountId(std::string(arn_part(key_arn, 4))));
  auto id = arn_part(key_arn, 5);
  if (account == nullptr || !id.starts_with(kind)) return nullptr;
  id.remove_prefix(kind.size());
  const auto vault = account->vaults.find(Region(std::string(arn_part(key_arn, 3))));
  if (vault == account->vaults.end()) return nullptr;
  const auto key = vault->second.keys.find(std::string(id));
  return key == vault->second.keys.end() ? nullptr : &key->second.policy;
}

struct KeyPlace {
  std::string_view region;
  std::string_view account;
};

std::string key_arn(const World& world, const KeyPlace& place, std::string_view key_id) {
  if (key_id.starts_with("arn:")) return std::string(key_id);
  const std::string_view kind = key_id.starts_with("alias/") ? "" : "key/";
  return fmt::format("arn:{}:kms:{}:{}:{}{}", world.partition, place.region, place.account, kind, key_id);
}

Need key_need(const World& world, std::string_view action, std::string arn, std::string_view via_service) {
  Need need{std::string(action), std::move(arn), ResourceRule::key};
  need.resource_policy = key_policy(world, need.resource);
  need.via_service = via_service;
  return need;
}

std::string secrets_in(std::string_view region) { return fmt::format("secretsmanager.{}.amazonaws.com", region); }

bool brings_value(const Call& call) {
  return call.input.contains("SecretString") || call.input.contains("SecretBinary");
}

/// Writing a value encrypts it with a data key, which is had from the customer's key and read back.
void add_encryption(std::vector<Need>& needs, const World& world, const Call& call, const KeyPlace& place,
                    std::string_view key_id) {
  if (!is_customer_key(key_id) || !brings_value(call)) return;
  const auto arn = key_arn(world, place, key_id);
  for (const std::string_view action : {"kms:GenerateDataKey", "kms:Decrypt"}) {
    needs.push_back(key_need(world, action, arn, secrets_in(place.region)));
  }
}

/// Each replica is encrypted anew, with the key that its region names.
void add_replica_keys(std::vector<Need>& needs, const World& world, const Call& call, std::string_view account) {
  const auto* replicas = call.list("AddReplicaRegions");
  if (replicas == nullptr) return;
  for (const auto& each : *replicas) {
    const auto* replica = each.if_object();
    const auto* region = replica == nullptr ? nullptr : replica->if_contains("Region");
    const auto* key = replica == nullptr ? nullptr : replica->if_contains("KmsKeyId");
    if (region == nullptr || key == nullptr || !region->is_string() || !key->is_string()) continue;
    const std::string_view there = region->get_string();
    const std::string_view key_id = key->get_string();
    if (!is_customer_key(key_id)) continue;
    const auto arn = key_arn(world, {there, account}, key_id);
    for (const std::string_view action : {"kms:GenerateDataKey", "kms:Encrypt"}) {
      needs.push_back(key_need(world, action, arn, secrets_in(there)));
    }
  }
}

std::string with_region(const std::string& arn, std::string_view region) {
  const auto old = arn_part(arn, 3);
  if (old == region || old.empty()) return arn;
  std::string out = arn;
  out.replace(static_cast<std::size_t>(old.data() - arn.data()), old.size(), region);
  return out;
}

const StoredSecret* replicated(const StoredSecret* secret, const Region& region, Instant now) {
  if (secret == nullptr) return nullptr;
  const auto found = std::ranges::find(secret->replicas, region, &SecretReplica::region);
  const bool there = found != secret->replicas.end() && found->status != "Failed" && found->ready <= now;
  return there ? secret : nullptr;
}

/// The key that the value is encrypted with in that region: each replica has its own.
std::string_view key_in(const StoredSecret& secret, std::string_view region) {
  const auto found = std::ranges::find(
      secret.replicas, region, [](const SecretReplica& replica) -> const std::string& { return replica.region.str(); });
  return found == secret.replicas.end() ? secret.kms_key_id : found->kms_key_id;
}

/// What is enforced, which may not be what is shown yet.
void add_policy(Need& need, const StoredSecret& secret, Instant now) {
  const auto former =
      std::ranges::find_if(secret.former_policies, [&](const FormerPolicy& policy) { return policy.until > now; });
  const bool late = former != secret.former_policies.end();
  const auto& policy = late ? former->policy : secret.policy;
  need.resource_policy = policy ? &*policy : nullptr;
  need.principals = late ? &former->principals : &secret.policy_principals;
}

Need secret_need(const World& world, const Call& call, const Principal& principal, const SeenSecret& seen,
                 std::string_view id, Instant now) {
  Need need{std::string("secretsmanager:").append(call.operation), seen.arn};
  if (seen.secret != nullptr) {
    add_policy(need, *seen.secret, now);
    need.resource_tags = &seen.secret->tags;
  } else {
    // Rights are looked at first, whether or not it is there: on the ARN that the name gives, and of what is to be made
    // on the one that it will have.
    const std::string_view end = call.operation == "CreateSecret" ? "-Ab1Cd2" : "";
    need.resource = id.starts_with("arn:") ? std::string(id)
                                           : fmt::format("arn:{}:secretsmanager:{}:{}:secret:{}{}", world.partition,
                                                         call.region, principal.account, id, end);
  }
  return need;
}

}  // namespace

bool is_customer_key(std::string_view kms_key_id) { return !kms_key_id.empty() && !kms_key_id.contains("alias/aws/"); }

Need parameter_key_need(const World& world, const Call& call, const AccountId& account, std::string_view key_id,
                        std::string_view action) {
  return key_need(world, action, key_arn(world, {call.region.str(), account.str()}, key_id),
                  fmt::format("ssm.{}.amazonaws.com", call.region));
}

SeenSecret find_seen_secret(World& world, const AccountId& account, const Region& region, std::string_view name_or_arn,
                            Instant now) {
  if (const auto* secret = world.find_secret(account, region, name_or_arn)) return {secret, secret->arn.str()};
  const bool by_arn = name_or_arn.starts_with("arn:");
  const AccountId owner = by_arn ? AccountId(std::string(arn_part(name_or_arn, 4))) : account;
  const Region seen_from = by_arn ? Region(std::string(arn_part(name_or_arn, 3))) : region;
  const auto* home = world.find_account(owner);
  if (home == nullptr) return {};
  for (const auto& [primary, vault] : home->vaults) {
    const auto there = by_arn ? with_region(std::string(name_or_arn), primary.str()) : std::string(name_or_arn);
    if (const auto* secret = replicated(world.find_secret(owner, primary, there), seen_from, now)) {
      return {secret, with_region(secret->arn.str(), seen_from.str())};
    }
  }
  return {};
}

std::vector<Need> value_needs(World& world, const Call& call, const Principal& principal, std::string_view secret_id,
                              Instant now) {
  const auto seen = find_seen_secret(world, principal.account, call.region, secret_id, now);
  std::vector<Need> needs{secret_need(world, call, principal, seen, secret_id, now)};
  needs.front().action = "secretsmanager:GetSecretValue";
  const KeyPlace place{arn_part(seen.arn, 3), arn_part(seen.arn, 4)};
  const auto key = seen.secret == nullptr ? std::string_view{} : key_in(*seen.secret, place.region);
  if (!is_customer_key(key)) return needs;
  needs.push_back(key_need(world, "kms:Decrypt", key_arn(world, place, key), secrets_in(place.region)));
  return needs;
}

std::vector<Need> secret_needs(World& world, const Call& call, const Principal& principal, Instant now) {
  const auto id = call.text("SecretId").value_or(call.text_or_empty("Name"));
  if (id.empty()) return {{std::string("secretsmanager:").append(call.operation), "*"}};
  const bool creates = call.operation == "CreateSecret";
  // What is to be created has neither policy nor tags yet, whatever may be there under its name.
  const auto seen = creates ? SeenSecret{} : find_seen_secret(world, principal.account, call.region, id, now);
  const Need need = secret_need(world, call, principal, seen, id, now);
  std::vector<Need> needs{need};
  const auto also = [&](std::string_view other) {
    needs.push_back(need);
    needs.back().action = other;
  };
  const auto owner = arn_part(needs.front().resource, 4);
  const KeyPlace place{arn_part(needs.front().resource, 3), owner};
  const auto* tags = call.list("Tags");
  const auto* replicas = call.list("AddReplicaRegions");
  if (creates && tags != nullptr && !tags->empty()) also("secretsmanager:TagResource");
  if (creates && replicas != nullptr && !replicas->empty()) also("secretsmanager:ReplicateSecretToRegions");
  if (creates || call.operation == "PutSecretValue" || call.operation == "UpdateSecret") {
    const auto named = creates || call.input.contains("KmsKeyId") ? call.text_or_empty("KmsKeyId") : std::string_view{};
    const bool stored = named.empty() && !creates && seen.secret != nullptr;
    add_encryption(needs, world, call, place, stored ? std::string_view(seen.secret->kms_key_id) : named);
  }
  add_replica_keys(needs, world, call, owner);
  return needs;
}

std::vector<Need> kms_needs(World& world, const Call& call, const Principal& principal) {
  Need need{std::string("kms:").append(call.operation), "*"};
  if (const auto key = call.text_or_empty("KeyId"); !key.empty()) {
    need.resource = key_arn(world, {call.region.str(), principal.account.str()}, key);
    need.rule = ResourceRule::key;
    need.resource_policy = key_policy(world, need.resource);
  }
  return {need};
}

}  // namespace rekeyer::sandbox
