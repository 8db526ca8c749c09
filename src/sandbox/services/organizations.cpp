// Organizations as a whole: its table of operations, and who may ask.
#include "sandbox/services/organizations.hpp"

#include <algorithm>
#include <vector>

namespace rekeyer::sandbox {

ServiceResult<void> check_member(const Context& context) {
  const Organization& organization = context.world.organization;
  const AccountId& account = context.caller.account;
  if (organization.id.empty() || (account != organization.management && !organization.parent_of.contains(account))) {
    return refuse("AWSOrganizationsNotInUseException", "Your account is not a member of an organization.");
  }
  return {};
}

ServiceResult<void> check_manager(const Context& context) {
  if (auto member = check_member(context); !member) return member;
  if (context.caller.account != context.world.organization.management) {
    return refuse("AccessDeniedException", "You don't have permissions to access this resource.");
  }
  return {};
}

ServiceResult<void> check_reader(const Context& context) {
  if (auto member = check_member(context); !member) return member;
  const auto& delegated = context.world.organization.delegated_administrators;
  if (!context.behaviour.organizations_only_management ||
      std::ranges::find(delegated, context.caller.account) != delegated.end()) {
    return {};
  }
  return check_manager(context);
}

std::unexpected<ServiceError> invalid_organization_input(std::string_view what) {
  return refuse("InvalidInputException", "You specified an invalid value: " + std::string(what));
}

std::span<const Operation> organizations_operations() {
  static const std::vector<Operation> all = [] {
    std::vector<Operation> joined;
    for (const auto part :
         {organization_reading_operations(), organization_account_operations(), organization_unit_operations(),
          organization_policy_operations(), organization_attachment_operations(), organization_tag_operations()}) {
      joined.insert(joined.end(), part.begin(), part.end());
    }
    return joined;
  }();
  return all;
}

}  // namespace rekeyer::sandbox
