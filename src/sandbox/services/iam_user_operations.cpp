// IAM's users: their names, tags and groups.
#include <fmt/format.h>

#include <algorithm>

#include "base/try.hpp"
#include "sandbox/services/iam_entities.hpp"
#include "sandbox/services/iam_input.hpp"
#include "sandbox/services/iam_page.hpp"
#include "sandbox/services/service.hpp"

namespace rekeyer::sandbox {
namespace {

constexpr std::size_t most_users = 5000;

Output user_output(const Context& context, const User& user) {
  boost::json::object output = arena_output();
  boost::json::object& into = output.emplace("User", boost::json::object_kind).first->value().get_object();
  describe_user(into, context, user);
  if (!user.tags.empty()) describe_tags(into, user.tags);
  return output;
}

std::unexpected<ServiceError> taken(std::string_view name) {
  return refuse("EntityAlreadyExists", fmt::format("User with name {} already exists.", name), 409);
}

Output list_users(const Call& call, const Context& context) {
  TRY(const auto prefix, iam_path_prefix(call));
  return page_of_map(
      call, context, "Users", context.iam().users, [&](const User& user) { return user.path.starts_with(prefix); },
      [&](boost::json::object& into, const User& user) { describe_user(into, context, user); });
}

Output get_user(const Call& call, const Context& context) {
  TRY(const User* const user, iam_user_or_caller(call, context));
  return user_output(context, *user);
}

Output create_user(const Call& call, const Context& context) {
  TRY(const auto name, iam_name(call, new_user_name));
  User user;
  TRY(user.path, iam_path(call));
  TRY(user.tags, iam_tagged({}, call));
  auto& users = context.iam().users;
  if (users.contains(folded(name))) return taken(name);
  if (users.size() >= most_users) return iam_over_quota("UsersPerAccount", most_users);
  user.name = UserName(std::string(name));
  user.id = context.world.ids.unique("AIDA");
  user.created = whole_seconds(context.now);
  return user_output(context, users.insert_or_assign(folded(name), std::move(user)).first->second);
}

Output delete_user(const Call& call, const Context& context) {
  TRY(const User* const user, iam_user(call, context));
  const auto conflict = [](std::string_view what) {
    return refuse("DeleteConflict", fmt::format("Cannot delete entity, must {} first.", what), 409);
  };
  if (!user->keys.empty()) return conflict("delete access keys");
  if (!user->policies.empty()) return conflict("delete policies");
  if (!user->attached.empty()) return conflict("detach all policies");
  for (const auto& [name, group] : context.iam().groups) {
    if (is_member(group, user->name)) return conflict("remove users from group");
  }
  const UserName name = user->name;  // the user itself goes while it is looked for
  context.world.remove_user(context.caller.account, name);
  return boost::json::object();
}

Output update_user(const Call& call, const Context& context) {
  TRY(User* const user, iam_user(call, context));
  std::string path = user->path;
  if (call.text("NewPath")) {
    TRY(path, iam_path(call, "NewPath"));
  }
  if (call.text("NewUserName")) {
    TRY(const auto name, iam_name(call, {"NewUserName", new_user_name.longest}));
    const bool other = folded(name) != folded(user->name.str());
    if (other && context.iam().users.contains(folded(name))) return taken(name);
    context.world.rename_user(context.caller.account, user->name, UserName(std::string(name)));
  }
  user->path = std::move(path);
  return boost::json::object();
}

Output tag_user(const Call& call, const Context& context) {
  TRY(User* const user, iam_user(call, context));
  TRY(user->tags, iam_tagged(user->tags, call));
  return boost::json::object();
}

Output untag_user(const Call& call, const Context& context) {
  TRY(User* const user, iam_user(call, context));
  user->tags = iam_untagged(std::move(user->tags), call);
  return boost::json::object();
}

Output list_user_tags(const Call& call, const Context& context) {
  TRY(const User* const user, iam_user(call, context));
  return page_of_tags(call, context, user->tags);
}

Output list_groups_for_user(const Call& call, const Context& context) {
  TRY(const User* const user, iam_user(call, context));
  return page_of_map(
      call, context, "Groups", context.iam().groups, [&](const Group& group) { return is_member(group, user->name); },
      [&](boost::json::object& into, const Group& group) { describe_group(into, context, group); });
}

}  // namespace

std::span<const Operation> iam_user_operations() {
  static constexpr Operation operations[] = {
      {"ListUsers", list_users},
      {"GetUser", get_user},
      {"CreateUser", create_user},
      {"DeleteUser", delete_user},
      {"UpdateUser", update_user},
      {"TagUser", tag_user},
      {"UntagUser", untag_user},
      {"ListUserTags", list_user_tags},
      {"ListGroupsForUser", list_groups_for_user},
  };
  return operations;
}

}  // namespace rekeyer::sandbox
