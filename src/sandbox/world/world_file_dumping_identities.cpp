// IAM as a world file has it: users, groups, roles, managed policies and the credential report.
#include "sandbox/world/world_file_dumping.hpp"
#include "sandbox/world/world_file_members.hpp"

namespace rekeyer::sandbox {
namespace json = boost::json;
namespace {

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

}  // namespace

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
      .always("policies", map_of(role.policies, document_value))
      .always("trust", document_value(role.trust))
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
      .always("document", document_value(policy.document))
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

}  // namespace rekeyer::sandbox
