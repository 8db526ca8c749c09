// Credentials from IAM Identity Center, with the token of an earlier `aws sso login`.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "aws/auth/credential_endpoint.hpp"
#include "aws/auth/profile_file.hpp"
#include "aws/auth/sso_token.hpp"
#include "aws/call/endpoints.hpp"
#include "aws/sign/credentials.hpp"

namespace rekeyer::aws {

struct SsoSettings {
  std::string profile;  ///< for "aws sso login --profile …"
  std::string session;  ///< empty: the older form, whose token can't be refreshed
  std::string start_url;
  Region region;
  AccountId account;
  RoleName role;
};

/// Nothing where the profile has neither sso_account_id nor sso_role_name. Fails with `usage` and the place: something
/// is missing, the session does not exist, or profile and session contradict each other.
Result<std::optional<SsoSettings>> read_sso_settings(const ProfileFiles& files, std::string_view profile_name);

class SsoProvider final : public CredentialsProvider {
 public:
  /// `cache` is the folder of the token files.
  SsoProvider(SsoSettings settings, std::filesystem::path cache, EndpointSettings endpoints, Transport& transport,
              Clock& clock);
  /// Reads the token file anew, refreshes the token where it has less than 15 minutes left (and writes it back,
  /// readable by its owner only), and asks the portal (GetRoleCredentials). Fails with `usage` where somebody must log
  /// in again, and with `access_denied` where the role is not assigned.
  ResultTask<SharedCredentials> get() override;
  std::string describe() const override;

 private:
  ResultTask<SharedCredentials> fetch();
  ResultTask<SsoToken> current_token();
  ResultTask<SsoToken> refreshed(SsoToken token);
  Result<SsoToken> read_token() const;
  Result<HttpRequest> refresh_request(const SsoToken& token) const;
  Result<SsoToken> read_refreshed(std::string_view json, SsoToken token) const;
  Result<HttpRequest> credentials_request(const SsoToken& token) const;
  Result<SharedCredentials> read_credentials(std::string_view json) const;
  Error refusal(const HttpResponse& response) const;
  std::unexpected<Error> log_in(std::string_view why) const;

  SsoSettings settings_;
  std::filesystem::path token_path_;
  EndpointSettings endpoints_;
  Clock& clock_;
  CredentialEndpoint portal_;
  CredentialEndpoint oidc_;
};

}  // namespace rekeyer::aws
