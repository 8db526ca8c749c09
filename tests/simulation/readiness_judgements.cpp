// The checker's judgement on keys that can't reach their owners: a new one is not even made where that is plain to see,
// and an old one stays until its successor is everywhere.
#include <fmt/format.h>

#include <algorithm>

#include "simulation/checker.hpp"

namespace rekeyer::simulation {
namespace {

bool closed_to_readers(const sandbox::StoredSecret& secret) {
  return secret.policy && secret.policy->find(keep_out_sid) != std::string::npos;
}

bool copies_are_behind(const sandbox::StoredSecret& secret, Instant now) {
  return std::ranges::any_of(secret.replicas,
                             [&](const auto& replica) { return replica.status != "InSync" || replica.ready > now; });
}

/// For so long that a run sees it: another run may order a copy anew at the moment in which this one looks.
bool copies_have_failed(const sandbox::StoredSecret& secret, Instant now) {
  constexpr std::chrono::minutes shown{1};
  return std::ranges::any_of(
      secret.replicas, [&](const auto& replica) { return replica.status == "Failed" && replica.ready + shown <= now; });
}

}  // namespace

void Checker::look_around() {
  const auto now = clock_.now();
  const auto note = [&](std::map<Arn, Instant>& since, const Arn& arn, bool so) {
    if (so) {
      since.emplace(arn, now);
    } else {
      since.erase(arn);
    }
  };
  for (const auto& [account_id, account] : sandbox_.world.accounts) {
    for (const auto& [region, vault] : account.vaults) {
      for (const auto& [name, secret] : vault.secrets) {
        note(closed_since_, secret.arn, closed_to_readers(secret));
        note(behind_since_, secret.arn, copies_are_behind(secret, now));
      }
      for (const auto& [id, key] : vault.keys) note(disabled_since_, key.arn, !key.enabled);
    }
  }
}

bool Checker::for_long(const std::map<Arn, Instant>& since, const Arn& arn) const {
  const auto found = since.find(arn);
  return found != since.end() && clock_.now() - found->second > seen_by_all;
}

bool Checker::is_disabled(const Arn& kms_key) const {
  return std::ranges::any_of(sandbox_.world.accounts, [&](const auto& account) {
    return std::ranges::any_of(account.second.vaults, [&](const auto& vault) {
      return std::ranges::any_of(
          vault.second.keys, [&](const auto& entry) { return entry.second.arn == kms_key && !entry.second.enabled; });
    });
  });
}

/// What stands in the new key's way for good, and could be seen before.
void Checker::judge_readiness(const KeyLife& life, const AccessKeyId& id) {
  const auto refuse = [&](std::string_view why) {
    broken("preflight", fmt::format("user {}/{}, key {}: issued although {}", life.account, life.user, id, why));
  };
  const auto& store = scenario_.settings.store;
  const Arn configured(store.kms_key_id);
  for (const auto* secret : secrets_of(life.account, life.user)) {
    if (!is_ours(*secret) || secret->deletion) continue;
    if (for_long(closed_since_, secret->arn) && closed_to_readers(*secret)) refuse("its owner may not read it");
    if (for_long(behind_since_, secret->arn) && copies_have_failed(*secret, clock_.now()))
      refuse("a copy of the secret has failed");
  }
  if (for_long(disabled_since_, configured) && is_disabled(configured)) refuse("the KMS key is disabled");
}

/// I2: what took over from the key is not yet where its owner reads it.
void Checker::judge_handover(const KeyLife& life, const AccessKeyId& id) {
  const auto* successor = published_successor(life);
  if (successor == nullptr) return;
  for (const auto* secret : secrets_of(life.account, life.user)) {
    if (!is_ours(*secret) || secret->deletion) continue;
    if (for_long(behind_since_, secret->arn) && copies_are_behind(*secret, clock_.now())) {
      broken("I2", fmt::format("user {}/{}, key {}: deactivated although a copy of {} does not have its successor",
                               life.account, life.user, id, secret->name));
    }
    const bool has_it = successor->last_used != Instant{};
    if (!has_it && for_long(closed_since_, secret->arn) && closed_to_readers(*secret)) {
      broken("I2", fmt::format("user {}/{}, key {}: deactivated although its owner may not read the successor in {}",
                               life.account, life.user, id, secret->name));
    }
  }
}

}  // namespace rekeyer::simulation
