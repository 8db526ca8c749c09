// What a policy is asked for: the role, and what of its surroundings the configuration does not say.
#pragma once

#include <string>
#include <vector>

#include "rotation/mode.hpp"

namespace rekeyer::permissions {

/// Whose document is asked for.
enum class PolicyKind {
  caller,     ///< who runs the command line
  member,     ///< the role in every account
  trust,      ///< who may assume it
  list,       ///< the role that reads Organizations
  inventory,  ///< of the functions (docs/design/0009-on-aws.md)
  account,
  summary,
  reservation  ///< nobody's role: the organization's policy that keeps everybody else off the secrets' names
};

/// What stands in the documents where nothing is given: to be replaced.
inline constexpr const char* tooling_account_placeholder = "<TOOLING_ACCOUNT>";
inline constexpr const char* external_id_placeholder = "<EXTERNAL_ID>";
inline constexpr const char* organization_placeholder = "<ORG_ID>";
inline constexpr const char* runs_placeholder = "s3://<RUNS_BUCKET>/<RUNS_PREFIX>";

struct PolicyRequest {
  PolicyKind role = PolicyKind::caller;
  rotation::Mode mode = rotation::Mode::apply;
  std::string partition = "aws";
  std::string tooling_account = tooling_account_placeholder;  ///< from which rekeyer runs
  std::string region = "*";                                   ///< the caller's, where a channel names none
  std::string external_id = external_id_placeholder;
  std::string organization = organization_placeholder;
  bool own_account = false;               ///< the caller's account is in scope, and entered with the caller's rights
  std::string runs = runs_placeholder;    ///< REKEYER_RUNS of the functions
  std::string function_config;            ///< REKEYER_CONFIG of the functions: s3://… or ssm:…; empty: in the package
  std::string deployment = "rekeyer";     ///< what the functions' names begin with
  bool vpc = false;                       ///< the functions stand in a VPC
  std::vector<std::string> except_paths;  ///< whose users' keys the role may not touch: "/break-glass/"
  std::string except_tag;                 ///< and those of users that have this tag, whatever its value
  std::vector<std::string> writers;       ///< ARNs of more principals that may change secrets of reserved names
};

}  // namespace rekeyer::permissions
