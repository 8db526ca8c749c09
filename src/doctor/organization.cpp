#include "doctor/organization.hpp"

#include <fmt/format.h>

#include "rotation/configured_accounts.hpp"

namespace rekeyer::doctor {
namespace {

std::string remedy_of_denial(const OrganizationFacts& facts, std::string_view permission) {
  if (!facts.list_role.empty()) {
    return fmt::format("let the caller assume {} (organization.list_role_arn), and that role {}", facts.list_role,
                       permission);
  }
  return fmt::format(
      "allow {} to the caller; outside the management account make its account a delegated administrator, or name a "
      "role of the management account in organization.list_role_arn",
      permission);
}

Check judge_organization(const OrganizationFacts& facts) {
  if (facts.organization) {
    return ok(Topic::organization_read, fmt::format("{}, managed from account {}", facts.organization->id,
                                                    facts.organization->management_account));
  }
  const auto& error = facts.organization.error();
  if (error.kind == ErrorKind::not_found) {
    return problem(Topic::organization_read, "this account is in no organization",
                   "name the accounts in [accounts], or run rekeyer in an account of the organization");
  }
  if (error.kind == ErrorKind::access_denied) {
    return problem(Topic::organization_read, describe(error),
                   remedy_of_denial(facts, "organizations:DescribeOrganization"));
  }
  return unanswered(Topic::organization_read, "the organization could not be read", error, "");
}

Check judge_accounts(const OrganizationFacts& facts) {
  if (facts.accounts) return ok(Topic::organization_accounts, "the accounts can be listed");
  const auto& error = facts.accounts.error();
  if (error.kind == ErrorKind::access_denied) {
    return problem(Topic::organization_accounts, describe(error),
                   remedy_of_denial(facts, "organizations:ListAccounts"));
  }
  return unanswered(Topic::organization_accounts, "the accounts could not be listed", error, "");
}

Check judge_caller(const OrganizationFacts& facts) {
  if (!facts.organization) {
    return not_checked(Topic::organization_caller, "the management account is not known");
  }
  if (facts.organization->management_account == facts.caller) {
    return warning(
        Topic::organization_caller,
        fmt::format("rekeyer runs in the management account {}, which no service control policy limits", facts.caller),
        "run it in a tooling account: make that a delegated administrator, or give it "
        "organization.list_role_arn");
  }
  return ok(Topic::organization_caller, fmt::format("account {} is not the management account", facts.caller));
}

}  // namespace

Checks judge(const OrganizationFacts& facts) {
  if (facts.fixed_accounts) {
    return {ok(Topic::organization_read, "not needed: the accounts are listed in [accounts]")};
  }
  return {judge_organization(facts), judge_accounts(facts), judge_caller(facts)};
}

Task<OrganizationFacts> ask_organization(const engine::Context& context, rotation::OwnIdentity self) {
  OrganizationFacts facts;
  facts.fixed_accounts = !context.settings().scope.fixed_accounts.empty();
  facts.caller = self.account;
  facts.list_role = context.settings().scope.list_role;
  if (facts.fixed_accounts) co_return facts;
  aws::OrganizationsClient client(
      context.caller, rotation::listing_principal(context.caller, context.principal, self, context.settings()));
  auto organization = co_await client.describe_organization();
  facts.organization = std::move(organization);
  auto page = co_await client.list_accounts(std::nullopt);
  if (page) {
    facts.accounts = std::move(page->items);
  } else {
    facts.accounts = fail(page.error());
  }
  co_return facts;
}

}  // namespace rekeyer::doctor
