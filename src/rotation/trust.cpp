#include "rotation/trust.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "policy/custody.hpp"
#include "policy/intent.hpp"
#include "policy/notice.hpp"
#include "rotation/secrets_of_account.hpp"

namespace rekeyer::rotation {
namespace {

constexpr std::string_view own_prefix = "rekeyer:";

/// A run's own can be read, and ends soon. Taken over with another one, the user would be held for ever.
bool has_strange_intent(const aws::SecretDescription& secret, Instant now) {
  const auto* intent = policy::value_of(secret.tags, policy::intent_tag);
  return intent != nullptr && (!policy::parse_intent(*intent) || policy::claims_too_much(*intent, now));
}

/// Later than the run that made it, whose proof is fresh: rekeyer itself changes nothing before it is settled.
bool changed_later(const aws::SecretDescription& secret) {
  constexpr std::chrono::days longest_run{1};
  const auto made = proved_at(secret);
  return !made || !secret.changed || *secret.changed > *made + longest_run;
}

/// The proof on a secret that is locked, and by its id that user's; none on any other.
Proof standing_proof(const aws::SecretDescription& secret, const PolicyReview& policy, const UserId& user,
                     const Proofs& proofs) {
  return policy.locked && id_on(secret) == user ? proofs.find(secret, user) : Proof::none;
}

}  // namespace

bool same_key(std::string_view on_secret, std::string_view configured) {
  if (on_secret == "alias/aws/secretsmanager") on_secret = {};
  if (on_secret == configured) return true;
  // DescribeSecret gives what was given to CreateSecret, or its ARN.
  if (configured.empty() || !on_secret.ends_with(configured)) return false;
  const char before = on_secret[on_secret.size() - configured.size() - 1];
  return before == '/' || before == ':';
}

std::vector<std::string> strange_things(const aws::SecretDescription& secret, const UserId& user,
                                        const StoreSettings& store) {
  std::vector<std::string> found;
  for (const auto& [key, value] : secret.tags) {
    const bool settings_own = store.tags.contains(key);
    if (!key.starts_with(own_prefix) && !settings_own) found.push_back("tag " + key);
  }
  const auto id = id_on(secret);
  if (!id.empty() && id != user) found.push_back(fmt::format("the id of user {}", id));
  if (!same_key(secret.kms_key_id, store.kms_key_id)) {
    found.push_back(secret.kms_key_id.empty() ? "AWS's own KMS key" : "KMS key " + secret.kms_key_id);
  }
  if (secret.rotated_by_lambda) found.emplace_back("a rotation by a function");
  if (!secret.owning_service.empty()) found.push_back("a service that manages it, " + secret.owning_service);
  for (const auto& replica : secret.replicas) {
    if (std::ranges::find(store.replica_regions, replica.region) != store.replica_regions.end()) continue;
    found.push_back(fmt::format("a copy in {}", replica.region));
  }
  if (!secret.primary_region.empty() && secret.primary_region != store.region) {
    found.push_back(fmt::format("a primary secret in {}", secret.primary_region));
  }
  for (const auto& member : secret.cross_account) found.push_back("copies in other accounts, " + member);
  return found;
}

bool is_proved(const aws::SecretDescription& secret, const PolicyReview& policy, const UserId& user,
               const Proofs& proofs) {
  return standing_proof(secret, policy, user, proofs) != Proof::none;
}

Trust judge_trust(const aws::SecretDescription& secret, const PolicyReview& policy, const UserId& user,
                  const StoreSettings& store, const Proofs& proofs, Instant now) {
  Trust trust;
  trust.locked = policy.locked;
  const auto proof = standing_proof(secret, policy, user, proofs);
  const bool proved = proof != Proof::none;
  if (proof == Proof::fresh && changed_later(secret)) {
    trust.state = Trust::State::foreign;
    trust.why = fmt::format(
        "secret {} was changed at {}, and no run of rekeyer did: whoever did may have lifted its lock when it was new, "
        "and have written what it says. Look who it was; delete it, or vouch for it with `rekeyer adopt`",
        secret.name, secret.changed ? iso8601(*secret.changed) : std::string("an unknown time"));
    return trust;
  }
  const auto proved_state = proof == Proof::fresh ? Trust::State::fresh : Trust::State::ours;
  if (proved && !secret.versions.empty()) {
    trust.state = proved_state;
    return trust;
  }
  // Before the first value everything counts: a tag of somebody's own may let him read it.
  auto strange = strange_things(secret, user, store);
  for (const auto tag : {policy::custody_tag, policy::notice_tag}) {
    // rekeyer puts a record on a secret that is proved to be its own, and not before.
    if (!proved && secret.tags.contains(std::string(tag))) strange.push_back(fmt::format("a record, tag {}", tag));
  }
  if (!proved && has_strange_intent(secret, now)) {
    strange.push_back(fmt::format("an intent that no run has written, tag {}", policy::intent_tag));
  }
  if (!secret.versions.empty()) strange.push_back(fmt::format("{} value(s)", secret.versions.size()));
  for (const auto& statement : policy.foreign) strange.push_back("a policy with " + statement);
  for (const auto& statement : policy.hindering) strange.push_back("a policy with " + statement);
  if (proved && strange.empty()) {
    trust.state = proved_state;
    return trust;
  }
  trust.state = strange.empty() ? Trust::State::adoptable : Trust::State::foreign;
  if (!strange.empty()) {
    trust.why = fmt::format(
        "on secret {} {} what rekeyer did not put there under its lock: {}. Look who made it; delete it, or vouch "
        "for it with `rekeyer adopt`",
        secret.name, strange.size() == 1 ? "is" : "are", fmt::join(strange, ", "));
    if (!policy.locked && !policy.lets_change.empty()) {
      trust.why += fmt::format(
          ". Its lock lets {} change it: where these were rekeyer's, name them under [store] "
          "former_writers instead",
          fmt::join(policy.lets_change, ", "));
    }
  }
  return trust;
}

}  // namespace rekeyer::rotation
