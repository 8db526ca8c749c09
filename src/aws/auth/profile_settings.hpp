// What flags, environment and profile say besides credentials: region, endpoints, certificates, attempts.
#pragma once

#include <optional>
#include <string>

#include "aws/auth/environment.hpp"
#include "aws/auth/profile_files.hpp"
#include "aws/call/endpoints.hpp"
#include "base/names.hpp"

namespace rekeyer::aws {

/// The global flags of every command; empty: not given.
struct GlobalFlags {
  std::string profile;
  std::string region;
  std::string endpoint_url;
};

struct AwsSettings {
  ProfileFiles files;
  ProfileChoice profile;
  Region region;  ///< empty: nobody said one
  EndpointSettings endpoints;
  std::string ca_bundle;            ///< empty: the system's
  std::optional<int> max_attempts;  ///< for one call, the first included
};

/// Reads the AWS files and puts everything together; precedence as in the AWS CLI:
/// - region: `--region`, AWS_REGION, AWS_DEFAULT_REGION, profile;
/// - endpoints: the flag, AWS_ENDPOINT_URL_<SERVICE>, AWS_ENDPOINT_URL, the profile's services section, its
/// endpoint_url;
///   AWS_IGNORE_CONFIGURED_ENDPOINT_URLS leaves the flag only;
/// - everything else: environment, profile.
/// Fails with `usage`: a named profile that does not exist, a broken file (with its line), a malformed value.
Result<AwsSettings> load_settings(const Environment& environment, const GlobalFlags& flags);

}  // namespace rekeyer::aws
