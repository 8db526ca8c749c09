// Finds and reads the AWS config and credentials files, and says which profile is meant.
#pragma once

#include <string>

#include "aws/auth/environment.hpp"
#include "aws/auth/profile_file.hpp"

namespace rekeyer::aws {

/// $AWS_CONFIG_FILE (~/.aws/config) and $AWS_SHARED_CREDENTIALS_FILE (~/.aws/credentials), merged; a missing file is
/// empty. Fails with `usage`, naming file and line.
Result<ProfileFiles> load_profile_files(const Environment& environment);

/// "; HOME is not set, so …" where a file was not looked for because nothing says where it is; empty otherwise.
std::string not_looked_at(const Environment& environment);

struct ProfileChoice {
  std::string name = "default";
  /// By flag: the environment's keys are not looked at.
  bool by_flag = false;
  /// By flag or variable: the profile must exist.
  bool named = false;
};

/// `--profile`, $AWS_DEFAULT_PROFILE, $AWS_PROFILE, "default": the order of the AWS CLI. Fails with `usage` where a
/// named profile is in neither file.
Result<ProfileChoice> choose_profile(const std::string& flag, const Environment& environment,
                                     const ProfileFiles& files);

}  // namespace rekeyer::aws
