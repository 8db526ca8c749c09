// IAM's roles and whom they trust.
#include <fmt/format.h>

#include "base/try.hpp"
#include "sandbox/services/iam_documents.hpp"
#include "sandbox/services/iam_entities.hpp"
#include "sandbox/services/iam_input.hpp"
#include "sandbox/services/iam_page.hpp"
#include "sandbox/services/service.hpp"

namespace rekeyer::sandbox {
namespace {

constexpr std::size_t most_roles = 1000;
constexpr std::int64_t shortest_session = 3600;
constexpr std::int64_t longest_session = 43200;

void describe_whole_role(boost::json::object& into, const Context& context, const Role& role) {
  describe_role(into, context, role);
  if (!role.description.empty()) into.emplace("Description", role.description);
  into.emplace("MaxSessionDuration", role.max_session);
}

Output role_output(const Context& context, const Role& role) {
  boost::json::object output = arena_output();
  boost::json::object& into = output.emplace("Role", boost::json::object_kind).first->value().get_object();
  describe_whole_role(into, context, role);
  if (!role.tags.empty()) describe_tags(into, role.tags);
  into.emplace("RoleLastUsed", boost::json::object_kind);
  return output;
}

/// What of the call's Description and MaxSessionDuration is given.
ServiceResult<void> read_settings(Role& role, const Call& call) {
  if (const auto description = call.text("Description")) role.description = *description;
  if (!call.input.contains("MaxSessionDuration")) return {};
  const std::int64_t seconds = call.integer("MaxSessionDuration").value_or(0);
  if (seconds < shortest_session || seconds > longest_session) {
    return iam_validation(
        fmt::format("Value '{}' at 'maxSessionDuration' failed to satisfy constraint: Member must have value between "
                    "{} and {}",
                    seconds, shortest_session, longest_session));
  }
  role.max_session = static_cast<int>(seconds);
  return {};
}

Output create_role(const Call& call, const Context& context) {
  TRY(const auto name, iam_name(call, any_role_name));
  Role role;
  TRY(role.path, iam_path(call));
  TRY(role.trust, trust_document(call, "AssumeRolePolicyDocument"));
  TRY(role.tags, iam_tagged({}, call));
  TRY_VOID(read_settings(role, call));
  auto& roles = context.iam().roles;
  if (roles.contains(folded(name))) {
    return refuse("EntityAlreadyExists", fmt::format("Role with name {} already exists.", name), 409);
  }
  if (roles.size() >= most_roles) return iam_over_quota("RolesPerAccount", most_roles);
  role.name = RoleName(std::string(name));
  role.id = context.world.ids.unique("AROA");
  role.created = whole_seconds(context.now);
  return role_output(context, roles.insert_or_assign(folded(name), std::move(role)).first->second);
}

Output delete_role(const Call& call, const Context& context) {
  TRY(const Role* const role, iam_role(call, context));
  const auto conflict = [](std::string_view what) {
    return refuse("DeleteConflict", fmt::format("Cannot delete entity, must {} first.", what), 409);
  };
  if (!role->policies.empty()) return conflict("delete policies");
  if (!role->attached.empty()) return conflict("detach all policies");
  const std::string name = folded(role->name.str());
  context.iam().roles.erase(name);
  return boost::json::object();
}

Output get_role(const Call& call, const Context& context) {
  TRY(const Role* const role, iam_role(call, context));
  return role_output(context, *role);
}

Output list_roles(const Call& call, const Context& context) {
  TRY(const auto prefix, iam_path_prefix(call));
  return page_of_map(
      call, context, "Roles", context.iam().roles, [&](const Role& role) { return role.path.starts_with(prefix); },
      [&](boost::json::object& into, const Role& role) { describe_whole_role(into, context, role); });
}

Output update_assume_role_policy(const Call& call, const Context& context) {
  TRY(Role* const role, iam_role(call, context));
  TRY(role->trust, trust_document(call, "PolicyDocument"));
  return boost::json::object();
}

Output update_role(const Call& call, const Context& context) {
  TRY(Role* const role, iam_role(call, context));
  TRY_VOID(read_settings(*role, call));
  return boost::json::object();
}

Output tag_role(const Call& call, const Context& context) {
  TRY(Role* const role, iam_role(call, context));
  TRY(role->tags, iam_tagged(role->tags, call));
  return boost::json::object();
}

Output untag_role(const Call& call, const Context& context) {
  TRY(Role* const role, iam_role(call, context));
  role->tags = iam_untagged(std::move(role->tags), call);
  return boost::json::object();
}

Output list_role_tags(const Call& call, const Context& context) {
  TRY(const Role* const role, iam_role(call, context));
  return page_of_tags(call, context, role->tags);
}

}  // namespace

std::span<const Operation> iam_role_operations() {
  static constexpr Operation operations[] = {
      {"CreateRole", create_role},
      {"DeleteRole", delete_role},
      {"GetRole", get_role},
      {"ListRoles", list_roles},
      {"UpdateAssumeRolePolicy", update_assume_role_policy},
      {"UpdateRole", update_role},
      {"TagRole", tag_role},
      {"UntagRole", untag_role},
      {"ListRoleTags", list_role_tags},
  };
  return operations;
}

}  // namespace rekeyer::sandbox
