// Which permissions a call needs, and whether its caller has them: identity policies (own, groups', managed), session
// policy, resource and key policies, service control policies, trust of roles.
#pragma once

#include "sandbox/access/policy.hpp"
#include "sandbox/access/principal.hpp"
#include "sandbox/behaviour/aws_behaviour.hpp"
#include "sandbox/wire/call.hpp"
#include "sandbox/wire/service_error.hpp"
#include "sandbox/world/world.hpp"

namespace rekeyer::sandbox {

/// A role of rekeyer's own tried to read a secret's value, whether it may or not: worth knowing (I7).
struct ValueRead {
  std::string principal;
  std::string operation;
  std::string secret;
};

/// Nothing: allowed. GetCallerIdentity needs no permission; GetSecretValue is always decided for real, whatever
/// `strict_auth` says, and noted in `reads` when the member role tries it.
std::optional<ServiceError> authorize(World& world, const AwsBehaviour& behaviour, const Call& call,
                                      const Principal& principal, std::vector<ValueRead>& reads, Instant now);

/// Why the value of that secret (a name or an ARN) may not be read by the principal; nothing: it may. What
/// GetSecretValue is refused for, and what BatchGetSecretValue says of each of its secrets.
std::optional<ServiceError> refuse_value(World& world, const Call& call, const Principal& principal,
                                         std::string_view secret_id, Instant now);

/// Whether the role's trust policy lets the principal assume it under these conditions.
bool trusts(const World& world, const AccountId& role_account, const Role& role, const Principal& principal,
            std::string_view session_name, std::optional<std::string_view> external_id);

/// A call that nobody makes: what a simulation asks about, under the conditions that it was told.
struct Supposition {
  std::string_view action;
  std::string_view resource;
  ConditionContext conditions;
};
/// What the service control policies above the account say: deny wins; where any is attached to a level, one of that
/// level must allow. The management account is never limited.
bool allowed_by_service_control(const World& world, const AccountId& account, const Supposition& supposed);

}  // namespace rekeyer::sandbox
