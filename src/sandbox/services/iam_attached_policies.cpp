// Managed policies on users, groups and roles: attach, detach, list.
#include <fmt/format.h>

#include <algorithm>

#include "base/try.hpp"
#include "sandbox/services/iam_input.hpp"
#include "sandbox/services/iam_managed.hpp"
#include "sandbox/services/iam_page.hpp"
#include "sandbox/services/iam_policy_holders.hpp"
#include "sandbox/world/built_in_policies.hpp"

namespace rekeyer::sandbox {
namespace {

constexpr std::size_t most_attached = 10;

template <class Holder>
Output attach_policy(const Call& call, const Context& context) {
  TRY(auto* const holder, Holder::find(call, context));
  TRY(const auto arn_view, iam_required(call, "PolicyArn"));
  const std::string arn(arn_view);
  if (find_managed_policy(context.world, context.caller.account, arn) == nullptr) {
    return refuse("NoSuchEntity", fmt::format("Policy {} does not exist or is not attachable.", arn), 404);
  }
  if (std::ranges::find(holder->attached, arn) != holder->attached.end()) return boost::json::object();
  if (holder->attached.size() >= most_attached) return iam_over_quota(Holder::attached_quota, most_attached);
  holder->attached.push_back(arn);
  return boost::json::object();
}

template <class Holder>
Output detach_policy(const Call& call, const Context& context) {
  TRY(auto* const holder, Holder::find(call, context));
  TRY(const auto arn, iam_required(call, "PolicyArn"));
  if (std::erase_if(holder->attached, [&](const std::string& attached) { return attached == arn; }) == 0) {
    return refuse("NoSuchEntity", fmt::format("Policy {} was not found.", arn), 404);
  }
  return boost::json::object();
}

template <class Holder>
Output list_attached(const Call& call, const Context& context) {
  TRY(const auto* const holder, Holder::find(call, context));
  return page_of_sequence(
      call, context, "AttachedPolicies", holder->attached, [](const std::string& arn) { return std::string_view(arn); },
      append_attached_policy);
}

}  // namespace

std::span<const Operation> iam_attached_policy_operations() {
  static constexpr Operation operations[] = {
      {"AttachUserPolicy", attach_policy<UserHolder>},
      {"DetachUserPolicy", detach_policy<UserHolder>},
      {"AttachGroupPolicy", attach_policy<GroupHolder>},
      {"DetachGroupPolicy", detach_policy<GroupHolder>},
      {"AttachRolePolicy", attach_policy<RoleHolder>},
      {"DetachRolePolicy", detach_policy<RoleHolder>},
      {"ListAttachedUserPolicies", list_attached<UserHolder>},
      {"ListAttachedGroupPolicies", list_attached<GroupHolder>},
      {"ListAttachedRolePolicies", list_attached<RoleHolder>},
  };
  return operations;
}

}  // namespace rekeyer::sandbox
