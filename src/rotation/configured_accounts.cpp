#include "rotation/configured_accounts.hpp"

#include <algorithm>

#include "aws/auth/assume_role_provider.hpp"
#include "aws/auth/cached_provider.hpp"

namespace rekeyer::rotation {
namespace {

bool asks_for_ous(const policy::PolicyConfig& policy) {
  return std::ranges::any_of(policy.overrides, [](const auto& rule) { return rule.match.ou.has_value(); }) ||
         std::ranges::any_of(policy.exempt_users, [](const auto& user) { return user.match.ou.has_value(); });
}

/// The list role's credentials where one is configured, otherwise the caller's.
aws::Principal listing_principal(aws::Caller& caller, aws::Principal principal, const Arn& list_role) {
  if (list_role.empty()) return principal;
  aws::AssumeRole request;
  request.role = list_role;
  request.session_name = "rekeyer-list";
  auto provider =
      std::make_shared<aws::AssumeRoleProvider>(caller, principal, std::move(request), "organization.list_role_arn");
  principal.credentials = std::make_shared<aws::CachedProvider>(std::move(provider), caller.clock());
  return principal;
}

}  // namespace

ConfiguredAccounts::ConfiguredAccounts(aws::Caller& caller, const aws::Principal& principal, const Self& self,
                                       const Settings& settings, const Filter& filter) {
  const auto& scope = settings.scope;
  if (!scope.fixed_accounts.empty()) {
    source_ = fixed_source(scope, filter);
    return;
  }
  auto listing = listing_principal(caller, principal, scope.list_role);
  listing.pace_account = self.account;
  organizations_ = std::make_unique<aws::OrganizationsClient>(caller, std::move(listing));
  source_ = organization_source(*organizations_, scope, filter, asks_for_ous(settings.policy));
}

}  // namespace rekeyer::rotation
