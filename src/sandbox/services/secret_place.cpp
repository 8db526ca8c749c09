// Where a call's SecretId leads.
#include "sandbox/services/secret_place.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/try.hpp"
#include "sandbox/services/secret_rules.hpp"
#include "sandbox/world/arn.hpp"

namespace rekeyer::sandbox {
namespace {

StoredSecret* named_in(Vault& vault, std::string_view name) {
  const auto found = vault.secrets.find(std::string(name));
  return found == vault.secrets.end() ? nullptr : &found->second;
}

/// By the end of an ARN: the name and six characters.
StoredSecret* ending_in(Vault& vault, std::string_view rest) {
  if (rest.size() <= secret_arn_ending) return nullptr;
  StoredSecret* const found = named_in(vault, rest.substr(0, rest.size() - secret_arn_ending));
  return found != nullptr && found->arn.str().ends_with(rest) ? found : nullptr;
}

/// The primary, in another region, of a replica in `region`.
StoredSecret* find_primary(const Context& context, const AccountId& account, const Region& region,
                           std::string_view id) {
  World& world = context.world;
  Account* const owner = world.find_account(account);
  if (owner == nullptr) return nullptr;
  const auto address = secret_address(id);
  for (auto& [where, vault] : owner->vaults) {
    if (where == region || vault.secrets.empty()) continue;
    StoredSecret* found = address ? ending_in(vault, address->rest) : named_in(vault, id);
    if (found == nullptr && address) found = named_in(vault, address->rest);
    if (found != nullptr && replicated_to(*found, region.str(), context.now)) return found;
  }
  return nullptr;
}

}  // namespace

bool is_gone(const StoredSecret& secret, Instant now) { return secret.deletion && *secret.deletion <= now; }

std::string_view region_in(std::string_view arn) {
  const auto address = secret_address(arn);
  return address ? address->region : std::string_view{};
}

std::string_view account_in(std::string_view arn) {
  const auto address = secret_address(arn);
  return address ? address->account : std::string_view{};
}

bool replicated_to(const StoredSecret& secret, std::string_view region, Instant now) {
  return std::ranges::any_of(secret.replicas, [&](const SecretReplica& replica) {
    return replica.region.str() == region && replica.status != "Failed" && replica.ready <= now;
  });
}

std::string arn_seen_in(const StoredSecret& secret, const Region& region) {
  std::string arn = secret.arn.str();
  const std::string_view own = region_in(secret.arn.str());
  if (own.empty() || own == region.str()) return arn;
  return arn.replace(static_cast<std::size_t>(own.data() - secret.arn.str().data()), own.size(), region.str());
}

ServiceResult<SecretPlace> any_secret(std::string_view id, const Call& call, const Context& context) {
  if (id.empty() || id.size() > 2048) {
    return unsatisfied("secretId", "Member must have length between 1 and 2048");
  }
  AccountId account = context.caller.account;
  if (id.starts_with("arn:")) {
    const auto address = secret_address(id);
    // A regional endpoint knows nothing of other regions.
    if (!address || address->region != call.region.str()) return secret_not_found();
    // Policies are about ARNs: one that is written otherwise must not lead to the same secret.
    if (!id.starts_with(fmt::format("arn:{}:", context.world.partition))) return secret_not_found();
    account = AccountId(std::string(address->account));
  }
  StoredSecret* secret = context.world.find_secret(account, call.region, id);
  if (secret == nullptr) secret = find_primary(context, account, call.region, id);
  if (secret == nullptr) return secret_not_found();
  if (is_gone(*secret, context.now)) {
    forget(context.world, *secret);
    return secret_not_found();
  }
  const std::string_view home = region_in(secret->arn.str());
  return SecretPlace{secret, call.region, !home.empty() && home != call.region.str()};
}

ServiceResult<SecretPlace> any_secret(const Call& call, const Context& context) {
  return any_secret(call.text_or_empty("SecretId"), call, context);
}

ServiceResult<SecretPlace> living_secret(const Call& call, const Context& context) {
  TRY(SecretPlace place, any_secret(call, context));
  if (place.secret->deletion) return secret_marked_for_deletion();
  return place;
}

ServiceResult<StoredSecret*> only_primary(const SecretPlace& place) {
  if (!place.replica) return place.secret;
  return invalid_secret_request(
      "Operation not permitted on a replica secret. Call must be made in primary secret's region.");
}

ServiceResult<StoredSecret*> changeable_secret(const Call& call, const Context& context) {
  TRY(const SecretPlace place, living_secret(call, context));
  TRY(StoredSecret* const secret, only_primary(place));
  note_past(*secret, context.behaviour, context.now);
  return secret;
}

void forget(World& world, const StoredSecret& secret) {
  const auto address = secret_address(secret.arn.str());
  if (!address) return;
  Account* const owner = world.find_account(AccountId(std::string(address->account)));
  if (owner == nullptr) return;
  const auto vault = owner->vaults.find(Region(std::string(address->region)));
  if (vault == owner->vaults.end()) return;
  const std::string name = secret.name;
  vault->second.secrets.erase(name);
}

void note_past(StoredSecret& secret, const AwsBehaviour& behaviour, Instant now) {
  if (behaviour.secrets_list_lag <= Milliseconds{0}) {
    secret.past.clear();
    return;
  }
  std::erase_if(secret.past, [&](const SecretPast& past) { return past.until <= now - behaviour.secrets_list_lag; });
  SecretPast past{now, secret.description, secret.tags, {}, secret.changed, secret.deleted_on};
  for (const auto& [id, version] : secret.versions) past.stages.emplace(id, version.stages);
  secret.past.push_back(std::move(past));
}

}  // namespace rekeyer::sandbox
