// Inline policies: put, get, delete, list, for users, groups and roles.
#include <fmt/format.h>

#include "base/try.hpp"
#include "sandbox/services/iam_documents.hpp"
#include "sandbox/services/iam_input.hpp"
#include "sandbox/services/iam_page.hpp"
#include "sandbox/services/iam_policy_holders.hpp"
#include "sandbox/wire/reply.hpp"

namespace rekeyer::sandbox {
namespace {

template <class Holder>
std::unexpected<ServiceError> no_inline_policy(std::string_view name) {
  return iam_not_found(fmt::format("{} policy", Holder::noun), name);
}

/// The quota counts all inline policies of the holder together.
template <class Holder>
Output put_policy(const Call& call, const Context& context) {
  TRY(auto* const holder, Holder::find(call, context));
  TRY(const auto name_view, iam_name(call, any_policy_name));
  TRY(auto document, identity_document(call));
  const std::string name(name_view);
  std::size_t size = document_size(document);
  for (const auto& [other, text] : holder->policies) size += other == name ? 0 : document_size(text);
  if (size > Holder::inline_characters) {
    return refuse("LimitExceeded",
                  fmt::format("Maximum policy size of {} bytes exceeded for {} {}", Holder::inline_characters,
                              Holder::noun, holder->name.str()),
                  409);
  }
  holder->policies.insert_or_assign(name, std::move(document));
  return boost::json::object();
}

template <class Holder>
Output get_inline_policy(const Call& call, const Context& context) {
  TRY(const auto* const holder, Holder::find(call, context));
  TRY(const auto name, iam_name(call, any_policy_name));
  const auto found = holder->policies.find(std::string(name));
  if (found == holder->policies.end()) return no_inline_policy<Holder>(name);
  boost::json::object output = arena_output();
  output.emplace(Holder::name_member, holder->name.str());
  output.emplace("PolicyName", found->first);
  output.emplace("PolicyDocument", percent_encoded(found->second));
  return output;
}

template <class Holder>
Output delete_inline_policy(const Call& call, const Context& context) {
  TRY(auto* const holder, Holder::find(call, context));
  TRY(const auto name, iam_name(call, any_policy_name));
  if (holder->policies.erase(std::string(name)) == 0) return no_inline_policy<Holder>(name);
  return boost::json::object();
}

template <class Holder>
Output list_inline_policies(const Call& call, const Context& context) {
  TRY(const auto* const holder, Holder::find(call, context));
  return page_of_sequence(
      call, context, "PolicyNames", holder->policies, [](const auto& policy) { return std::string_view(policy.first); },
      [](boost::json::array& items, const auto& policy) { items.emplace_back(policy.first); });
}

}  // namespace

std::span<const Operation> iam_inline_policy_operations() {
  static constexpr Operation operations[] = {
      {"PutUserPolicy", put_policy<UserHolder>},
      {"GetUserPolicy", get_inline_policy<UserHolder>},
      {"DeleteUserPolicy", delete_inline_policy<UserHolder>},
      {"ListUserPolicies", list_inline_policies<UserHolder>},
      {"PutGroupPolicy", put_policy<GroupHolder>},
      {"GetGroupPolicy", get_inline_policy<GroupHolder>},
      {"DeleteGroupPolicy", delete_inline_policy<GroupHolder>},
      {"ListGroupPolicies", list_inline_policies<GroupHolder>},
      {"PutRolePolicy", put_policy<RoleHolder>},
      {"GetRolePolicy", get_inline_policy<RoleHolder>},
      {"DeleteRolePolicy", delete_inline_policy<RoleHolder>},
      {"ListRolePolicies", list_inline_policies<RoleHolder>},
  };
  return operations;
}

}  // namespace rekeyer::sandbox
