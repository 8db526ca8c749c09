// Managed policies themselves: the account's own and, to be read only, AWS's.
#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/try.hpp"
#include "sandbox/services/iam_documents.hpp"
#include "sandbox/services/iam_input.hpp"
#include "sandbox/services/iam_managed.hpp"
#include "sandbox/services/iam_page.hpp"
#include "sandbox/services/iam_policy_holders.hpp"
#include "sandbox/wire/reply.hpp"
#include "sandbox/world/built_in_policies.hpp"

namespace rekeyer::sandbox {
namespace {

constexpr std::size_t most_characters = 6144;
constexpr std::string_view only_version = "v1";

std::unexpected<ServiceError> no_policy(std::string_view arn) {
  return refuse("NoSuchEntity", fmt::format("Policy {} was not found.", arn), 404);
}

ServiceResult<const ManagedPolicy*> managed_policy(const Call& call, const Context& context) {
  TRY(const auto arn, iam_required(call, "PolicyArn"));
  const ManagedPolicy* const found = find_managed_policy(context.world, context.caller.account, std::string(arn));
  if (found == nullptr) return no_policy(arn);
  return found;
}

Output policy_output(const Context& context, const ManagedPolicy& policy) {
  boost::json::object output = arena_output();
  describe_managed_policy(output.emplace("Policy", boost::json::object_kind).first->value().get_object(), context,
                          policy);
  return output;
}

Output create_policy(const Call& call, const Context& context) {
  TRY(const auto name, iam_name(call, any_policy_name));
  ManagedPolicy policy;
  TRY(policy.path, iam_path(call));
  TRY(policy.document, identity_document(call));
  if (document_size(policy.document) > most_characters) return iam_over_quota("PolicySize", most_characters);
  auto& policies = context.iam().policies;
  for (const auto& [arn, other] : policies) {
    if (folded(other.name) != folded(name)) continue;
    return refuse("EntityAlreadyExists",
                  fmt::format("A policy called {} already exists. Duplicate names are not allowed.", name), 409);
  }
  policy.name = name;
  policy.id = context.world.ids.unique("ANPA");
  policy.created = whole_seconds(context.now);
  policy.arn = fmt::format("arn:{}:iam::{}:policy{}{}", context.world.partition, context.caller.account, policy.path,
                           policy.name);
  const std::string arn = policy.arn;
  return policy_output(context, policies.insert_or_assign(arn, std::move(policy)).first->second);
}

Output delete_policy(const Call& call, const Context& context) {
  TRY(const auto arn_view, iam_required(call, "PolicyArn"));
  const std::string arn(arn_view);
  if (!context.iam().policies.contains(arn)) return no_policy(arn);
  if (attachments(context, arn) > 0) {
    return refuse("DeleteConflict", "Cannot delete a policy attached to entities.", 409);
  }
  context.iam().policies.erase(arn);
  return boost::json::object();
}

Output get_policy(const Call& call, const Context& context) {
  TRY(const ManagedPolicy* const policy, managed_policy(call, context));
  return policy_output(context, *policy);
}

Output get_policy_version(const Call& call, const Context& context) {
  TRY(const ManagedPolicy* const policy, managed_policy(call, context));
  TRY(const auto version, iam_required(call, "VersionId"));
  if (version != only_version) {
    return refuse("NoSuchEntity", fmt::format("Policy {} version {} does not exist.", policy->arn, version), 404);
  }
  boost::json::object output = arena_output();
  describe_policy_version(output.emplace("PolicyVersion", boost::json::object_kind).first->value().get_object(),
                          *policy);
  return output;
}

Output list_policies(const Call& call, const Context& context) {
  TRY(const auto prefix, iam_path_prefix(call));
  const std::string_view scope = call.text("Scope").value_or("All");
  if (scope != "All" && scope != "AWS" && scope != "Local") {
    return iam_validation(
        fmt::format("Value '{}' at 'scope' failed to satisfy constraint: Member must satisfy enum "
                    "value set: [All, AWS, Local]",
                    scope));
  }
  const bool only_attached = call.boolean("OnlyAttached").value_or(false);
  std::vector<const ManagedPolicy*> listed;
  const auto collect = [&](const auto& policies) {
    for (const auto& [arn, policy] : policies) {
      if (!policy.path.starts_with(prefix)) continue;
      if (!only_attached || attachments(context, arn) > 0) listed.push_back(&policy);
    }
  };
  if (scope != "AWS") collect(context.iam().policies);
  if (scope != "Local") collect(built_in_policies(context.world.partition));
  return page_of_sequence(
      call, context, "Policies", listed, [](const ManagedPolicy* policy) { return std::string_view(policy->arn); },
      [&](boost::json::array& items, const ManagedPolicy* policy) {
        describe_managed_policy(items.emplace_back(boost::json::object_kind).get_object(), context, *policy);
      });
}

}  // namespace

std::size_t attachments(const Context& context, const std::string& arn) {
  std::size_t count = 0;
  const auto add = [&](const auto& entities) {
    for (const auto& [name, entity] : entities) {
      count += static_cast<std::size_t>(std::ranges::count(entity.attached, arn));
    }
  };
  add(context.iam().users);
  add(context.iam().groups);
  add(context.iam().roles);
  return count;
}

void describe_managed_policy(boost::json::object& into, const Context& context, const ManagedPolicy& policy) {
  into.emplace("PolicyName", policy.name);
  into.emplace("PolicyId", policy.id);
  into.emplace("Arn", policy.arn);
  into.emplace("Path", policy.path);
  into.emplace("DefaultVersionId", only_version);
  into.emplace("AttachmentCount", attachments(context, policy.arn));
  into.emplace("PermissionsBoundaryUsageCount", 0);
  into.emplace("IsAttachable", true);
  into.emplace("CreateDate", xml_time(policy.created));
  into.emplace("UpdateDate", xml_time(policy.created));
}

void describe_policy_version(boost::json::object& into, const ManagedPolicy& policy) {
  into.emplace("Document", percent_encoded(policy.document));
  into.emplace("VersionId", only_version);
  into.emplace("IsDefaultVersion", true);
  into.emplace("CreateDate", xml_time(policy.created));
}

void append_attached_policy(boost::json::array& into, const std::string& arn) {
  boost::json::object& policy_output = into.emplace_back(boost::json::object_kind).get_object();
  policy_output.emplace("PolicyName", std::string_view(arn).substr(arn.rfind('/') + 1));
  policy_output.emplace("PolicyArn", arn);
}

std::span<const Operation> iam_managed_policy_operations() {
  static constexpr Operation operations[] = {
      {"CreatePolicy", create_policy},          {"DeletePolicy", delete_policy}, {"GetPolicy", get_policy},
      {"GetPolicyVersion", get_policy_version}, {"ListPolicies", list_policies},
  };
  return operations;
}

}  // namespace rekeyer::sandbox
