// How accounts are found and entered.
#include <fmt/format.h>

#include <algorithm>

#include "permissions/parts.hpp"

namespace rekeyer::permissions {
namespace {

/// Beyond this a list of roles says no more than their common name, and takes much of a policy's room.
constexpr std::size_t most_named_roles = 20;

bool asks_for_ous(const rotation::Settings& settings) {
  const auto& scope = settings.scope;
  const auto by_ou = [](const auto& rule) { return rule.match.ou.has_value(); };
  return !scope.include_ous.empty() || !scope.exclude_ous.empty() ||
         std::ranges::any_of(settings.policy.overrides, by_ou) ||
         std::ranges::any_of(settings.policy.exempt_users, by_ou);
}

}  // namespace

Statement enter_statement(const rotation::Settings& settings, const PolicyRequest& request) {
  const auto& scope = settings.scope;
  Statement statement{.sid = "EnterMemberAccounts",
                      .actions = {"sts:AssumeRole"},
                      .why = "enters each account through its member role"};
  const auto role = fmt::format("role/{}", scope.member_role);
  if (scope.fixed_accounts.empty() || scope.fixed_accounts.size() > most_named_roles) {
    statement.resources = {arn(request, {"iam", "", "*", role})};
    return statement;
  }
  for (const auto& [account, users] : scope.fixed_accounts) {
    const bool direct = scope.own_account == rotation::OwnAccount::direct && account.str() == request.tooling_account;
    if (!direct) statement.resources.push_back(arn(request, {"iam", "", account.str(), role}));
  }
  return statement;
}

Statement list_role_statement(const rotation::Settings& settings) {
  return {.sid = "EnterListRole",
          .actions = {"sts:AssumeRole"},
          .resources = {settings.scope.list_role.str()},
          .why = "reads Organizations through this role (organization.list_role_arn)"};
}

Statement organization_reads(const rotation::Settings& settings, OuQuestions questions) {
  Statement statement{.sid = "ReadOrganization",
                      .actions = {"organizations:DescribeOrganization", "organizations:ListAccounts"},
                      .resources = {"*"},
                      .why = "lists the organization's accounts"};
  if (questions == OuQuestions::any || asks_for_ous(settings)) {
    statement.actions.emplace_back("organizations:ListParents");
    statement.why += " and the OUs that they stand in";
  }
  return statement;
}

Statements listing_access(const rotation::Settings& settings, OuQuestions questions) {
  const auto& scope = settings.scope;
  if (!scope.fixed_accounts.empty()) return {};
  return {scope.list_role.empty() ? organization_reads(settings, questions) : list_role_statement(settings)};
}

Statements placing_access(const rotation::Settings& settings) {
  if (!settings.scope.fixed_accounts.empty()) return {};
  if (!settings.scope.list_role.empty()) return {list_role_statement(settings)};
  Statement statement{
      .sid = "PlaceAccounts", .resources = {"*"}, .why = "tells whether an account that an event names is in scope"};
  if (!settings.scope.management_account) statement.actions.emplace_back("organizations:DescribeOrganization");
  if (asks_for_ous(settings)) statement.actions.emplace_back("organizations:ListParents");
  if (statement.actions.empty()) return {};
  return {std::move(statement)};
}

Statements account_tag_reads(const notify::Settings& settings, const PolicyRequest& request) {
  const auto& owner = settings.owner;
  const bool asked = settings.enabled() && !owner.account_tag.empty() &&
                     std::ranges::find(owner.chain, notify::OwnerSource::account_tag) != owner.chain.end();
  if (!asked) return {};
  return {{.sid = "ReadAccountTags",
           .actions = {"organizations:ListTagsForResource"},
           .resources = {arn(request, {"organizations", "", "*", "account/*"})},
           .why = "finds owners by the tags of their account"}};
}

}  // namespace rekeyer::permissions
