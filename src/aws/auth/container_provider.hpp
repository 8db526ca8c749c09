// Credentials from the container agent of ECS, EKS Pod Identity or a local stand-in.
#pragma once

#include <optional>

#include "aws/auth/credential_endpoint.hpp"
#include "aws/auth/environment.hpp"
#include "aws/sign/credentials.hpp"

namespace rekeyer::aws {

class ContainerProvider final : public CredentialsProvider {
 public:
  /// Is AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or AWS_CONTAINER_CREDENTIALS_FULL_URI set?
  static bool configured(const Environment& environment);
  ContainerProvider(Environment environment, Transport& transport, Clock& clock, EndpointLimits limits = {});
  /// Reads variables and token file anew and asks the agent. Fails with `usage` where the address is not one that may
  /// get the token over plain HTTP, or the token holds a line break; with `access_denied` where the agent refuses.
  ResultTask<SharedCredentials> get() override;
  std::string describe() const override { return "container credentials"; }

 private:
  Result<HttpRequest> request() const;
  Result<Url> address() const;
  Result<std::optional<Secret>> token() const;

  Environment environment_;
  CredentialEndpoint client_;
};

}  // namespace rekeyer::aws
