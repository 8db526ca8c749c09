// Who signed a call: from an access key id to a user, a role's session or the sandbox's administrator, and whether the
// signature is good, in the order in which AWS notices.
#pragma once

#include <string>

#include "aws/http/message.hpp"
#include "base/names.hpp"
#include "base/time.hpp"
#include "sandbox/behaviour/aws_behaviour.hpp"
#include "sandbox/wire/call.hpp"
#include "sandbox/wire/service_error.hpp"
#include "sandbox/world/world.hpp"

namespace rekeyer::sandbox {

enum class PrincipalKind { anonymous, administrator, user, role };

struct Principal {
  PrincipalKind kind = PrincipalKind::anonymous;
  AccountId account;
  Arn arn;           ///< as GetCallerIdentity shows it: an assumed role's session ARN
  Arn identity_arn;  ///< the user's or the role's own, to which policies belong
  UserName user;
  RoleName role;
  std::string user_id;      ///< "AIDA…", or "AROA…:session"
  std::string identity_id;  ///< of the user or the role itself: "AIDA…", "AROA…"
  AccessKeyId key;
  std::string session_policy;
  Tags session_tags;
  bool session = false;    ///< temporary credentials: AssumeRole with them is chaining
  bool federated = false;  ///< a session of GetFederationToken; `user` is who opened it, and bounds it
  Instant issued{};        ///< of a session: when it was opened
};

/// Every account has an administrator who may do everything, for people who look around and for tests:
/// key id SANDBOXADMIN<account id>, secret access key `sandbox-administrator`.
AccessKeyId administrator_key(const AccountId& account);
inline constexpr std::string_view administrator_secret = "sandbox-administrator";
/// Its root user has the same rights and the same secret access key under SANDBOXROOT<account id>, so that it can be
/// shown what refuses a root user.
AccessKeyId root_key(const AccountId& account);

/// The caller as far as the key id tells, without any check; nothing for an unknown key.
std::optional<Principal> identify(World& world, const Call& call);

/// Checks everything about the credentials: known, active, spread, not expired, scope, signature, age; and notes the
/// use of a user's key. `any_date` (header x-sandbox-any-date) lets a signature of any date pass and is not a use: for
/// clients whose clock is not the sandbox's.
ServiceResult<Principal> authenticate(World& world, const AwsBehaviour& behaviour, const Call& call,
                                      const aws::HttpRequest& request, Instant now);

}  // namespace rekeyer::sandbox
