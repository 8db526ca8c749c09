// The process environment, injected: tests and the Lambda handler pass their own.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"
#include "base/secret.hpp"

namespace rekeyer::aws {

struct Environment {
  std::function<std::optional<std::string>(std::string_view)> get;

  /// The real one.
  static Environment system();
  /// Exactly these variables.
  static Environment of(std::map<std::string, std::string, std::less<>> variables);

  /// An empty variable counts as unset, as in every AWS tool.
  std::optional<std::string> value(std::string_view name) const;
  /// The same for a variable that ends up in a request or a path: fails with `usage` and its name where it holds a line
  /// break or another control character.
  Result<std::optional<std::string>> line(std::string_view name) const;
  /// A secret's variable; empty where it is unset. The copy that was read is wiped.
  Secret secret(std::string_view name) const;
  /// "true" in any case; anything else is false.
  bool flag(std::string_view name) const;

  /// $HOME; nothing where it is unset.
  std::optional<std::filesystem::path> home() const;
  /// A leading "~" or "~/" becomes $HOME.
  std::filesystem::path expand(std::string_view path) const;
};

/// Holds no control character (a line break could smuggle a header into a request).
bool is_one_line(std::string_view text);

}  // namespace rekeyer::aws
