// Credentials for a token of an OpenID Connect provider (Kubernetes, CI systems): STS AssumeRoleWithWebIdentity.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "aws/auth/environment.hpp"
#include "aws/auth/profile_file.hpp"
#include "aws/services/sts.hpp"
#include "aws/sign/credentials.hpp"

namespace rekeyer::aws {

/// Where the token is and what it stands for.
struct WebIdentity {
  std::filesystem::path token_file;
  AssumeRole request;
};

/// AWS_WEB_IDENTITY_TOKEN_FILE, AWS_ROLE_ARN and AWS_ROLE_SESSION_NAME, each before its profile setting;
/// `use_environment` is off for a profile named by flag or by another profile. Nothing where no token file is
/// configured. Fails with `usage`: a token file without a role, a malformed value.
Result<std::optional<WebIdentity>> read_web_identity(const Environment& environment, bool use_environment,
                                                     const Section* profile);

class WebIdentityProvider final : public CredentialsProvider {
 public:
  /// The call is not signed, so there is no source; `region` says which STS.
  WebIdentityProvider(Caller& caller, Region region, WebIdentity identity, std::string origin);
  /// Reads the token file anew (its owner replaces it) and asks STS. Fails with `usage` where the file can't be read.
  ResultTask<SharedCredentials> get() override;
  std::string describe() const override;

 private:
  StsClient sts_;
  WebIdentity identity_;
  std::string origin_;
};

}  // namespace rekeyer::aws
