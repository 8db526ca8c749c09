// SimulatePrincipalPolicy: identity policies and, for accounts of an organization, service control policies.
#include <fmt/format.h>

#include "base/try.hpp"
#include "sandbox/access/authorize.hpp"
#include "sandbox/access/policy.hpp"
#include "sandbox/services/iam_account_reads.hpp"
#include "sandbox/services/iam_entities.hpp"
#include "sandbox/services/iam_input.hpp"
#include "sandbox/services/iam_page.hpp"
#include "sandbox/world/built_in_policies.hpp"

namespace rekeyer::sandbox {
namespace {

namespace json = boost::json;

template <class Entity>
void add_documents(std::vector<std::string>& documents, const Context& context, const Entity& entity) {
  for (const auto& [name, document] : entity.policies) documents.push_back(document);
  for (const std::string& arn : entity.attached) {
    const ManagedPolicy* const policy = find_managed_policy(context.world, context.caller.account, arn);
    if (policy != nullptr) documents.push_back(policy->document);
  }
}

/// The policies of the user, group or role of that ARN.
ServiceResult<std::vector<std::string>> documents_of(std::string_view arn, const Context& context) {
  std::vector<std::string> documents;
  const Iam& iam = context.iam();
  const AccountId& account = context.caller.account;
  const std::string name = folded(arn.substr(arn.rfind('/') + 1));
  if (const auto user = iam.users.find(name);
      user != iam.users.end() && context.world.user_arn(account, user->second).str() == arn) {
    add_documents(documents, context, user->second);
    for (const auto& [group_name, group] : iam.groups) {
      if (is_member(group, user->second.name)) add_documents(documents, context, group);
    }
    return documents;
  }
  if (const auto role = iam.roles.find(name);
      role != iam.roles.end() && context.world.role_arn(account, role->second).str() == arn) {
    add_documents(documents, context, role->second);
    return documents;
  }
  if (const auto group = iam.groups.find(name);
      group != iam.groups.end() && context.world.group_arn(account, group->second).str() == arn) {
    add_documents(documents, context, group->second);
    return documents;
  }
  return refuse("NoSuchEntity", fmt::format("Provided entity {} does not exist.", arn), 404);
}

std::string_view decision(AccessDecision verdict) {
  switch (verdict) {
    case AccessDecision::allow: return "allowed";
    case AccessDecision::deny: return "explicitDeny";
    case AccessDecision::none: return "implicitDeny";
  }
  return "implicitDeny";
}

/// [{ContextKeyName, ContextKeyValues, ContextKeyType}]
ConditionContext conditions_of(const Call& call) {
  ConditionContext conditions;
  const json::array* const entries = call.list("ContextEntries");
  if (entries == nullptr) return conditions;
  for (const json::value& item : *entries) {
    const json::object* const entry = item.if_object();
    const json::value* const name = entry == nullptr ? nullptr : entry->if_contains("ContextKeyName");
    const json::value* const values = entry == nullptr ? nullptr : entry->if_contains("ContextKeyValues");
    if (name == nullptr || !name->is_string() || values == nullptr || !values->is_array()) continue;
    auto& list = conditions[folded(std::string_view(name->get_string()))];
    for (const json::value& value : values->get_array()) {
      if (value.is_string()) list.emplace_back(value.get_string());
    }
  }
  return conditions;
}

}  // namespace

Output simulate_principal_policy(const Call& call, const Context& context) {
  TRY(const auto source, iam_required(call, "PolicySourceArn"));
  const auto actions = call.texts("ActionNames");
  if (actions.empty()) {
    return iam_validation("Value null at 'actionNames' failed to satisfy constraint: Member must not be null");
  }
  TRY(auto documents, documents_of(source, context));
  for (std::string& more : call.texts("PolicyInputList")) documents.push_back(std::move(more));
  auto resources = call.texts("ResourceArns");
  if (resources.empty()) resources.emplace_back("*");
  const ConditionContext conditions = conditions_of(call);
  // Who would call stands in conditions of service control policies more than anything else.
  ConditionContext as_source = conditions;
  as_source.try_emplace("aws:principalarn", std::vector{std::string(source)});
  const bool in_organization = context.world.organization.parent_of.contains(context.caller.account);
  json::object output = arena_output();
  json::array& results = output.emplace("EvaluationResults", json::array_kind).first->value().get_array();
  for (const std::string& action : actions) {
    for (const std::string& resource : resources) {
      json::object& result = results.emplace_back(json::object_kind).get_object();
      result.emplace("EvalActionName", action);
      result.emplace("EvalResourceName", resource);
      AccessDecision verdict = evaluate(documents, action, resource, conditions);
      if (in_organization) {
        const bool left =
            allowed_by_service_control(context.world, context.caller.account, {action, resource, as_source});
        if (!left) verdict = AccessDecision::none;
        result.emplace("OrganizationsDecisionDetail", json::object{{"AllowedByOrganizations", left}});
      }
      result.emplace("EvalDecision", decision(verdict));
      result.emplace("MatchedStatements", json::array_kind);
      result.emplace("MissingContextValues", json::array_kind);
    }
  }
  output.emplace("IsTruncated", false);
  return output;
}

}  // namespace rekeyer::sandbox
