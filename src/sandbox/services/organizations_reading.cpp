// Organizations, reading: the organisation, its tree and its accounts.
#include <fmt/format.h>

#include <array>
#include <vector>

#include "base/try.hpp"
#include "sandbox/services/organizations.hpp"

namespace rekeyer::sandbox {
namespace {

using boost::json::object;

/// ParentId, which must be in the tree.
ServiceResult<OuId> asked_parent(const Call& call, const Context& context) {
  OuId parent{std::string(call.text_or_empty("ParentId"))};
  if (!parent.str().starts_with("r-") && !parent.str().starts_with("ou-")) {
    return invalid_organization_input("ParentId must be the id of a root or of an organizational unit.");
  }
  if (!is_parent(context.world.organization, parent)) {
    return refuse("ParentNotFoundException", "You specified parent that doesn't exist.");
  }
  return parent;
}

std::vector<const AccountId*> accounts_under(const Organization& organization, const OuId& parent) {
  std::vector<const AccountId*> found;
  for (const auto& [account, place] : organization.parent_of) {
    if (place == parent) found.push_back(&account);
  }
  return found;
}

std::vector<const Unit*> units_under(const Organization& organization, const OuId& parent) {
  std::vector<const Unit*> found;
  for (const auto& [id, unit] : organization.units) {
    if (unit.parent == parent) found.push_back(&unit);
  }
  return found;
}

Output show_organization(const Call&, const Context& context) {
  return object{{"Organization", describe_organization(context.world)}};
}

Output list_accounts(const Call& call, const Context& context) {
  const auto& order = context.world.organization.order;
  return page_of(call, context, {.member = "Accounts", .of = {}, .count = order.size(), .item = [&](std::size_t i) {
                                   return describe_account(context, order[i]);
                                 }});
}

Output list_accounts_for_parent(const Call& call, const Context& context) {
  TRY(const OuId parent, asked_parent(call, context));
  const auto accounts = accounts_under(context.world.organization, parent);
  return page_of(call, context,
                 {.member = "Accounts", .of = parent.str(), .count = accounts.size(), .item = [&](std::size_t i) {
                    return describe_account(context, *accounts[i]);
                  }});
}

Output list_units_for_parent(const Call& call, const Context& context) {
  TRY(const OuId parent, asked_parent(call, context));
  const auto units = units_under(context.world.organization, parent);
  return page_of(
      call, context,
      {.member = "OrganizationalUnits", .of = parent.str(), .count = units.size(), .item = [&](std::size_t i) {
         return describe_unit(context.world, *units[i]);
       }});
}

Output list_children(const Call& call, const Context& context) {
  TRY(const OuId parent, asked_parent(call, context));
  const std::string type(call.text_or_empty("ChildType"));
  std::vector<std::string> children;
  if (type == "ACCOUNT") {
    for (const AccountId* account : accounts_under(context.world.organization, parent)) {
      children.push_back(account->str());
    }
  } else if (type == "ORGANIZATIONAL_UNIT") {
    for (const Unit* unit : units_under(context.world.organization, parent)) children.push_back(unit->id.str());
  } else {
    return invalid_organization_input("ChildType must be ACCOUNT or ORGANIZATIONAL_UNIT.");
  }
  return page_of(call, context,
                 {.member = "Children",
                  .of = fmt::format("{} {}", parent, type),
                  .count = children.size(),
                  .item = [&](std::size_t i) { return object{{"Id", children[i]}, {"Type", type}}; }});
}

Output list_parents(const Call& call, const Context& context) {
  const Organization& organization = context.world.organization;
  const std::string child(call.text_or_empty("ChildId"));
  OuId parent;
  if (const auto account = organization.parent_of.find(AccountId(child)); account != organization.parent_of.end()) {
    parent = account->second;
  } else if (const auto unit = organization.units.find(OuId(child)); unit != organization.units.end()) {
    parent = unit->second.parent;
  } else {
    return refuse("ChildNotFoundException", "You specified a child that doesn't exist.");
  }
  const std::string_view type = parent == organization.root ? "ROOT" : "ORGANIZATIONAL_UNIT";
  return page_of(call, context, {.member = "Parents", .of = child, .count = 1, .item = [&](std::size_t) {
                                   return object{{"Id", parent.str()}, {"Type", type}};
                                 }});
}

Output list_roots(const Call& call, const Context& context) {
  const OuId& root = context.world.organization.root;
  return page_of(
      call, context,
      {.member = "Roots", .of = {}, .count = 1, .item = [&](std::size_t) {
         return object{
             {"Id", root.str()},
             {"Arn", organization_arn(context.world, "root", root.str())},
             {"Name", "Root"},
             {"PolicyTypes", boost::json::array{object{{"Type", "SERVICE_CONTROL_POLICY"}, {"Status", "ENABLED"}}}}};
       }});
}

Output show_account(const Call& call, const Context& context) {
  const AccountId id{std::string(call.text_or_empty("AccountId"))};
  if (!valid_account_id(id.str())) return invalid_organization_input("AccountId must be twelve digits.");
  if (!context.world.organization.parent_of.contains(id)) {
    return refuse("AccountNotFoundException", "You specified an account that doesn't exist.");
  }
  return object{{"Account", describe_account(context, id)}};
}

Output show_unit(const Call& call, const Context& context) {
  const auto& units = context.world.organization.units;
  const auto unit = units.find(OuId(std::string(call.text_or_empty("OrganizationalUnitId"))));
  if (unit == units.end()) {
    return refuse("OrganizationalUnitNotFoundException", "You specified an organizational unit that doesn't exist.");
  }
  return object{{"OrganizationalUnit", describe_unit(context.world, unit->second)}};
}

}  // namespace

std::span<const Operation> organization_reading_operations() {
  static constexpr std::array operations{
      Operation{"DescribeOrganization", guarded<check_member, show_organization>},
      Operation{"ListAccounts", guarded<check_reader, list_accounts>},
      Operation{"ListAccountsForParent", guarded<check_reader, list_accounts_for_parent>},
      Operation{"ListOrganizationalUnitsForParent", guarded<check_reader, list_units_for_parent>},
      Operation{"ListChildren", guarded<check_reader, list_children>},
      Operation{"ListParents", guarded<check_reader, list_parents>},
      Operation{"ListRoots", guarded<check_reader, list_roots>},
      Operation{"DescribeAccount", guarded<check_reader, show_account>},
      Operation{"DescribeOrganizationalUnit", guarded<check_reader, show_unit>},
  };
  return operations;
}

}  // namespace rekeyer::sandbox
