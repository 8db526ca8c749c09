// The world as a world file: everything exact, what is as it would be anyway left out.
#include "sandbox/world/world_file_dumping.hpp"

#include "sandbox/world/world_file.hpp"
#include "sandbox/world/world_file_members.hpp"
#include "sandbox/world/world_file_parts.hpp"

namespace rekeyer::sandbox {
namespace json = boost::json;
namespace {

template <class Part, class Write>
json::array of_all_regions(const Account& account, std::map<std::string, Part> Vault::* parts, Write write) {
  json::array all;
  for (const auto& [region, vault] : account.vaults) {
    for (const auto& [name, part] : vault.*parts) all.emplace_back(write(region, part));
  }
  return all;
}

const Tags& tags_of(const Organization& organization, const std::string& id) {
  static const Tags none;
  const auto found = organization.tags.find(id);
  return found == organization.tags.end() ? none : found->second;
}

json::object dump_account(const World& world, const Account& account) {
  const auto& organization = world.organization;
  const auto place = organization.parent_of.find(account.id);
  const bool member = place != organization.parent_of.end();
  const auto& messages = account.messages;
  Members members;
  members.always("id", account.id.str())
      .always("name", account.name)
      .always("email", account.email)
      .text("state", account.state, "ACTIVE")
      .instant("joined", account.joined)
      .text("ou", member ? place->second.str() : std::string{}, member ? organization.root.str() : std::string{})
      .flag("in_organization", member || organization.id.empty(), true)
      .text_map("tags", tags_of(organization, account.id.str()))
      .text("alias", account.iam.alias)
      .number("root_keys", account.iam.root_keys)
      .always("roles", values_of(account.iam.roles, dump_role))
      .filled("policies", values_of(account.iam.policies, dump_managed))
      .filled("groups", values_of(account.iam.groups, dump_group))
      .filled("users", values_of(account.iam.users, dump_user))
      .filled("report", dump_report(account.iam.report))
      .filled("secrets", of_all_regions(account, &Vault::secrets, dump_secret))
      .filled("kms_keys", of_all_regions(account, &Vault::keys, dump_kms_key))
      .flag("mail_sandbox", messages.mail_sandbox, false)
      .filled("mail_identities", values_of(messages.identities, dump_identity_of_mails))
      .filled("mails", list_of(messages.mails, dump_mail))
      .filled("topics", values_of(messages.topics, dump_topic));
  dump_services(members, account);
  return members.take();
}

json::array dump_accounts(const World& world) {
  json::array accounts;
  for (const auto& id : world.organization.order) {
    const auto* account = world.find_account(id);
    if (account != nullptr) accounts.emplace_back(dump_account(world, *account));
  }
  for (const auto& [id, account] : world.accounts) {
    if (!world.organization.parent_of.contains(id)) accounts.emplace_back(dump_account(world, account));
  }
  return accounts;
}

/// A unit's own members, then those below it: whoever reads this knows the parent already.
void dump_units_below(const Organization& organization, const OuId& parent, json::array& units) {
  for (const auto& [id, unit] : organization.units) {
    if (unit.parent != parent) continue;
    units.emplace_back(Members()
                           .always("id", id.str())
                           .always("name", unit.name)
                           .text("parent", parent.str(), organization.root.str())
                           .text_map("tags", tags_of(organization, id.str()))
                           .take());
    dump_units_below(organization, id, units);
  }
}

json::object dump_control(const ServiceControl& control) {
  return Members()
      .always("id", control.id)
      .always("name", control.name)
      .text("description", control.description)
      .always("document", document_value(control.document))
      .texts("targets", control.targets)
      .take();
}

json::object dump_request(const CreateAccountRequest& request) {
  return Members()
      .always("id", request.id)
      .text("name", request.name)
      .always("account", request.account.str())
      .instant("requested", request.requested)
      .take();
}

json::value dump_organization(const Organization& organization) {
  if (organization.id.empty()) return false;
  return Members()
      .always("id", organization.id)
      .always("root", organization.root.str())
      .instant("created", organization.created)
      .text_map("tags", tags_of(organization, organization.root.str()))
      .filled("controls", values_of(organization.controls, dump_control))
      .filled("delegated_administrators", list_of(organization.delegated_administrators,
                                                  [](const AccountId& id) { return json::string(id.str()); }))
      .filled("account_requests", values_of(organization.account_requests, dump_request))
      .take();
}

json::object dump_event(const KeyEvent& event) {
  return Members()
      .instant("at", event.at)
      .always("account", event.account.str())
      .always("user", event.user.str())
      .always("key", event.key.str())
      .always("what", event.what)
      .text("by", event.by)
      .text("secret", event.secret)
      .take();
}

}  // namespace

json::object dump_world(const World& world, const AwsBehaviour& behaviour) {
  json::array units;
  dump_units_below(world.organization, world.organization.root, units);
  const bool caller = world.find_user(world.tooling, UserName(std::string(caller_name))) != nullptr;
  return Members()
      .text("partition", world.partition, "aws")
      .always("management", world.organization.management.str())
      .always("tooling", world.tooling.str())
      .always("member_role", world.member_role.str())
      .flag("caller", caller, true)
      .always("options", describe_behaviour(behaviour))
      .always("organization", dump_organization(world.organization))
      .filled("ous", std::move(units))
      .always("accounts", dump_accounts(world))
      .filled("key_events", list_of(world.key_events, dump_event))
      .take();
}

}  // namespace rekeyer::sandbox
