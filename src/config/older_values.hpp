// The older systems' variables as they are set in one environment: each under its main name, whatever it is spelled
// there.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "config/draft.hpp"

namespace rekeyer::config {

/// A variable that is set: its text without spaces around it, and the name under which it was found.
struct Given {
  std::string text;
  std::string_view name;
  bool operator==(const Given&) const = default;
};

class OlderValues {
 public:
  /// Fails with `usage` where two spellings of one variable say different things.
  static Result<OlderValues> read(const std::map<std::string, std::string>& variables);

  /// By the main name; null where it is not set.
  const Given* find(std::string_view name) const;
  /// The same, and null where it is empty: stacks set what was left out to nothing.
  const Given* filled(std::string_view name) const;
  /// Every older variable that is set, whatever it means, in documentation order.
  const std::vector<Given>& all() const { return all_; }

  /// "True" or "False", whatever the case; nothing where it is not set. Fails with `usage` for anything else: the older
  /// functions took all of it for false, and so rotated where nobody had meant it.
  Result<std::optional<bool>> flag(std::string_view name) const;
  /// A whole number of days; nothing where it is not set. Fails with `usage` for anything else.
  Result<std::optional<int>> days(std::string_view name) const;

 private:
  std::map<std::string_view, Given> by_name_;
  std::vector<Given> all_;
};

/// "environment variable NAME: why", of kind `usage`.
std::unexpected<Error> wrong_variable(std::string_view name, std::string_view why);

}  // namespace rekeyer::config
