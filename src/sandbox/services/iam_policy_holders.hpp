// Users, groups and roles as holders of policies: the same operations three times, with other names and quotas.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "sandbox/services/iam_entities.hpp"
#include "sandbox/services/service.hpp"

namespace rekeyer::sandbox {

struct UserHolder {
  using Entity = User;
  static constexpr std::string_view noun = "user";
  static constexpr std::string_view name_member = "UserName";
  static constexpr std::string_view attached_quota = "PoliciesPerUser";
  static constexpr std::size_t inline_characters = 2048;
  static ServiceResult<User*> find(const Call& call, const Context& context) { return iam_user(call, context); }
};

struct GroupHolder {
  using Entity = Group;
  static constexpr std::string_view noun = "group";
  static constexpr std::string_view name_member = "GroupName";
  static constexpr std::string_view attached_quota = "PoliciesPerGroup";
  static constexpr std::size_t inline_characters = 5120;
  static ServiceResult<Group*> find(const Call& call, const Context& context) { return iam_group(call, context); }
};

struct RoleHolder {
  using Entity = Role;
  static constexpr std::string_view noun = "role";
  static constexpr std::string_view name_member = "RoleName";
  static constexpr std::string_view attached_quota = "PoliciesPerRole";
  static constexpr std::size_t inline_characters = 10240;
  static ServiceResult<Role*> find(const Call& call, const Context& context) { return iam_role(call, context); }
};

// The parts of iam_policy_operations().
std::span<const Operation> iam_inline_policy_operations();
std::span<const Operation> iam_attached_policy_operations();
std::span<const Operation> iam_managed_policy_operations();

}  // namespace rekeyer::sandbox
