// What the older rotators could be told, and what becomes of it: data, which docs/migrate.md has as a table.
#pragma once

#include <span>
#include <string_view>

namespace rekeyer::config {

/// One name of an environment variable, or of a parameter of a stack.
struct OlderVariable {
  enum class Kind { variable, parameter };
  enum class System {
    sample,   ///< aws-samples/aws-iam-access-key-auto-rotation and its forks
    org_wide  ///< sureshdike23/IAM-Key-Rotation-OrgWide
  };
  std::string_view name;
  Kind kind = Kind::variable;
  System system = System::sample;
  std::string_view becomes;    ///< keys of rekeyer.toml, or a variable of rekeyer's functions; empty: it means nothing
  std::string_view meaning;    ///< what it meant there; where it means nothing here, why
  std::string_view same_as{};  ///< another spelling of this one
};

/// All of them, in documentation order.
std::span<const OlderVariable> older_variables();
/// Null where the older systems have no such name. Case counts, as it does in environments.
const OlderVariable* find_older_variable(std::string_view name);

}  // namespace rekeyer::config
