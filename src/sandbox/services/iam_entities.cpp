// Finding and showing IAM's users, groups and roles.
#include "sandbox/services/iam_entities.hpp"

#include <algorithm>

#include "base/try.hpp"
#include "sandbox/services/iam_input.hpp"
#include "sandbox/services/iam_page.hpp"
#include "sandbox/wire/reply.hpp"

namespace rekeyer::sandbox {
namespace {

template <class Entity>
ServiceResult<Entity*> find(std::map<std::string, Entity>& entities, std::string_view kind, std::string_view name) {
  const auto found = entities.find(folded(name));
  if (found == entities.end()) return iam_not_found(kind, name);
  return &found->second;
}

void append_tag(boost::json::array& list, const Tags::value_type& tag) {
  boost::json::object& shown = list.emplace_back(boost::json::object_kind).get_object();
  shown.emplace("Key", tag.first);
  shown.emplace("Value", tag.second);
}

void add_time(boost::json::object& into, std::string_view member, Instant at) {
  const std::string text = xml_time(at);
  into.emplace(member, text);
}

}  // namespace

ServiceResult<User*> iam_user(const Call& call, const Context& context) {
  TRY(const auto name, iam_name(call, any_user_name));
  return find(context.iam().users, "user", name);
}

ServiceResult<User*> iam_user_or_caller(const Call& call, const Context& context) {
  if (call.text("UserName")) return iam_user(call, context);
  if (context.caller.kind != PrincipalKind::user) {
    return refuse("ValidationError", "Must specify userName when calling with non-User credentials");
  }
  return find(context.iam().users, "user", context.caller.user.str());
}

ServiceResult<Group*> iam_group(const Call& call, const Context& context) {
  TRY(const auto name, iam_name(call, any_group_name));
  return find(context.iam().groups, "group", name);
}

ServiceResult<Role*> iam_role(const Call& call, const Context& context) {
  TRY(const auto name, iam_name(call, any_role_name));
  return find(context.iam().roles, "role", name);
}

void describe_user(boost::json::object& into, const Context& context, const User& user) {
  into.reserve(10);
  into.emplace("Path", user.path);
  into.emplace("UserName", user.name.str());
  into.emplace("UserId", user.id);
  into.emplace("Arn", context.world.user_arn(context.caller.account, user).str());
  add_time(into, "CreateDate", user.created);
  if (user.password_last_used) add_time(into, "PasswordLastUsed", *user.password_last_used);
}

void describe_group(boost::json::object& into, const Context& context, const Group& group) {
  into.reserve(7);
  into.emplace("Path", group.path);
  into.emplace("GroupName", group.name.str());
  into.emplace("GroupId", group.id);
  into.emplace("Arn", context.world.group_arn(context.caller.account, group).str());
  add_time(into, "CreateDate", group.created);
}

void describe_role(boost::json::object& into, const Context& context, const Role& role) {
  into.reserve(12);
  into.emplace("Path", role.path);
  into.emplace("RoleName", role.name.str());
  into.emplace("RoleId", role.id);
  into.emplace("Arn", context.world.role_arn(context.caller.account, role).str());
  add_time(into, "CreateDate", role.created);
  into.emplace("AssumeRolePolicyDocument", percent_encoded(role.trust));
}

void describe_tags(boost::json::object& into, const Tags& tags) {
  boost::json::array& list = into.emplace("Tags", boost::json::array_kind).first->value().get_array();
  for (const auto& tag : tags) append_tag(list, tag);
}

Output page_of_tags(const Call& call, const Context& context, const Tags& tags) {
  return page_of_sequence(
      call, context, "Tags", tags, [](const auto& tag) { return std::string_view(tag.first); }, append_tag);
}

bool is_member(const Group& group, const UserName& user) {
  const std::string name = folded(user.str());
  return std::ranges::any_of(group.members, [&](const UserName& member) { return folded(member.str()) == name; });
}

Instant whole_seconds(Instant instant) { return std::chrono::floor<std::chrono::seconds>(instant); }

}  // namespace rekeyer::sandbox
