#include "rehearsal/world_organization.hpp"

#include <map>
#include <string_view>

namespace rekeyer::rehearsal {
namespace {

aws::AccountState state_of(const std::string& state) {
  using enum aws::AccountState;
  static const std::map<std::string_view, aws::AccountState> states{{"PENDING_ACTIVATION", pending_activation},
                                                                    {"ACTIVE", active},
                                                                    {"SUSPENDED", suspended},
                                                                    {"PENDING_CLOSURE", pending_closure},
                                                                    {"CLOSED", closed}};
  const auto known = states.find(state);
  return known == states.end() ? other : known->second;
}

aws::Account account_of(const sandbox::Account& account) {
  aws::Account listed;
  listed.id = account.id;
  listed.name = account.name;
  listed.email = account.email;
  listed.state = state_of(account.state);
  return listed;
}

}  // namespace

ResultTask<aws::Organization> WorldOrganization::describe_organization() {
  const auto& organization = world_.organization;
  co_return aws::Organization{organization.id, organization.management};
}

ResultTask<aws::Page<aws::Account>> WorldOrganization::list_accounts(std::optional<std::string>) {
  aws::Page<aws::Account> page;
  for (const auto& id : world_.organization.order) {
    if (const auto* account = world_.find_account(id)) page.items.push_back(account_of(*account));
  }
  co_return page;
}

ResultTask<std::optional<OuId>> WorldOrganization::parent_of(std::string child) {
  const auto& organization = world_.organization;
  if (child == organization.root.str()) co_return std::optional<OuId>();
  if (const auto unit = organization.units.find(OuId(child)); unit != organization.units.end()) {
    co_return std::optional(unit->second.parent);
  }
  const auto place = organization.parent_of.find(AccountId(child));
  if (place == organization.parent_of.end()) co_return fail(ErrorKind::not_found, "no parent of " + child);
  co_return std::optional(place->second);
}

ResultTask<std::vector<aws::Account>> WorldOrganization::accounts_of(OuId parent) {
  std::vector<aws::Account> accounts;
  for (const auto& [id, place] : world_.organization.parent_of) {
    const auto* account = place == parent ? world_.find_account(id) : nullptr;
    if (account != nullptr) accounts.push_back(account_of(*account));
  }
  co_return accounts;
}

ResultTask<std::vector<OuId>> WorldOrganization::units_of(OuId parent) {
  std::vector<OuId> units;
  for (const auto& [id, unit] : world_.organization.units) {
    if (unit.parent == parent) units.push_back(id);
  }
  co_return units;
}

ResultTask<std::vector<OuId>> WorldOrganization::roots() { co_return std::vector{world_.organization.root}; }

ResultTask<std::map<std::string, std::string>> WorldOrganization::tags_of(AccountId account) {
  const auto& tags = world_.organization.tags;
  const auto found = tags.find(account.str());
  std::map<std::string, std::string> result;
  if (found != tags.end()) result.insert(found->second.begin(), found->second.end());
  co_return result;
}

}  // namespace rekeyer::rehearsal
