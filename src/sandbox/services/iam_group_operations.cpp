// IAM's groups and who is in them.
#include <fmt/format.h>

#include "base/try.hpp"
#include "sandbox/services/iam_entities.hpp"
#include "sandbox/services/iam_input.hpp"
#include "sandbox/services/iam_page.hpp"
#include "sandbox/services/service.hpp"

namespace rekeyer::sandbox {
namespace {

constexpr std::size_t most_groups = 300;
constexpr std::size_t most_groups_of_a_user = 10;

void show(boost::json::object& output, const Context& context, const Group& group) {
  describe_group(output.emplace("Group", boost::json::object_kind).first->value().get_object(), context, group);
}

Output create_group(const Call& call, const Context& context) {
  TRY(const auto name, iam_name(call, any_group_name));
  Group group;
  TRY(group.path, iam_path(call));
  auto& groups = context.iam().groups;
  if (groups.contains(folded(name))) {
    return refuse("EntityAlreadyExists", fmt::format("Group with name {} already exists.", name), 409);
  }
  if (groups.size() >= most_groups) return iam_over_quota("GroupsPerAccount", most_groups);
  group.name = GroupName(std::string(name));
  group.id = context.world.ids.unique("AGPA");
  group.created = whole_seconds(context.now);
  boost::json::object output = arena_output();
  show(output, context, groups.insert_or_assign(folded(name), std::move(group)).first->second);
  return output;
}

Output delete_group(const Call& call, const Context& context) {
  TRY(const Group* const group, iam_group(call, context));
  const auto conflict = [](std::string_view what) {
    return refuse("DeleteConflict", fmt::format("Cannot delete entity, must {} first.", what), 409);
  };
  if (!group->members.empty()) return conflict("remove users from group");
  if (!group->policies.empty()) return conflict("delete policies");
  if (!group->attached.empty()) return conflict("detach all policies");
  const std::string name = folded(group->name.str());
  context.iam().groups.erase(name);
  return boost::json::object();
}

Output get_group(const Call& call, const Context& context) {
  TRY(const Group* const group, iam_group(call, context));
  const auto& users = context.iam().users;
  auto output = page_of_sequence(
      call, context, "Users", group->members, [](const UserName& member) { return std::string_view(member.str()); },
      [&](boost::json::array& items, const UserName& member) {
        const auto user = users.find(folded(member.str()));
        if (user == users.end()) return;
        describe_user(items.emplace_back(boost::json::object_kind).get_object(), context, user->second);
      });
  if (output) show(*output, context, *group);
  return output;
}

Output list_groups(const Call& call, const Context& context) {
  TRY(const auto prefix, iam_path_prefix(call));
  return page_of_map(
      call, context, "Groups", context.iam().groups, [&](const Group& group) { return group.path.starts_with(prefix); },
      [&](boost::json::object& into, const Group& group) { describe_group(into, context, group); });
}

Output add_user_to_group(const Call& call, const Context& context) {
  TRY(Group* const group, iam_group(call, context));
  TRY(const User* const user, iam_user(call, context));
  if (is_member(*group, user->name)) return boost::json::object();
  std::size_t present = 0;
  for (const auto& [name, other] : context.iam().groups) present += is_member(other, user->name) ? 1 : 0;
  if (present >= most_groups_of_a_user) return iam_over_quota("GroupsPerUser", most_groups_of_a_user);
  group->members.push_back(user->name);
  return boost::json::object();
}

Output remove_user_from_group(const Call& call, const Context& context) {
  TRY(Group* const group, iam_group(call, context));
  TRY(const User* const user, iam_user(call, context));
  std::erase_if(group->members,
                [&](const UserName& member) { return folded(member.str()) == folded(user->name.str()); });
  return boost::json::object();
}

}  // namespace

std::span<const Operation> iam_group_operations() {
  static constexpr Operation operations[] = {
      {"CreateGroup", create_group},
      {"DeleteGroup", delete_group},
      {"GetGroup", get_group},
      {"ListGroups", list_groups},
      {"AddUserToGroup", add_user_to_group},
      {"RemoveUserFromGroup", remove_user_from_group},
  };
  return operations;
}

}  // namespace rekeyer::sandbox
