// STS as rekeyer uses it: who am I, and becoming a member account's role.
#pragma once

#include <string>

#include "aws/call/caller.hpp"
#include "aws/sign/credentials.hpp"
#include "base/names.hpp"
#include "base/task.hpp"

namespace rekeyer::aws {

struct CallerIdentity {
  AccountId account;
  Arn arn;
  std::string user_id;
};

struct AssumeRole {
  Arn role;
  std::string session_name;  ///< 2–64 of [\w+=,.@-]
  std::string external_id;   ///< empty: none
  std::chrono::seconds duration{3600};
};

/// The one question that a fresh access key is asked.
class IdentityReader {
 public:
  virtual ~IdentityReader() = default;
  /// STS GetCallerIdentity signed with `credentials`, once (a new key answers `credentials_invalid` until it has
  /// spread).
  virtual ResultTask<CallerIdentity> identity_of(SharedCredentials credentials) = 0;
};

class StsClient final : public IdentityReader {
 public:
  StsClient(Caller& caller, Principal principal) : caller_(caller), principal_(std::move(principal)) {}
  /// STS GetCallerIdentity as the principal.
  ResultTask<CallerIdentity> caller_identity();
  ResultTask<CallerIdentity> identity_of(SharedCredentials credentials) override;
  /// STS AssumeRole. `access_denied` for a missing role, a wrong external id and an SCP alike.
  ResultTask<SharedCredentials> assume_role(AssumeRole request);
  /// A session of the user whose long-term key signs, with the user's own rights. STS GetSessionToken.
  ResultTask<SharedCredentials> session_token(std::chrono::seconds duration);
  /// STS AssumeRoleWithWebIdentity, unsigned.
  ResultTask<SharedCredentials> assume_role_with_web_identity(AssumeRole request, Secret web_identity_token);

 private:
  Caller& caller_;
  Principal principal_;
};

}  // namespace rekeyer::aws
