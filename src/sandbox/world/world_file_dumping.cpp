// The world as a world file: everything exact, what is as it would be anyway left out.
#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <concepts>

#include "sandbox/world/world_file.hpp"
#include "sandbox/world/world_file_parts.hpp"

namespace rekeyer::sandbox {
namespace json = boost::json;
namespace {

/// To the millisecond where there are any.
std::string exact(Instant instant) {
  auto text = iso8601(instant);
  const auto rest = instant - std::chrono::floor<std::chrono::seconds>(instant);
  if (rest != Milliseconds::zero()) text.insert(text.size() - 1, fmt::format(".{:03}", rest.count()));
  return text;
}

/// As an object where that says the same to the byte.
json::value document(const std::string& text) {
  json::error_code failure;
  auto value = json::parse(text, failure);
  if (!failure && value.is_object() && json::serialize(value) == text) return value;
  return json::string(text);
}

template <class Map, class Write>
json::object map_of(const Map& map, Write write) {
  json::object object;
  for (const auto& [name, value] : map) object[name] = write(value);
  return object;
}

template <class List, class Write>
json::array list_of(const List& list, Write write) {
  json::array array;
  array.reserve(list.size());
  for (const auto& each : list) array.emplace_back(write(each));
  return array;
}

/// Puts members into an object, leaving out those that are empty or as by default.
class Members {
 public:
  Members& text(std::string_view name, const std::string& value, std::string_view usual = {}) {
    if (value != usual) object_[name] = value;
    return *this;
  }
  Members& flag(std::string_view name, std::same_as<bool> auto value, bool usual) {
    if (value != usual) object_[name] = value;
    return *this;
  }
  Members& number(std::string_view name, std::same_as<int> auto value, int usual = 0) {
    if (value != usual) object_[name] = value;
    return *this;
  }
  Members& instant(std::string_view name, Instant value) {
    object_[name] = exact(value);
    return *this;
  }
  Members& some_instant(std::string_view name, const std::optional<Instant>& value) {
    if (value) object_[name] = exact(*value);
    return *this;
  }
  Members& texts(std::string_view name, const auto& list) {
    return filled(name, list_of(list, [](const std::string& each) { return json::string(each); }));
  }
  Members& text_map(std::string_view name, const std::map<std::string, std::string>& map) {
    return filled(name, map_of(map, [](const std::string& each) { return json::string(each); }));
  }
  Members& documents(std::string_view name, const std::map<std::string, std::string>& map) {
    return filled(name, map_of(map, document));
  }
  /// An object or a list, where there is anything in it.
  template <class Container>
  Members& filled(std::string_view name, Container container) {
    if (!container.empty()) object_[name] = std::move(container);
    return *this;
  }
  template <class Value>
  Members& always(std::string_view name, Value value) {
    object_[name] = std::move(value);
    return *this;
  }
  json::object take() { return std::move(object_); }

