#include "doctor/store.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "aws/services/secrets_manager.hpp"
#include "doctor/policy_text.hpp"

namespace rekeyer::doctor {
namespace {

Check judge_region(const StoreFacts& facts) {
  if (facts.answered) return ok(Topic::store_region, fmt::format("Secrets Manager answers in {}", facts.region));
  const auto& error = facts.answered.error();
  if (error.kind == ErrorKind::access_denied) {
    return problem(Topic::store_region, describe(error),
                   "allow the caller the statements for the central store of docs/permissions.md");
  }
  if (error.kind == ErrorKind::credentials_invalid) {
    return problem(Topic::store_region,
                   fmt::format("the region {} is not enabled in the caller's account", facts.region),
                   "enable the region, or set another store.region");
  }
  return unanswered(Topic::store_region, "Secrets Manager did not answer", error, "");
}

Check judge_key(const Result<aws::KmsKey>& asked) {
  const std::string remedy = "set store.kms_key_id to an enabled, symmetric, customer-managed key in store.region";
  if (!asked) {
    const auto& error = asked.error();
    if (error.kind == ErrorKind::not_found) return problem(Topic::store_key, "there is no such KMS key", remedy);
    return unanswered(Topic::store_key, "the KMS key could not be looked at", error, "kms:DescribeKey on the key");
  }
  const auto& key = *asked;
  if (!key.enabled) {
    const auto state = key.state.empty() ? std::string("disabled") : key.state;
    return problem(Topic::store_key, fmt::format("{} is not enabled: {}", key.arn, state),
                   key.state == "PendingDeletion" ? "cancel its deletion (aws kms cancel-key-deletion), then enable it"
                                                  : "enable it: aws kms enable-key");
  }
  if (key.usage != "ENCRYPT_DECRYPT" || (!key.spec.empty() && key.spec != "SYMMETRIC_DEFAULT")) {
    return problem(Topic::store_key,
                   fmt::format("{} is no symmetric encryption key ({}, {})", key.arn, key.spec, key.usage), remedy);
  }
  if (key.manager == "AWS") {
    return problem(Topic::store_key, fmt::format("{} is AWS's own key, which other accounts can't use", key.arn),
                   remedy);
  }
  return ok(Topic::store_key, fmt::format("{} is enabled and symmetric", key.arn));
}

bool names_organization(const PolicyStatement& statement, const std::string& organization) {
  return std::ranges::any_of(statement.conditions, [&](const PolicyCondition& condition) {
    if (condition.key == "aws:principalorgid") {
      return std::ranges::find(condition.values, organization) != condition.values.end();
    }
    return condition.key == "aws:principalorgpaths" && std::ranges::any_of(condition.values, [&](const auto& path) {
             return path.starts_with(organization + "/");
           });
  });
}

bool limits_principals(const PolicyStatement& statement) {
  return std::ranges::any_of(statement.conditions, [](const PolicyCondition& condition) {
    return condition.key.starts_with("aws:principal") || condition.key == "kms:calleraccount";
  });
}

Check judge_key_policy(const Result<std::string>& asked, const std::string& organization) {
  if (!asked) {
    return unanswered(Topic::store_key_policy, "the key's policy could not be read", asked.error(),
                      "kms:GetKeyPolicy on the key");
  }
  if (organization.empty()) return not_checked(Topic::store_key_policy, "the organization's id is not known");
  const auto statements = read_policy(*asked);
  if (!statements) return not_checked(Topic::store_key_policy, describe(statements.error()));
  const auto remedy = fmt::format(
      "allow kms:Decrypt to everybody of the organization in the key's policy: Principal \"*\" with StringEquals "
      "aws:PrincipalOrgID = {} and kms:ViaService = secretsmanager.REGION.amazonaws.com",
      organization);
  std::size_t named = 0;
  for (const auto& statement : *statements) {
    if (!statement.allows || !statement.covers("kms:Decrypt")) continue;
    if (std::ranges::find(statement.principals, "*") == statement.principals.end()) {
      named += statement.principals.size();
    } else if (names_organization(statement, organization)) {
      return ok(Topic::store_key_policy, fmt::format("lets the accounts of {} decrypt", organization));
    } else if (!limits_principals(statement)) {
      return warning(Topic::store_key_policy, "lets every AWS account decrypt, not only the organization's", remedy);
    }
  }
  // One is the key's own account, in every default policy.
  if (named > 1) {
    return not_checked(Topic::store_key_policy, fmt::format("names {} principals one by one", named), remedy);
  }
  return problem(Topic::store_key_policy,
                 "does not let the organization's accounts decrypt: owners can't read their keys", remedy);
}

Check judge_store_rights(const Simulated& answers) {
  auto verdict = judge_rights(answers, "the caller");
  if (verdict.status == Status::ok) verdict.finding = "the caller may keep secrets there";
  return {Topic::store_permissions, verdict.status, verdict.finding, verdict.remedy};
}

}  // namespace

Checks judge(const StoreFacts& facts) {
  Checks checks{judge_region(facts)};
  if (facts.key) checks.push_back(judge_key(*facts.key));
  if (facts.key_policy) checks.push_back(judge_key_policy(*facts.key_policy, facts.organization));
  if (facts.rights) checks.push_back(judge_store_rights(*facts.rights));
  return checks;
}

Task<std::optional<StoreFacts>> ask_store(const engine::Context& context, rotation::OwnIdentity self,
                                          std::string organization, rotation::Mode mode) {
  const auto& store = context.settings().store;
  if (store.location != rotation::StoreLocation::central) co_return std::nullopt;
  StoreFacts facts;
  facts.region = store.region;
  facts.organization = std::move(organization);
  auto principal = context.principal;
  principal.region = store.region;

  aws::SecretsManagerClient secrets(context.caller, principal);
  const auto described = co_await secrets.describe_secret(nobodys_secret(context.settings(), self.account));
  if (!described && described.error().kind != ErrorKind::not_found) facts.answered = fail(described.error());

  auto source = co_await ask_policy_source(context.caller, context.principal, self.arn);
  const RightsSubject subject{self.partition, self.account, source ? *source : Arn()};
  auto questions = secret_rights(subject, context.settings(), mode);
  if (!store.kms_key_id.empty()) {
    aws::KmsClient kms(context.caller, principal);
    auto key = co_await kms.key(store.kms_key_id);
    if (key) {
      auto policy = co_await kms.key_policy(key->arn.str());
      facts.key_policy = std::move(policy);
      if (mode == rotation::Mode::apply) {
        std::ranges::move(key_rights(subject, context.settings(), key->arn), std::back_inserter(questions));
      }
    }
    facts.key = std::move(key);
  }
  if (source) {
    auto rights = co_await ask_rights(context.caller, context.principal, std::move(questions));
    facts.rights = std::move(rights);
  } else {
    facts.rights = fail(source.error());
  }
  co_return facts;
}

}  // namespace rekeyer::doctor
