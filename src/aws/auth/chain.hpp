// The credential chain: who rekeyer is, found the way the AWS CLI finds it.
#pragma once

#include "aws/auth/environment.hpp"
#include "aws/auth/profile_settings.hpp"
#include "aws/call/caller.hpp"
#include "aws/sign/credentials.hpp"
#include "base/clock.hpp"

namespace rekeyer::aws {

/// What providers need; all of it outlives the provider.
struct ChainServices {
  Transport& transport;
  Caller& caller;
  Clock& clock;
};

/// The first of these that is configured:
///  1. the environment's keys (not with `--profile`),
///  2. the profile's role (role_arn with source_profile or credential_source),
///  3. a web identity, of the environment (not with `--profile`) or the profile,
///  4. the profile's IAM Identity Center login,
///  5. keys in the credentials file,
///  6. the profile's credential_process,
///  7. keys in the config file,
///  8. the container agent,
///  9. EC2 instance metadata.
/// What is configured but broken is an error, it does not fall through. Nothing is fetched here: the first get() does
/// that. Fails with `usage`, and so does get() where nothing was configured and no instance metadata answers.
Result<SharedProvider> default_chain(const AwsSettings& settings, const Environment& environment,
                                     ChainServices services);

}  // namespace rekeyer::aws