 private:
  json::object object_;
};

json::object dump_use(const std::optional<KeyUse>& use) {
  if (!use) return {};
  return Members().instant("at", use->at).always("service", use->service).always("region", use->region).take();
}

std::optional<Instant> set_instant(Instant instant) {
  return instant == Instant{} ? std::nullopt : std::optional(instant);
}

json::object dump_key(const AccessKey& key) {
  return Members()
      .always("id", key.id.str())
      .always("secret", key.secret)
      .text("status", key.active ? "Active" : "Inactive", "Active")
      .instant("created", key.created)
      .filled("last_use", dump_use(key.last_use))
      .filled("earlier_use", dump_use(key.earlier_use))
      .some_instant("usable_from", set_instant(key.usable_from))
      .number("refusals_left", key.refusals_left)
      .some_instant("status_changed", set_instant(key.status_changed))
      .some_instant("status_spreads_until", set_instant(key.status_spreads_until))
      .text("issued_by", key.issued_by)
      .take();
}

/// What users, groups and roles have alike.
template <class Identity>
Members dump_identity(const Identity& identity) {
  Members members;
  members.always("name", identity.name.str())
      .always("id", identity.id)
      .text("path", identity.path, "/")
      .instant("created", identity.created);
  if constexpr (requires { identity.tags; }) members.text_map("tags", identity.tags);
  members.texts("attached", identity.attached);
  return members;
}

json::object dump_user(const User& user) {
  return dump_identity(user)
      .documents("policies", user.policies)
      .some_instant("password_last_used", user.password_last_used)
      .filled("keys", list_of(user.keys, dump_key))
      .take();
}

json::object dump_group(const Group& group) {
  return dump_identity(group)
      .documents("policies", group.policies)
      .filled("members", list_of(group.members, [](const UserName& name) { return json::string(name.str()); }))
      .take();
}

json::object dump_role(const Role& role) {
  // Without them a role would get those of the member role.
  return dump_identity(role)
      .always("policies", map_of(role.policies, document))
      .always("trust", document(role.trust))
      .text("description", role.description)
      .number("max_session", role.max_session, 3600)
      .take();
}

json::object dump_managed(const ManagedPolicy& policy) {
  return Members()
      .always("arn", policy.arn)
      .always("name", policy.name)
      .always("id", policy.id)
      .text("path", policy.path, "/")
      .instant("created", policy.created)
      .always("document", document(policy.document))
      .take();
}

json::object dump_report(const std::optional<StoredReport>& report) {
  if (!report) return {};
  return Members()
      .instant("requested", report->requested)
      .instant("ready", report->ready)
      .number("polls_left", report->polls_left)
      .always("csv", report->csv)
      .take();
}

json::object dump_version(const SecretVersion& version) {
  return Members()
      .always("id", version.id)
      .text("value", version.value)
      .flag("binary", version.binary, false)
      .texts("stages", version.stages)
      .instant("created", version.created)
      .take();
}

json::object dump_replica(const SecretReplica& replica) {
  return Members()
      .always("region", replica.region.str())
      .text("kms_key_id", replica.kms_key_id)
      .text("status", replica.status, "InSync")
      .text("status_message", replica.status_message)
      .take();
}

json::object dump_secret(const Region& region, const StoredSecret& secret) {
  Members members;
  members.always("name", secret.name)
      .text("region", region.str(), default_region)
      .always("arn", secret.arn.str())
      .text("description", secret.description)
      .text("kms_key_id", secret.kms_key_id)
      .text_map("tags", secret.tags)
      .instant("created", secret.created)
      .instant("changed", secret.changed)
      .some_instant("accessed", secret.accessed)
      .some_instant("deleted_on", secret.deleted_on)
      .some_instant("deletion", secret.deletion);
  if (secret.policy) members.always("policy", document(*secret.policy));
  json::array versions;
  for (const auto& [id, version] : secret.versions) versions.emplace_back(dump_version(version));
  return members.filled("versions", std::move(versions))
      .filled("replicas", list_of(secret.replicas, dump_replica))
      .take();
}

json::object dump_kms_key(const Region& region, const KmsKey& key) {
  return Members()
      .always("id", key.id)
      .text("region", region.str(), default_region)
      .text("description", key.description)
      .always("policy", document(key.policy))
      .flag("enabled", key.enabled, true)
      .instant("created", key.created)
      .take();
}

json::object dump_mail(const SentMail& mail) {
  return Members()
      .always("id", mail.id)
      .instant("at", mail.at)
      .text("region", mail.region.str(), default_region)
      .text("from", mail.from)
      .texts("to", mail.to)
      .texts("cc", mail.cc)
      .texts("bcc", mail.bcc)
      .text("subject", mail.subject)
      .text("text", mail.text)
      .text("html", mail.html)
      .text("raw", mail.raw)
      .take();
}

json::object dump_subscription(const Subscription& subscription) {
  return Members()
      .always("arn", subscription.arn.str())
      .text("protocol", subscription.protocol, "email")
      .always("endpoint", subscription.endpoint)
      .take();
}

json::object dump_published(const PublishedMessage& message) {
  return Members()
      .always("id", message.id)
      .instant("at", message.at)
      .text("subject", message.subject)
      .text("message", message.message)
      .text("structure", message.structure)
      .text_map("attributes", message.attributes)
      .take();
}

json::object dump_topic(const Topic& topic) {
  return Members()
      .always("arn", topic.arn.str())
      .text("display_name", topic.display_name)
      .filled("subscriptions", list_of(topic.subscriptions, dump_subscription))
      .filled("published", list_of(topic.published, dump_published))
      .take();
}

json::object dump_identity_of_mails(const MailIdentity& identity) {
  return Members().always("name", identity.name).flag("verified", identity.verified, true).take();
}

/// The values of a map, in its order.
template <class Map, class Write>
json::array values_of(const Map& map, Write write) {
  return list_of(map, [&](const auto& entry) { return write(entry.second); });
}

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
  return Members()
      .always("id", account.id.str())
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
      .filled("topics", values_of(messages.topics, dump_topic))
      .take();
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
      .always("document", document(control.document))
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

json::object dump_world(const World& world, const Truths& truths) {
  json::array units;
  dump_units_below(world.organization, world.organization.root, units);
  const bool caller = world.find_user(world.tooling, UserName(std::string(caller_name))) != nullptr;
  return Members()
      .text("partition", world.partition, "aws")
      .always("management", world.organization.management.str())
      .always("tooling", world.tooling.str())
      .always("member_role", world.member_role.str())
      .flag("caller", caller, true)
      .always("options", describe_truths(truths))
      .always("organization", dump_organization(world.organization))
      .filled("ous", std::move(units))
      .always("accounts", dump_accounts(world))
      .filled("key_events", list_of(world.key_events, dump_event))
      .take();
}

}  // namespace rekeyer::sandbox
