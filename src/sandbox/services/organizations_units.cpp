// Organizations, set-up: the organisation itself and its units.
#include <fmt/format.h>

#include <array>

#include "base/try.hpp"
#include "sandbox/services/organizations.hpp"

namespace rekeyer::sandbox {
namespace {

using boost::json::object;

Output create_organization(const Call& call, const Context& context) {
  World& world = context.world;
  Organization& organization = world.organization;
  if (!organization.id.empty()) {
    return refuse("AlreadyInOrganizationException", "The AWS account is already a member of an organization.");
  }
  const std::string_view features = call.text_or_empty("FeatureSet");
  if (!features.empty() && features != "ALL") {
    return invalid_organization_input("the sandbox has organizations with all features only.");
  }
  organization = Organization{};
  organization.id = "o-" + world.ids.lower(10);
  organization.management = context.caller.account;
  organization.root = OuId("r-" + world.ids.lower(4));
  organization.created = context.now;
  organization.order = {context.caller.account};
  organization.parent_of[context.caller.account] = organization.root;
  context.account().joined = context.now;
  return object{{"Organization", describe_organization(world)}};
}

Output create_unit(const Call& call, const Context& context) {
  World& world = context.world;
  Organization& organization = world.organization;
  const OuId parent{std::string(call.text_or_empty("ParentId"))};
  if (!is_parent(organization, parent)) {
    return refuse("ParentNotFoundException", "You specified parent that doesn't exist.");
  }
  const std::string name(call.text_or_empty("Name"));
  if (name.empty() || name.size() > 128) return invalid_organization_input("Name must have 1 to 128 characters.");
  for (const auto& [id, unit] : organization.units) {
    if (unit.parent == parent && unit.name == name) {
      return refuse("DuplicateOrganizationalUnitException", "An OU with the same name already exists.");
    }
  }
  // An OU's id repeats its root's: ou-<root>-<eight of its own>.
  Unit unit{.id = OuId(fmt::format("ou-{}-{}", organization.root.str().substr(2), world.ids.lower(8))),
            .parent = parent,
            .name = name};
  const auto [made, fresh] = organization.units.emplace(unit.id, unit);
  keep_tags(call, organization, unit.id.str());
  return object{{"OrganizationalUnit", describe_unit(world, made->second)}};
}

}  // namespace

std::span<const Operation> organization_unit_operations() {
  static constexpr std::array operations{
      Operation{"CreateOrganization", create_organization},
      Operation{"CreateOrganizationalUnit", guarded<check_manager, create_unit>},
  };
  return operations;
}

}  // namespace rekeyer::sandbox
