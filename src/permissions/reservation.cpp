// The organization's policy that reserves the secrets' names. A resource policy can close a secret that is there; only
// a service control policy can keep somebody from making one by the name that a user's secret will have.
#include <fmt/format.h>

#include "permissions/parts.hpp"
#include "permissions/permissions.hpp"

namespace rekeyer::permissions {
namespace {

using rotation::StoreLocation;

/// Who keeps secrets: the member role of every account; or where rekeyer does it itself, whoever runs it.
std::vector<std::string> keepers(const rotation::Settings& settings, const Wish& wish, OwnUsers own) {
  std::vector<std::string> all;
  const bool central = settings.store.location == StoreLocation::central;
  if (!central) all.push_back(arn(wish, {"iam", "", "*", fmt::format("role/{}", settings.scope.member_role)}));
  if (central || own == OwnUsers::by_caller) {
    all.push_back(arn(wish, {"iam", "", wish.tooling_account, fmt::format("role/{}-account", wish.deployment)}));
  }
  all.insert(all.end(), wish.writers.begin(), wish.writers.end());
  return all;
}

}  // namespace

Statements reserving_statements(const rotation::Settings& settings, const Wish& wish, OwnUsers own) {
  const auto name = secret_name_pattern(settings.store.name_template);
  const auto secret = arn(wish, {"secretsmanager", "*", "*", "secret:" + name});
  const Condition others{"ArnNotLike", "aws:PrincipalArn", keepers(settings, wish, own)};
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
