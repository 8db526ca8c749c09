// IAM: most actions are on a user, a group, a role or a policy, whose ARN holds its path.
#include <fmt/format.h>

#include <algorithm>

#include "sandbox/access/needs.hpp"

namespace rekeyer::sandbox {
namespace {

/// Those that mean the caller where they name no user.
constexpr std::string_view own_user_operations[] = {
    "CreateAccessKey",   "UpdateAccessKey",
    "DeleteAccessKey",   "ListAccessKeys",
    "GetUser",           "ListUserTags",
    "TagUser",           "UntagUser",
    "GetUserPolicy",     "PutUserPolicy",
    "DeleteUserPolicy",  "ListUserPolicies",
    "ListGroupsForUser", "ListAttachedUserPolicies",
};

struct Target {
  const World& world;
  const Call& call;
  const Account* account;
  const AccountId& id;

  std::string arn(std::string_view kind, std::string_view path, std::string_view name) const {
    return fmt::format("arn:{}:iam::{}:{}{}{}", world.partition, id, kind, path, name);
  }
};

/// What is not there yet is where the call would put it.
std::string_view asked_path(const Call& call) { return call.text("Path").value_or("/"); }

template <class Things>
auto find_named(const Things& things, std::string_view name) {
  return things.find(folded(name));
}

void name_user(Need& need, const Target& target, std::string_view name) {
  if (target.account != nullptr) {
    const auto found = find_named(target.account->iam.users, name);
    if (found != target.account->iam.users.end()) {
      need.resource = target.world.user_arn(target.id, found->second).str();
      need.resource_tags = &found->second.tags;
      return;
    }
  }
  need.resource = target.arn("user", asked_path(target.call), name);
}

void name_group(Need& need, const Target& target, std::string_view name) {
  if (target.account != nullptr) {
    const auto found = find_named(target.account->iam.groups, name);
    if (found != target.account->iam.groups.end()) {
      need.resource = target.world.group_arn(target.id, found->second).str();
      return;
    }
  }
  need.resource = target.arn("group", asked_path(target.call), name);
}

void name_role(Need& need, const Target& target, std::string_view name) {
  if (target.account != nullptr) {
    const auto found = find_named(target.account->iam.roles, name);
    if (found != target.account->iam.roles.end()) {
      need.resource = target.world.role_arn(target.id, found->second).str();
      need.resource_tags = &found->second.tags;
      return;
    }
  }
  need.resource = target.arn("role", asked_path(target.call), name);
}

/// The call names a key; the permission is on its owner.
void name_owner(Need& need, World& world, const Call& call, const AccountId& account) {
  const auto place = world.find_key(AccessKeyId(std::string(call.text_or_empty("AccessKeyId"))));
  if (place.user == nullptr || place.account->id != account) return;
  need.resource = world.user_arn(account, *place.user).str();
  need.resource_tags = &place.user->tags;
}

}  // namespace

std::vector<Need> iam_needs(World& world, const Call& call, const Principal& principal) {
  std::vector<Need> needs(1);
  auto& need = needs.front();
  need.action = std::string("iam:").append(call.operation);
  need.resource = "*";
  const Target target{world, call, world.find_account(principal.account), principal.account};
  const auto user = call.text_or_empty("UserName");
  const auto group = call.text_or_empty("GroupName");
  if (call.operation == "GetAccessKeyLastUsed") {
    name_owner(need, world, call, principal.account);
  } else if (!group.empty()) {
    name_group(need, target, group);
  } else if (!user.empty()) {
    name_user(need, target, user);
  } else if (const auto role = call.text_or_empty("RoleName"); !role.empty()) {
    name_role(need, target, role);
  } else if (const auto source = call.text_or_empty("PolicySourceArn"); !source.empty()) {
    need.resource = source;
  } else if (const auto arn = call.text_or_empty("PolicyArn"); !arn.empty()) {
    need.resource = arn;
  } else if (const auto policy = call.text_or_empty("PolicyName"); !policy.empty()) {
    need.resource = target.arn("policy", asked_path(call), policy);
  } else if (std::ranges::find(own_user_operations, call.operation) != std::end(own_user_operations)) {
    need.resource = principal.kind == PrincipalKind::user ? principal.identity_arn.str()
                                                          : target.arn("user", "/", principal.role.str());
  }
  return needs;
}

}  // namespace rekeyer::sandbox
