// Keeping secrets: Secrets Manager's actions on exactly the names of store.name, and the customer's keys.
#include <fmt/format.h>

#include "permissions/parts.hpp"
#include "permissions/permissions.hpp"

namespace rekeyer::permissions {
namespace {

using rotation::Grant;
using rotation::StoreSettings;

/// A key, and the region of the secrets that it encrypts.
struct KeyUse {
  std::string region;
  std::string key;  ///< id, ARN or alias
};

/// Without writers of its own, a lock names the member role, which has no part in a central store.
bool locks(const StoreSettings& store) {
  return store.lock != rotation::LockMode::none &&
         (store.location == rotation::StoreLocation::member || !store.writers.empty() || !store.break_glass.empty());
}

bool writes_policies(const StoreSettings& store) {
  return store.grant == Grant::secret_policy || store.grant == Grant::both || locks(store);
}

std::vector<std::string> keeping_actions(const rotation::Settings& settings) {
  const auto& store = settings.store;
  std::vector<std::string> actions{"CreateSecret", "PutSecretValue", "UpdateSecretVersionStage", "TagResource",
                                   "RestoreSecret"};
  if (writes_policies(store)) {
    actions.insert(actions.end(), {"GetResourcePolicy", "PutResourcePolicy"});
  }
  if (!store.replica_regions.empty()) {  // a copy that AWS gave up on is taken away and made again
    actions.insert(actions.end(), {"ReplicateSecretToRegions", "RemoveRegionsFromReplication"});
  }
  // Whose user is gone shows only in a list of all users.
  if (!only_named_users(settings)) actions.emplace_back("DeleteSecret");
  for (auto& action : actions) action.insert(0, "secretsmanager:");
  return actions;
}

/// What rekeyer asks for in no request: a policy for everybody, and a deletion that nobody can take back. Requests of
/// other kinds do not say either.
std::vector<Condition> careful() {
  return {{"BoolIfExists", "secretsmanager:BlockPublicPolicy", {"true"}},
          {"BoolIfExists", "secretsmanager:ForceDeleteWithoutRecovery", {"false"}}};
}

/// Names with which KMS says for which service it is asked. China's domain has a further part.
Condition via_secrets_manager(const PolicyRequest& request, const std::vector<std::string>& regions) {
  const bool exact = request.partition == "aws" || request.partition == "aws-us-gov";
  Condition condition{exact ? "StringEquals" : "StringLike", "kms:ViaService", {}};
  for (const auto& region : regions) {
    condition.values.push_back(fmt::format("secretsmanager.{}.{}", region, exact ? "amazonaws.com" : "*"));
  }
  return condition;
}

/// "alias/name", or an ARN of one: KMS decides by the key behind it, whose ARN can't be known.
std::string alias_of(std::string_view key) {
  const auto at = key.find("alias/");
  return at == std::string_view::npos ? std::string() : std::string(key.substr(at));
}

/// `model` for each key, and once more for aliases, which are a condition of their own.
Statements on_keys(const PolicyRequest& request, std::string_view account, const Statement& model,
                   const std::vector<KeyUse>& keys) {
  Statement by_key = model;
  Statement by_alias = model;
  by_alias.sid += "ByAlias";
  Condition aliases{"ForAnyValue:StringEquals", "kms:ResourceAliases", {}};
  for (const auto& [region, key] : keys) {
    if (key.empty() || alias_of(key).starts_with("alias/aws/")) continue;
    const auto alias = alias_of(key);
    if (alias.empty()) {
      const bool whole = key.starts_with("arn:");
      by_key.resources.push_back(whole ? key : arn(request, {"kms", region, account, "key/" + key}));
    } else {
      by_alias.resources.push_back(arn(request, {"kms", region, account, "key/*"}));
      aliases.values.push_back(alias);
    }
  }
  Statements all;
  if (!by_key.resources.empty()) all.push_back(std::move(by_key));
  if (!by_alias.resources.empty()) {
    by_alias.conditions.push_back(std::move(aliases));
    all.push_back(std::move(by_alias));
  }
  return all;
}

Statements look_at_keys(const StoreSettings& store, const PolicyRequest& request, std::string_view account) {
  const Statement look{
      .sid = "LookAtKey",
      .actions = {"kms:DescribeKey"},
      .why = "sees that your own key is enabled before a user's key is issued that it could not encrypt"};
  return on_keys(request, account, look, {{store.region.str(), store.kms_key_id}});
}

Statements key_statements(const StoreSettings& store, const PolicyRequest& request, std::string_view account) {
  const auto& home = store.region.str();
  const Statement encrypt{.sid = "EncryptSecrets",
                          .actions = {"kms:GenerateDataKey", "kms:Decrypt"},
                          .conditions = {via_secrets_manager(request, {home})},
                          .why = "lets Secrets Manager encrypt new values under your own key"};
  auto all = on_keys(request, account, encrypt, {{home, store.kms_key_id}});
  std::vector<KeyUse> replicas;
  std::vector<std::string> regions{home};
  for (const auto& region : store.replica_regions) {
    const auto key = store.replica_kms_key_ids.find(region);
    if (key == store.replica_kms_key_ids.end()) continue;
    replicas.push_back({region.str(), key->second});
    regions.push_back(region.str());
  }
  const Statement copy{.sid = "EncryptReplicas",
                       .actions = {"kms:GenerateDataKey", "kms:Encrypt"},
                       .conditions = {via_secrets_manager(request, regions)},
                       .why = "lets Secrets Manager encrypt the copies under your own keys"};
  append(all, on_keys(request, account, copy, replicas));
  append(all, look_at_keys(store, request, account));
  return all;
}

}  // namespace

std::string secret_name_pattern(std::string_view name_template) {
  std::string pattern;
  for (std::size_t i = 0; i < name_template.size(); ++i) {
    if (name_template[i] != '{') {
      pattern += name_template[i];
      continue;
    }
    i = std::min(name_template.find('}', i), name_template.size());
    if (!pattern.ends_with('*')) pattern += '*';
  }
  return pattern;
}

Statements store_statements(const rotation::Settings& settings, const PolicyRequest& request,
                            std::string_view account) {
  const auto& store = settings.store;
  const auto named = [&](std::string_view end) {
    return arn(request, {"secretsmanager", store.region.str(), account,
                         fmt::format("secret:{}{}", secret_name_pattern(store.name_template), end)});
  };
  // Secrets Manager adds a hyphen and six characters to a name; of a secret that is not there it knows the name alone,
  // and looks at rights before it says so.
  const std::vector<std::string> secrets{named("-??????")};
  const std::vector<std::string> there_or_not{named("-??????"), named("")};
  Statements all;
  all.push_back({.sid = "ListSecrets",
                 .actions = {"secretsmanager:ListSecrets"},
                 .resources = {"*"},
                 .why =
                     "finds all that is stored for an account's users with a few calls, and a renamed user's secret by "
                     "the user's id"});
  if (request.mode == rotation::Mode::plan) {
    all.push_back({.sid = "SurveySecrets",
                   .actions = {"secretsmanager:DescribeSecret"},
                   .resources = there_or_not,
                   .why = "sees secrets' tags and versions, and whose lock is on them, never a value"});
    if (locks(store)) all.back().actions.emplace_back("secretsmanager:GetResourcePolicy");
    return all;
  }
  all.push_back({.sid = "LookForSecrets",
                 .actions = {"secretsmanager:DescribeSecret"},
                 .resources = there_or_not,
                 .why = "sees a user's secret, and that there is none yet; never a value"});
  all.push_back({.sid = "KeepSecrets",
                 .actions = keeping_actions(settings),
                 .resources = secrets,
                 .conditions = careful(),
                 .why = "stores, publishes, shares and cleans up users' secrets; there is no right to read a value"});
  append(all, key_statements(store, request, account));
  return all;
}

Statements proof_statements(const rotation::Settings& settings, const PolicyRequest& request) {
  const auto& key = settings.store.proof;
  if (key.empty()) return {};
  Statement prove{.sid = "ProveSecrets",
                  .actions = {"kms:GetPublicKey"},
                  .resources = {key},
                  .why = "checks which secrets rekeyer made or took over under its lock"};
  if (request.mode != rotation::Mode::plan) {
    prove.actions.emplace_back("kms:Sign");
    prove.why = "signs which secrets rekeyer made or took over under its lock, and checks it";
  }
  return {std::move(prove)};
}

}  // namespace rekeyer::permissions
