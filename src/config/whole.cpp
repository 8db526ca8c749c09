// What no single key shows: settings that contradict each other, or that can have no effect.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "config/keys.hpp"
#include "config/names.hpp"

namespace rekeyer::config {
namespace {

using rotation::Grant;
using rotation::StoreLocation;

/// A fixed map of accounts is all there is: what selects from the organization would silently do nothing.
void check_fixed_accounts(Draft& draft) {
  if (!draft.has("accounts")) return;
  const auto& scope = draft.settings.scope;
  const std::array<std::pair<std::string_view, bool>, 6> idle{
      {{"organization.include_ous", !scope.include_ous.empty()},
       {"organization.exclude_ous", !scope.exclude_ous.empty()},
       {"organization.include_accounts", !scope.include_accounts.empty()},
       {"organization.exclude_accounts", !scope.exclude_accounts.empty()},
       {"organization.management_account", scope.management_account},
       {"organization.list_role_arn", !scope.list_role.empty()}}};
  for (const auto& [name, set] : idle) {
    if (!set) continue;
    draft.report(draft.place_of(name),
                 fmt::format("`{}` has no effect with [accounts], which is all that is looked at; "
                             "remove one of them",
                             name));
  }
  for (const auto& place : draft.matched_ous) {
    draft.report(place,
                 "`match.ou` can't match with [accounts]: the organization is not asked where an account stands; "
                 "match by account");
  }
  for (const auto& [place, account] : draft.matched_accounts) {
    if (scope.fixed_accounts.contains(account)) continue;
    draft.report(place, fmt::format("`match.account` names {}, which [accounts] does not", account));
  }
}

template <class Name>
void check_apart(Draft& draft, const std::vector<Name>& included, const std::vector<Name>& excluded,
                 std::string_view what) {
  for (const auto& name : included) {
    if (std::ranges::find(excluded, name) == excluded.end()) continue;
    draft.report(draft.place_of(fmt::format("organization.exclude_{}", what)),
                 fmt::format("{} is both in include_{} and in exclude_{}; remove it from one", name, what, what));
  }
}

void check_central(Draft& draft) {
  const auto& store = draft.settings.store;
  if (store.location != StoreLocation::central) return;
  constexpr std::string_view why =
      "with location = \"central\": users of other accounts can't read what AWS's own key encrypts";
  if (store.kms_key_id.empty()) {
    draft.report(draft.place_of(draft.has("store.kms_key_id") ? "store.kms_key_id" : "store.location"),
                 fmt::format("`store.kms_key_id` is required {}", why));
  } else if (store.kms_key_id.find("alias/aws/") != std::string::npos) {
    draft.report(draft.place_of("store.kms_key_id"), fmt::format("`store.kms_key_id` must be a key of yours {}", why));
  }
  for (const auto& region : store.replica_regions) {
    if (store.replica_kms_key_ids.contains(region)) continue;
    draft.report(draft.place_of(fmt::format("store.replica_regions.{}", region)),
                 fmt::format("`store.replica_kms_key_ids` must name a key for {} {}", region, why));
  }
  if (store.grant == Grant::user_policy) {
    draft.report(
        draft.place_of("store.grant"),
        "`store.grant` = \"user-policy\" is not enough with location = \"central\": to read from another account, the "
        "secret must allow it too; write \"both\"");
  }
}

void check_store(Draft& draft) {
  const auto& store = draft.settings.store;
  check_central(draft);
  if (const auto complaint = check_name_template(store.name_template, store.location == StoreLocation::central)) {
    draft.report(draft.place_of(draft.has("store.name") ? "store.name" : "store.location"),
                 fmt::format("`store.name` {}", *complaint));
  }
  if (!store.kms_key_id.empty()) {
    // The default of another partition than the commercial one is settled when the caller is known.
    const bool elsewhere = !store.region_chosen && store.kms_key_id.starts_with("arn:aws-");
    const std::string_view home = elsewhere ? region_of_arn(store.kms_key_id) : std::string_view(store.region.str());
    if (const auto complaint = check_kms_key(store.kms_key_id, home)) {
      draft.report(draft.place_of("store.kms_key_id"), fmt::format("`store.kms_key_id`: {}", *complaint));
    }
  }
  for (const auto& region : store.replica_regions) {
    if (region != store.region) continue;
    draft.report(draft.place_of(fmt::format("store.replica_regions.{}", region)),
                 fmt::format("`store.replica_regions` holds {}, where the secrets are already; remove it", region));
  }
  for (const auto& [region, key] : store.replica_kms_key_ids) {
    if (std::ranges::find(store.replica_regions, region) != store.replica_regions.end()) continue;
    draft.report(draft.place_of(fmt::format("store.replica_kms_key_ids.{}", region)),
                 fmt::format("`store.replica_kms_key_ids` names {}, which is not in replica_regions", region));
  }
}

void check_tags(Draft& draft) {
  const auto& policy = draft.settings.policy;
  if (policy.exempt_tag.empty() || policy.exempt_tag != policy.policy_tag) return;
  draft.report(
      draft.place_of(draft.has("exempt.tag") ? "exempt.tag" : "policy.tag"),
      fmt::format("`exempt.tag` and `policy.tag` are both {}; they mean different things", shown(policy.exempt_tag)));
}

void check_rules(Draft& draft) {
  const auto& policy = draft.settings.policy;
  policy::Rules organisation;
  policy::apply(policy.organisation, organisation);
  const auto wrong = policy::contradiction(organisation);
  if (wrong) draft.report(draft.place_of("policy"), fmt::format("[policy]: {}", *wrong));
  for (std::size_t i = 0; i < policy.overrides.size(); ++i) {
    auto rules = organisation;
    policy::apply(policy.overrides[i].changes, rules);
    // What [policy] has wrong is not said again for each override.
    if (const auto here = policy::contradiction(rules); here && here != wrong) {
      draft.report(draft.override_places[i], fmt::format("[[override]], together with [policy]: {}", *here));
    }
  }
}

}  // namespace

void check_whole(Draft& draft) {
  const auto& scope = draft.settings.scope;
  check_fixed_accounts(draft);
  check_apart(draft, scope.include_ous, scope.exclude_ous, "ous");
  check_apart(draft, scope.include_accounts, scope.exclude_accounts, "accounts");
  check_store(draft);
  check_tags(draft);
  check_notices(draft);  // before the rules, one of which it sets
  check_rules(draft);
}

}  // namespace rekeyer::config
