// The organization's policy that reserves the secrets' names. A resource policy can close a secret that is there; only
// a service control policy can keep somebody from making one by the name that a user's secret will have.
#include <fmt/format.h>

#include <algorithm>

#include "permissions/parts.hpp"
#include "permissions/permissions.hpp"

namespace rekeyer::permissions {
namespace {

using rotation::StoreLocation;

/// A policy of the organization is about all accounts, so `{account}` stands for any.
std::string in_any_account(std::string pattern) {
  constexpr std::string_view placeholder = "{account}";
  for (auto at = pattern.find(placeholder); at != std::string::npos; at = pattern.find(placeholder, at)) {
    pattern.replace(at, placeholder.size(), "*");
  }
  return pattern;
}

/// Who keeps secrets: the member role of every account; or where rekeyer does it itself, whoever runs it; and whom the
/// secrets' locks let through, or a lock would be of no use to them.
std::vector<std::string> keepers(const rotation::Settings& settings, const PolicyRequest& request, OwnUsers own) {
  std::vector<std::string> all;
  const bool central = settings.store.location == StoreLocation::central;
  if (!central) all.push_back(arn(request, {"iam", "", "*", fmt::format("role/{}", settings.scope.member_role)}));
  if (central || own == OwnUsers::by_caller) {
    all.push_back(
        arn(request, {"iam", "", request.tooling_account, fmt::format("role/{}-account", request.deployment)}));
  }
  for (const auto* more : {&settings.store.writers, &settings.store.break_glass, &request.writers}) {
    for (const auto& pattern : *more) {
      auto named = in_any_account(pattern);
      if (std::ranges::find(all, named) == all.end()) all.push_back(std::move(named));
    }
  }
  return all;
}

}  // namespace

Statements reserving_statements(const rotation::Settings& settings, const PolicyRequest& request, OwnUsers own) {
  const auto name = secret_name_pattern(settings.store.name_template);
  const auto secret = arn(request, {"secretsmanager", "*", "*", "secret:" + name});
  const Condition others{"ArnNotLike", "aws:PrincipalArn", keepers(settings, request, own)};
  // NotAction: AWS adds actions that change a secret, such as those of replicas in other accounts, and a list would
  // leave each of them open until somebody noticed.
  return {{.sid = "KeepOthersOffSecretsOfAccessKeys",
           .effect = Effect::deny,
           .actions = {"secretsmanager:BatchGet*", "secretsmanager:Describe*", "secretsmanager:Get*",
                       "secretsmanager:List*"},
           .all_but_actions = true,
           .resources = {secret, secret + "-??????"},
           .conditions = {others},
           .why = "leaves every change of users' secrets, their tags and their policies to rekeyer; reading is not "
                  "touched"},
          // What is not there has no ARN, and AWS does not say which one the decision is made on.
          {.sid = "KeepOthersFromMakingThem",
           .effect = Effect::deny,
           .actions = {"secretsmanager:CreateSecret"},
           .resources = {"*"},
           .conditions = {{"StringLike", "secretsmanager:Name", {name}}, others},
           .why = "reserves the names that users' secrets will have"}};
}

}  // namespace rekeyer::permissions
