// What rekeyer does with an account's users and their keys, and with the role itself.
#include <fmt/format.h>

#include <algorithm>

#include "permissions/parts.hpp"

namespace rekeyer::permissions {
namespace {

using rotation::Discovery;
using rotation::Grant;

bool grants_to_users(const rotation::Settings& settings) {
  return settings.store.grant == Grant::user_policy || settings.store.grant == Grant::both;
}

/// Bulk lists and GetUser bring tags along; ListUsers does not.
bool lists_users(const rotation::Settings& settings) {
  return !only_named_users(settings) && settings.discovery == Discovery::direct;
}

Statement survey(const rotation::Settings& settings) {
  Statement statement{.sid = "SurveyUsers",
                      .resources = {"*"},
                      .why = "finds out which keys there are, how old they are, and when each was last used"};
  if (!only_named_users(settings)) {
    if (settings.discovery == Discovery::report) {
      statement.actions = {"iam:GenerateCredentialReport", "iam:GetCredentialReport",
                           "iam:GetAccountAuthorizationDetails"};
    } else {
      statement.actions = {"iam:ListUsers"};
    }
  }
  statement.actions.emplace_back("iam:GetAccessKeyLastUsed");
  return statement;
}

/// Denials, so that no other policy of the role brings it back to these users.
Statements exceptions(const rotation::Settings& settings, const PolicyRequest& request, std::string_view account) {
  Statement model{.effect = Effect::deny,
                  .actions = {"iam:CreateAccessKey", "iam:UpdateAccessKey", "iam:DeleteAccessKey"}};
  if (grants_to_users(settings)) model.actions.emplace_back("iam:PutUserPolicy");
  Statements all;
  if (!request.except_paths.empty()) {
    auto statement = model;
    statement.sid = "LeavePathsAlone";
    for (const auto& path : request.except_paths) {
      statement.resources.push_back(arn(request, {"iam", "", account, fmt::format("user{}*", path)}));
    }
    statement.why = "keeps the keys of the users of these paths out of reach, whatever rekeyer.toml says";
    all.push_back(std::move(statement));
  }
  if (!request.except_tag.empty()) {
    auto statement = model;
    statement.sid = "LeaveTaggedUsersAlone";
    statement.resources = {arn(request, {"iam", "", account, "user/*"})};
    statement.conditions = {{"Null", "aws:ResourceTag/" + request.except_tag, {"false"}}};
    statement.why = "keeps the keys of users that have this tag out of reach, whatever its value";
    all.push_back(std::move(statement));
  }
  return all;
}

}  // namespace

bool only_named_users(const rotation::Settings& settings) {
  const auto& accounts = settings.scope.fixed_accounts;
  return !accounts.empty() && std::ranges::all_of(accounts, [](const auto& account) {
    const auto& users = account.second;
    return users.size() <= rotation::direct_user_limit && std::ranges::find(users, "*") == users.end();
  });
}

Statements user_statements(const rotation::Settings& settings, const PolicyRequest& request, std::string_view account) {
  // A user's ARN holds the path, which can't be known: "*" stands for that, too.
  const std::vector<std::string> users{arn(request, {"iam", "", account, "user/*"})};
  const bool asks_groups = !settings.policy.exempt_group.empty() || !settings.owner_groups.empty();
  auto seen = survey(settings);
  if (request.mode == rotation::Mode::plan) {  // all of it reads users, so one statement says it
    seen.actions.insert(seen.actions.end(), {"iam:GetUser", "iam:ListAccessKeys"});
    if (lists_users(settings)) seen.actions.emplace_back("iam:ListUserTags");
    if (asks_groups) seen.actions.emplace_back("iam:GetGroup");
    return {std::move(seen)};
  }
  Statements all{std::move(seen)};
  Statement look{.sid = "LookAtUsers",
                 .actions = {"iam:GetUser", "iam:ListAccessKeys"},
                 .resources = users,
                 .why = "looks at each user anew before anything is decided, and at whose name it is around a new key"};
  if (lists_users(settings)) look.actions.emplace_back("iam:ListUserTags");
  if (grants_to_users(settings)) look.actions.emplace_back("iam:GetUserPolicy");
  all.push_back(std::move(look));
  if (asks_groups) {
    all.push_back({.sid = "ReadExemptionGroup",
                   .actions = {"iam:GetGroup"},
                   .resources = {arn(request, {"iam", "", account, "group/*"})},
                   .why = "learns who is exempt, or whose owner a group names"});
  }
  all.push_back({.sid = "RotateKeys",
                 .actions = {"iam:CreateAccessKey", "iam:UpdateAccessKey", "iam:DeleteAccessKey"},
                 .resources = users,
                 .why = "issues, deactivates and deletes keys"});
  if (grants_to_users(settings)) {
    all.push_back({.sid = "GrantToUsersOnlyForStoreGrantUserPolicyOrBoth",
                   .actions = {"iam:PutUserPolicy"},
                   .resources = users,
                   .why = "lets each user read the own secret by an inline policy (store.grant)"});
  }
  append(all, exceptions(settings, request, account));
  return all;
}

Statement self_check_statement(const rotation::Settings& settings, const PolicyRequest& request) {
  return {.sid = "CheckItself",
          .actions = {"iam:GetRole", "iam:SimulatePrincipalPolicy"},
          .resources = {arn(request, {"iam", "", "*", fmt::format("role/{}", settings.scope.member_role)})},
          .why = "lets `rekeyer doctor` see which edition of this policy is deployed, and what denies it"};
}

Statement trust_statement(const rotation::Settings& settings, const PolicyRequest& request) {
  auto external_id = request.external_id;
  if (external_id == external_id_placeholder && !settings.scope.external_id.empty()) {
    external_id = settings.scope.external_id;
  }
  return {.sid = "AssumedFromToolingAccount",
          .actions = {"sts:AssumeRole"},
          .conditions = {{"StringEquals", "sts:ExternalId", {external_id}},
                         {"StringEquals", "aws:PrincipalOrgID", {request.organization}}},
          .principal = arn(request, {"iam", "", request.tooling_account, "root"}),
          .why = "lets rekeyer in from one account of one organization, and nobody else"};
}

}  // namespace rekeyer::permissions
