// What a deployed function is told by its environment besides rekeyer.toml; docs/design/0009-on-aws.md.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "aws/auth/environment.hpp"
#include "base/error.hpp"
#include "base/log.hpp"
#include "rotation/outcome.hpp"

namespace rekeyer::lambda {

/// A folder in S3.
struct S3Folder {
  std::string bucket;
  std::string prefix;  ///< without a slash at either end; may be empty
};

struct Deployment {
  rotation::Mode allowed = rotation::Mode::plan;  ///< REKEYER_MODE: what an event may ask for at most
  std::optional<S3Folder> runs;                   ///< REKEYER_RUNS: where runs keep their folders
  std::string account_function;                   ///< REKEYER_ACCOUNT_FUNCTION: what inventory invokes without runs
  std::string name = "rekeyer";                   ///< REKEYER_DEPLOYMENT: the metrics' dimension
  std::string config;                             ///< REKEYER_CONFIG as it stands; empty: the package's file
  log::Level log_level = log::Level::info;        ///< REKEYER_LOG_LEVEL
};

/// Fails with `usage`, naming the variable.
Result<Deployment> read_deployment(const aws::Environment& environment);

/// Variables that are called REKEYER_… and mean nothing, one sentence each.
std::vector<std::string> unknown_own_variables(const std::map<std::string, std::string>& variables);

/// "plan", "apply"; nothing for anything else.
std::optional<rotation::Mode> parse_mode(std::string_view text);
std::string_view name(rotation::Mode mode);

}  // namespace rekeyer::lambda
