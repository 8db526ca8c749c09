// The credentials with which rekeyer works in a member account: its role there, assumed and kept fresh.
#pragma once

#include <chrono>
#include <string>

#include "aws/call/caller.hpp"
#include "aws/sign/credentials.hpp"
#include "base/clock.hpp"
#include "base/names.hpp"

namespace rekeyer::aws {

struct MemberRole {
  std::string partition = "aws";
  AccountId account;
  RoleName role;             ///< may hold a path: "security/rekeyer-member"
  std::string session_name;  ///< shows in the member account's CloudTrail; empty: "rekeyer"
  std::string external_id;   ///< empty: none
  /// An hour is the most that a caller who is a role itself may ask for.
  std::chrono::seconds duration{3600};
};

/// arn:{partition}:iam::{account}:role/{role}
Arn member_role_arn(const MemberRole& role);

/// Assumes the role as `source` at the first get(), and again before the session ends; shared by all tasks of the
/// account. get() fails with `access_denied` where the role is missing, does not trust the caller, or an SCP forbids
/// it, and with `usage` where the session name is malformed.
SharedProvider member_role_provider(Caller& caller, Clock& clock, Principal source, MemberRole role);

}  // namespace rekeyer::aws
