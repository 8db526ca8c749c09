// The configuration of a deployed function: a file in its package, an object in S3, a parameter, or the environment of
// an older system.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "aws/call/caller.hpp"
#include "base/task.hpp"
#include "config/config.hpp"
#include "lambda/deployment.hpp"

namespace rekeyer::lambda {

/// What the older systems' variables say about the deployment itself, and what is to be warned of.
struct ReadConfiguration {
  config::Configuration configuration;
  std::vector<std::string> warnings;
};

/// Where the configuration comes from, as far as the environment tells. Pure but for looking whether the package has a
/// file.
struct ConfigurationSource {
  std::string place;  ///< REKEYER_CONFIG, or the package's rekeyer.toml; empty: neither
  std::map<std::string, std::string> variables;
};
ConfigurationSource find_configuration(const Deployment& deployment, const std::filesystem::path& package,
                                       std::map<std::string, std::string> variables);

/// Completes the deployment with what the older variables say, where nothing else is configured: DryRunFlag is the
/// mode, LambdaRotationFunction the account function. Fails with `usage`.
Result<Deployment> with_older_settings(Deployment deployment, const ConfigurationSource& source);

/// Fetches and checks it. Fails with `usage` for what is wrong in it, otherwise as the call that fetches it.
ResultTask<ReadConfiguration> read_configuration(aws::Caller& caller, aws::Principal principal,
                                                 ConfigurationSource source);

}  // namespace rekeyer::lambda
