// Credentials by becoming a role (STS AssumeRole) with another provider's credentials.
#pragma once

#include <string>

#include "aws/auth/profile_file.hpp"
#include "aws/services/sts.hpp"
#include "aws/sign/credentials.hpp"

namespace rekeyer::aws {

class AssumeRoleProvider final : public CredentialsProvider {
 public:
  /// Asks as `source`. `origin` opens messages: "profile dev", "account 111111111111".
  AssumeRoleProvider(Caller& caller, Principal source, AssumeRole request, std::string origin)
      : sts_(caller, std::move(source)), request_(std::move(request)), origin_(std::move(origin)) {}
  /// STS AssumeRole, at each call. Fails with `access_denied` for a missing role, a wrong external id and an SCP alike.
  ResultTask<SharedCredentials> get() override;
  std::string describe() const override;

 private:
  StsClient sts_;
  AssumeRole request_;
  std::string origin_;
};

/// What a profile with `role_arn` says. Exactly one of the two sources is set.
struct RoleProfile {
  AssumeRole request;
  std::string source_profile;
  std::string credential_source;  ///< "Environment", "Ec2InstanceMetadata", "EcsContainer"
};

/// Has a role to assume that is not a web identity's?
bool has_role(const Section& profile);
/// Reads and checks it. Fails with `usage` and the place: no or two sources, a malformed value, and `mfa_serial`
/// (nobody is there to type the code).
Result<RoleProfile> read_role_profile(const Section& profile, std::string_view profile_name);

/// 2–64 characters of [A-Za-z0-9_+=,.@-]?
bool valid_session_name(std::string_view name);
/// The session name where nobody chose one.
inline constexpr std::string_view default_session_name = "rekeyer";

/// The region whose STS to ask: `configured`, or without one the partition's own, so that a role in China is not asked
/// for in the United States.
Region sts_region(const Region& configured, const Arn& role);

}  // namespace rekeyer::aws
