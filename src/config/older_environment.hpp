// The environment variables of the older rotators, read as the rekeyer.toml that means the same; docs/migrate.md.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace rekeyer::config {

/// The file name under which parse() is given such a text: problems then name the variable.
inline constexpr std::string_view environment_name = "environment";

/// What the environment of an older deployment says.
struct OlderSettings {
  /// rekeyer.toml, each line with a comment that names the variable it came from; empty where no variable of the older
  /// systems is set.
  std::string text;
  std::optional<bool> dry_run;        ///< DryRunFlag: true is a deployment for `plan`, false one for `apply`
  std::string account_function;       ///< LambdaRotationFunction: the function that inventory invokes for each account
  std::vector<std::string> warnings;  ///< variables that mean nothing, by name, and why
};

/// Fails with `usage`, naming the variable, where a value can't be understood. Pure.
Result<OlderSettings> from_older_environment(const std::map<std::string, std::string>& variables);

/// The variables of the older systems that are set, whatever they mean. Pure.
std::vector<std::string> older_variables_in(const std::map<std::string, std::string>& variables);

/// Variables that mean nothing to rekeyer, one sentence each: not AWS's, not rekeyer's own (REKEYER_*), not an
/// operating system's (PATH, LANG, TZ, …), not an older system's; with the name that was meant where one is near. Pure.
std::vector<std::string> unknown_variables(const std::map<std::string, std::string>& variables);

}  // namespace rekeyer::config
