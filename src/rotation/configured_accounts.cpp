#include "rotation/configured_accounts.hpp"

#include <algorithm>

#include "aws/auth/assume_role_provider.hpp"
#include "aws/auth/cached_provider.hpp"
#include "policy/precedence.hpp"

namespace rekeyer::rotation {

bool asks_for_ous(const policy::PolicyConfig& policy) {
  return std::ranges::any_of(policy.overrides, [](const auto& rule) { return rule.match.ou.has_value(); }) ||
         std::ranges::any_of(policy.exempt_users, [](const auto& user) { return user.match.ou.has_value(); });
}

aws::Principal listing_principal(aws::Caller& caller, const aws::Principal& principal, const OwnIdentity& self,
                                 const Settings& settings) {
  auto listing = principal;
  const auto& list_role = settings.scope.list_role;
  if (!list_role.empty()) {
    aws::AssumeRole request;
    request.role = list_role;
    request.session_name = "rekeyer-list";
    auto provider =
        std::make_shared<aws::AssumeRoleProvider>(caller, principal, std::move(request), "organization.list_role_arn");
    listing.credentials = std::make_shared<aws::CachedProvider>(std::move(provider), caller.clock());
  }
  listing.pace_account = self.account;
  return listing;
}

ConfiguredAccounts::ConfiguredAccounts(aws::Caller& caller, const aws::Principal& principal, const OwnIdentity& self,
                                       const Settings& settings, const Filter& filter, const StopFlag* stop) {
  const auto& scope = settings.scope;
  if (!scope.fixed_accounts.empty()) {
    source_ = fixed_source(scope, filter);
    return;
  }
  organizations_ =
      std::make_unique<aws::OrganizationsClient>(caller, listing_principal(caller, principal, self, settings));
  source_ = organization_source(*organizations_, scope, filter, asks_for_ous(settings.policy), stop);
}

}  // namespace rekeyer::rotation
