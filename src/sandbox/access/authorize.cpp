// The decision on a call: every need of it against all policies that have a say, with the reason that AWS would give.
#include "sandbox/access/authorize.hpp"

#include <fmt/format.h>

#include "sandbox/access/credential_refusals.hpp"
#include "sandbox/access/identity_policies.hpp"
#include "sandbox/access/needs.hpp"
#include "sandbox/access/request_context.hpp"
#include "sandbox/access/service_control.hpp"

namespace rekeyer::sandbox {
namespace {

/// What the resource's own policy says, and whether it means the caller itself or leaves it to the caller's account.
struct ResourceSays {
  AccessDecision verdict = AccessDecision::none;
  bool by_name = false;
};

ResourceSays judge_resource(const Need& need, const Principal& principal, const RequestContext& context) {
  if (need.resource_policy == nullptr) return {};
  AskingPrincipal asking{{principal.arn.str(), principal.identity_arn.str()}, principal.account.str()};
  // What is granted to the user is not granted to whom it vouches for.
  if (!principal.federated) asking.id = principal.identity_id;
  asking.bound = need.principals;
  const Question question{need.action, need.resource, &asking, context};
  ResourceSays says;
  says.verdict = judge(*need.resource_policy, question);
  if (says.verdict != AccessDecision::allow) return says;
  asking.account.clear();
  says.by_name = judge(*need.resource_policy, question) == AccessDecision::allow;
  return says;
}

bool crosses_accounts(const Need& need, const Principal& principal) {
  if (need.rule == ResourceRule::trusted_by || need.action.starts_with("iam:")) return false;
  // The organization is the management account's; who else may read it is the service's to say, by delegation.
  if (need.action.starts_with("organizations:")) return false;
  const auto owner = arn_part(need.resource, 4);
  return !owner.empty() && owner != principal.account.str();
}

std::string not_allowed_by(std::string_view what, const Need& need) {
  return fmt::format("because no {} policy allows the {} action", what, need.action);
}

/// The reason against it by the identity's and the resource's policies together; empty: they allow it.
std::string objection(const Need& need, const Principal& principal, AccessDecision own, const ResourceSays& resource) {
  const bool by_own = own == AccessDecision::allow;
  const bool by_resource = resource.verdict == AccessDecision::allow;
  if (crosses_accounts(need, principal)) {
    if (!by_own) return not_allowed_by("identity-based", need);
    return by_resource ? "" : not_allowed_by("resource-based", need);
  }
  if (resource.by_name) return {};
  if (need.rule == ResourceRule::key && need.resource_policy != nullptr && !by_resource) {
    return not_allowed_by("resource-based", need);
  }
  return by_own ? "" : not_allowed_by("identity-based", need);
}

std::string reason_against(const World& world, const Call& call, const Principal& principal, const Need& need) {
  const CallContext context({world, call, principal, need});
  const Question question{need.action, need.resource, nullptr, context};
  const auto control = service_control(world.organization, principal.account, question);
  if (control == AccessDecision::deny) return "with an explicit deny in a service control policy";
  const auto own = judge_identity(world, principal, question);
  if (own == AccessDecision::deny) return "with an explicit deny in an identity-based policy";
  const auto resource = judge_resource(need, principal, context);
  if (resource.verdict == AccessDecision::deny) return "with an explicit deny in a resource-based policy";
  if (control == AccessDecision::none) return not_allowed_by("service control", need);
  if (!principal.session_policy.empty() || principal.federated) {
    const auto session = judge(principal.session_policy, question);
    if (session == AccessDecision::deny) return "with an explicit deny in a session policy";
    // A federated user has what session policies leave of its user's rights, and what resources grant itself.
    const bool granted = principal.federated && resource.by_name && !crosses_accounts(need, principal);
    if (session == AccessDecision::none && !granted) return not_allowed_by("session", need);
  }
  return objection(need, principal, own, resource);
}

std::optional<ServiceError> require(const World& world, const Call& call, const Principal& principal,
                                    const Need& need) {
  const auto reason = reason_against(world, call, principal, need);
  if (reason.empty()) return std::nullopt;
  return denied(call.service, principal.arn.str(), need.action, need.resource, reason);
}

bool is_rekeyers_own(const World& world, const Principal& principal) {
  return principal.kind == PrincipalKind::role && principal.role == world.member_role;
}

std::optional<ServiceError> authorize_value_read(World& world, const Call& call, const Principal& principal,
                                                 std::vector<ValueRead>& reads, Instant now) {
  const auto id = call.text_or_empty("SecretId");
  if (is_rekeyers_own(world, principal)) {
    reads.push_back({principal.arn.str(), call.operation, std::string(id)});
  }
  if (call.operation == "GetSecretValue") return refuse_value(world, call, principal, id, now);
  if (auto refusal = require(world, call, principal, {"secretsmanager:BatchGetSecretValue", "*"})) return refusal;
  // Which secrets may be read is said of each in the answer.
  if (call.list("Filters") == nullptr) return std::nullopt;
  return require(world, call, principal, {"secretsmanager:ListSecrets", "*"});
}

/// An administrator of the account has every right, and is stopped by what a resource denies him, as on AWS.
std::optional<ServiceError> refuse_administrator(const World& world, const Call& call, const Principal& principal,
                                                 const std::vector<Need>& needs) {
  for (const auto& need : needs) {
    const CallContext context({world, call, principal, need});
    if (judge_resource(need, principal, context).verdict != AccessDecision::deny) continue;
    return denied(call.service, principal.arn.str(), need.action, need.resource,
                  "with an explicit deny in a resource-based policy");
  }
  return std::nullopt;
}

/// A user's own temporary credentials open neither IAM nor, but for who one is and roles, STS. To IAM they are unknown.
std::optional<ServiceError> refuse_users_session(const Call& call, const Principal& principal) {
  if (!principal.session || principal.kind != PrincipalKind::user) return std::nullopt;
  if (call.service == "iam") return unusable_credentials(call);
  if (call.service != "sts" || call.operation == "GetCallerIdentity") return std::nullopt;
  if (call.operation == "AssumeRole" && !principal.federated) return std::nullopt;
  return ServiceError{"AccessDenied", fmt::format("Cannot call {} with session credentials", call.operation), 403};
}

}  // namespace

std::optional<ServiceError> authorize(World& world, const AwsBehaviour& behaviour, const Call& call,
                                      const Principal& principal, std::vector<ValueRead>& reads, Instant now) {
  if (principal.kind == PrincipalKind::anonymous) return std::nullopt;
  const bool secrets = call.service == "secretsmanager";
  const bool values = secrets && (call.operation == "GetSecretValue" || call.operation == "BatchGetSecretValue");
  if (principal.kind == PrincipalKind::administrator) {
    if (call.operation == "GetSecretValue" && secrets) {
      return refuse_value(world, call, principal, call.text_or_empty("SecretId"), now);
    }
    if (!secrets || values) return std::nullopt;
    return refuse_administrator(world, call, principal, needs_of(world, call, principal, now));
  }
  if (auto refusal = refuse_users_session(call, principal)) return refusal;
  if (values) {
    return authorize_value_read(world, call, principal, reads, now);
  }
  if (!behaviour.strict_auth) return std::nullopt;
  for (const auto& need : needs_of(world, call, principal, now)) {
    if (auto refusal = require(world, call, principal, need)) return refusal;
  }
  return std::nullopt;
}

std::optional<ServiceError> refuse_value(World& world, const Call& call, const Principal& principal,
                                         std::string_view secret_id, Instant now) {
  const auto needs = value_needs(world, call, principal, secret_id, now);
  if (principal.kind == PrincipalKind::administrator) return refuse_administrator(world, call, principal, needs);
  for (const auto& need : needs) {
    if (auto refusal = require(world, call, principal, need)) return refusal;
  }
  const auto& need = needs.front();
  const bool own_key = needs.size() > 1;
  if (own_key || !crosses_accounts(need, principal)) return std::nullopt;
  // AWS's key can't be shared.
  return denied(call.service, principal.arn.str(), need.action, need.resource,
                "because the secret is encrypted with a key of another account");
}

bool trusts(const World& world, const AccountId& role_account, const Role& role, const Principal& principal,
            std::string_view session_name, std::optional<std::string_view> external_id) {
  const auto* account = world.find_account(role_account);
  if (account == nullptr || account->state != "ACTIVE") return false;
  auto context = principal_context(world, principal);
  context["sts:rolesessionname"] = {std::string(session_name)};
  if (external_id) context["sts:externalid"] = {std::string(*external_id)};
  const KnownContext known(std::move(context));
  AskingPrincipal asking{{principal.arn.str(), principal.identity_arn.str()}, principal.account.str()};
  asking.id = principal.identity_id;
  const auto resource = world.role_arn(role_account, role);
  return judge(role.trust, {"sts:AssumeRole", resource.str(), &asking, known}) == AccessDecision::allow;
}

}  // namespace rekeyer::sandbox
