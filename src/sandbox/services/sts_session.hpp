// How STS opens sessions: the limits on names, durations and session policies, and the record in the world.
#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <string>

#include "sandbox/services/service.hpp"

namespace rekeyer::sandbox {

/// A role found by its ARN, in an account that is in use.
struct FoundRole {
  Account* account = nullptr;  ///< null: no such account, or it is suspended or closed
  const Role* role = nullptr;  ///< null: no such role; AWS answers as if it were forbidden
};

/// Fails with ValidationError for a text that is no role's ARN in this partition.
ServiceResult<FoundRole> find_role(const Context& context, std::string_view role_arn);

/// RoleSessionName; fails with ValidationError.
ServiceResult<std::string> session_name(const Call& call);
/// The Name of GetFederationToken, checked.
ServiceResult<std::string> federated_name(const Call& call);

/// DurationSeconds within `shortest` … `longest`, or `otherwise` where it is not given.
struct DurationRange {
  std::chrono::seconds shortest{900};
  std::chrono::seconds longest{43200};
  std::chrono::seconds otherwise{3600};
};
ServiceResult<std::chrono::seconds> session_duration(const Call& call, const DurationRange& range);

/// Policy and PolicyArns as one document; empty: none. Fails with MalformedPolicyDocument and PackedPolicyTooLarge.
ServiceResult<std::string> session_policy(const Call& call, const World& world, const AccountId& role_account);

/// Gives the session its credentials and keeps it. Expired sessions of long ago are forgotten on the way: recent ones
/// stay, since AWS answers "expired" to them, not "unknown".
const Session& open_session(const Context& context, Session session, std::chrono::seconds duration);

/// The member Credentials of a reply.
boost::json::object describe_credentials(const Session& session);

}  // namespace rekeyer::sandbox
