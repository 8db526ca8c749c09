// The flags of `rekeyer permissions`.
#pragma once

#include <string>

#include "base/error.hpp"
#include "permissions/policy_request.hpp"

namespace CLI {  // NOLINT(readability-identifier-naming): the library's own name
class App;
}

namespace rekeyer::cli {

struct Options;

struct PermissionsOptions {
  permissions::PolicyRequest request;
  bool every_role = false;
  bool explain = false;
};

/// What CLI11 fills.
struct RawPermissions {
  bool caller = false;
  bool member = false;
  bool trust = false;
  bool list_role = false;
  bool every_role = false;
  bool organization_policy = false;
  std::string function;
  std::string mode = "apply";
  std::string tooling_account;
  std::string external_id;
  std::string organization;
  std::string runs;
};

void add_permissions_command(CLI::App& app, Options& options, RawPermissions& raw);

/// Checks `raw` into `options`. Fails with `usage`.
Result<> check_permissions(const RawPermissions& raw, Options& options);

}  // namespace rekeyer::cli
