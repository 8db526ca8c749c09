// Replicas of a secret in other regions.
#include "sandbox/services/secret_replication.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>

#include "base/text.hpp"
#include "base/try.hpp"
#include "sandbox/services/kms_keys.hpp"
#include "sandbox/services/secret_place.hpp"
#include "sandbox/services/secret_rules.hpp"
#include "sandbox/services/secret_shape.hpp"
#include "sandbox/wire/member_text.hpp"

namespace rekeyer::sandbox {
namespace {

namespace json = boost::json;

/// Words of a–z, each with a hyphen after it, and a number: "us-east-1".
bool is_region(std::string_view text) {
  const std::size_t hyphen = text.rfind('-');
  if (hyphen == std::string_view::npos || hyphen == 0 || hyphen + 1 == text.size()) return false;
  if (!std::ranges::all_of(text.substr(hyphen + 1), is_digit)) return false;
  return std::ranges::all_of(text.substr(0, hyphen), [](char c) { return is_lower(c) || c == '-'; });
}

bool holds_name(Account* owner, const Region& region, const StoredSecret& secret, Instant now) {
  if (owner == nullptr) return false;
  const auto vault = owner->vaults.find(region);
  if (vault == owner->vaults.end()) return false;
  const auto found = vault->second.secrets.find(secret.name);
  return found != vault->second.secrets.end() && !is_gone(found->second, now);
}

Account* replica_owner(const StoredSecret& secret, const Context& context) {
  return context.world.find_account(AccountId(std::string(account_in(secret.arn.str()))));
}

/// How the replication to that region ends.
SecretReplica replicated(const StoredSecret& secret, const json::object& wanted, bool overwrite,
                         const Context& context) {
  SecretReplica replica{
      Region(std::string(member_text(wanted, "Region"))), std::string(member_text(wanted, "KmsKeyId")), "InSync", {}};
  if (is_managed_key(replica.kms_key_id)) replica.kms_key_id.clear();
  const std::string arn = arn_seen_in(secret, replica.region);
  replica.ready = context.now + context.behaviour.replication_time;
  const auto& failing = context.behaviour.failing_replica_regions;
  if (std::ranges::find(failing, replica.region.str()) != failing.end()) {
    replica.status = "Failed";
    replica.status_message = "Replication failed: An internal error occurred.";
  } else if (!overwrite && holds_name(replica_owner(secret, context), replica.region, secret, context.now)) {
    replica.status = "Failed";
    replica.status_message =
        fmt::format("Replication failed: a secret named {} already exists in this region.", secret.name);
  } else if (!check_encryption_key(context.world, arn, replica.kms_key_id)) {
    replica.status = "Failed";
    replica.status_message = "Replication failed: The KMS key can't be used.";
  }
  return replica;
}

}  // namespace

ServiceResult<std::vector<SecretReplica>> wanted_replicas(const Call& call, const Context& context,
                                                          const StoredSecret& secret) {
  std::vector<SecretReplica> result;
  const json::array* const list = call.list("AddReplicaRegions");
  if (list == nullptr) return result;
  if (list->empty()) return unsatisfied("addReplicaRegions", "Member must have length greater than or equal to 1");
  const bool overwrite = call.boolean("ForceOverwriteReplicaSecret").value_or(false);
  for (const json::value& item : *list) {
    const json::object* const wanted = item.if_object();
    const std::string_view region = wanted == nullptr ? std::string_view{} : member_text(*wanted, "Region");
    if (!is_region(region) || region == region_in(secret.arn.str())) {
      return invalid_secret_parameter("Invalid replica region.");
    }
    const auto same = [region](const SecretReplica& replica) { return replica.region.str() == region; };
    if (std::ranges::any_of(secret.replicas, same) || std::ranges::any_of(result, same)) {
      return invalid_secret_parameter(fmt::format("Secret is already replicated to {}.", region));
    }
    result.push_back(replicated(secret, *wanted, overwrite, context));
  }
  return result;
}

void add_replicas(StoredSecret& secret, std::vector<SecretReplica> replicas, const Context& context) {
  Account* const owner = replica_owner(secret, context);
  for (SecretReplica& replica : replicas) {
    if (owner != nullptr && replica.status != "Failed") owner->vaults[replica.region].secrets.erase(secret.name);
    secret.replicas.push_back(std::move(replica));
  }
}

Output replicate_secret_to_regions(const Call& call, const Context& context) {
  TRY(StoredSecret* const secret, changeable_secret(call, context));
  if (call.list("AddReplicaRegions") == nullptr) return unsatisfied("addReplicaRegions", "Member must not be null");
  TRY(auto replicas, wanted_replicas(call, context, *secret));
  add_replicas(*secret, std::move(replicas), context);
  secret->changed = context.now;
  return json::object{{"ARN", secret->arn.str()}, {"ReplicationStatus", described_replicas(*secret, context.now)}};
}

Output remove_regions_from_replication(const Call& call, const Context& context) {
  TRY(StoredSecret* const secret, changeable_secret(call, context));
  const auto regions = call.texts("RemoveReplicaRegions");
  if (regions.empty()) return unsatisfied("removeReplicaRegions", "Member must have length greater than or equal to 1");
  const auto is_removed = [&regions](const SecretReplica& replica) {
    return std::ranges::find(regions, replica.region.str()) != regions.end();
  };
  for (const auto& region : regions) {
    const auto same = [&region](const SecretReplica& replica) { return replica.region.str() == region; };
    if (std::ranges::none_of(secret->replicas, same)) {
      return invalid_secret_parameter(fmt::format("Secret is not replicated to {}.", region));
    }
  }
  std::erase_if(secret->replicas, is_removed);
  secret->changed = context.now;
  return json::object{{"ARN", secret->arn.str()}, {"ReplicationStatus", described_replicas(*secret, context.now)}};
}

Output stop_replication_to_replica(const Call& call, const Context& context) {
  TRY(const SecretPlace place, living_secret(call, context));
  if (!place.replica) return invalid_secret_request("Operation not permitted on a secret that is not a replica.");
  StoredSecret& primary = *place.secret;
  note_past(primary, context.behaviour, context.now);
  StoredSecret own = primary;
  own.arn = Arn(arn_seen_in(primary, place.region));
  const auto replica = std::ranges::find(primary.replicas, place.region, &SecretReplica::region);
  own.kms_key_id = replica->kms_key_id;
  own.replicas.clear();
  own.past.clear();
  own.changed = primary.changed = context.now;
  primary.replicas.erase(replica);
  boost::json::object answer{{"ARN", own.arn.str()}};
  Account* const owner = replica_owner(primary, context);
  owner->vaults[place.region].secrets.insert_or_assign(own.name, std::move(own));
  return answer;
}

}  // namespace rekeyer::sandbox
