// The pieces of reading an older environment: each writes one part of the rekeyer.toml.
#pragma once

#include <string>
#include <vector>

#include "base/error.hpp"
#include "config/older_values.hpp"
#include "config/toml_lines.hpp"

namespace rekeyer::config {

struct OlderReading {
  const OlderValues& values;
  std::string region;            ///< of the functions, which kept secrets and sent mails there
  std::string_view region_name;  ///< the variable that says so; empty: none does, and `region` is the default
  TomlLines toml{};
  std::vector<std::string> warnings{};

  /// "NAME means nothing to rekeyer: why."
  void means_nothing(std::string_view name, std::string_view why);
  void warn(std::string text) { warnings.push_back(std::move(text)); }
};

/// [organization] and [accounts].
Result<> read_older_scope(OlderReading& reading);
/// [policy].
Result<> read_older_periods(OlderReading& reading);
/// [notify] with its channels, and [owner].
Result<> read_older_messages(OlderReading& reading);

}  // namespace rekeyer::config
