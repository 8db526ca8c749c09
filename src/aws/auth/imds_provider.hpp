// Credentials of an EC2 instance's role, from its metadata service (IMDSv2, and v1 where that is all there is).
#pragma once

#include <optional>

#include "aws/auth/credential_endpoint.hpp"
#include "aws/auth/environment.hpp"
#include "aws/auth/profile_file.hpp"
#include "aws/sign/credentials.hpp"

namespace rekeyer::aws {

struct ImdsSettings {
  bool disabled = false;     ///< AWS_EC2_METADATA_DISABLED
  bool v1_disabled = false;  ///< AWS_EC2_METADATA_V1_DISABLED, ec2_metadata_v1_disabled
  Url endpoint;              ///< path without a "/" at its end, so empty mostly
  EndpointLimits limits;
};

/// From environment and profile (may be null). Fails with `usage`: an endpoint that is no URL, an unknown endpoint
/// mode, a limit that is no number.
Result<ImdsSettings> read_imds_settings(const Environment& environment, const Section* profile);

class ImdsProvider final : public CredentialsProvider {
 public:
  ImdsProvider(ImdsSettings settings, Transport& transport, Clock& clock);
  /// Asks the service for a token, the role and its credentials. Fails with `usage` where it is disabled, with
  /// `not_found` where the instance has no role, and with `not_sent` or `outcome_unknown` where nothing answers (not an
  /// instance). Where credentials were got before and the service fails now, or gives expired ones, they are handed out
  /// for another quarter of an hour: AWS keeps accepting them in that situation.
  ResultTask<SharedCredentials> get() override;
  std::string describe() const override { return "EC2 instance metadata"; }

 private:
  ResultTask<SharedCredentials> fetch();
  Task<Result<>> renew_token();
  ResultTask<HttpResponse> read(std::string path);
  ResultTask<HttpResponse> send(std::string method, std::string path);
  Error refused_both_ways(int status) const;
  Error unexpected(std::string_view what, const HttpResponse& response) const;
  SharedCredentials extended(const Credentials& credentials, std::string_view reason) const;

  ImdsSettings settings_;
  Clock& clock_;
  CredentialEndpoint client_;
  Secret token_;
  std::optional<Instant> token_end_;
  std::string no_token_;  ///< why there is none
  std::string_view hop_limit_hint_;
  SharedCredentials last_;
};

}  // namespace rekeyer::aws
