// rekeyer.toml: read whole, checked whole, every problem with its line; docs/configuration.md is the reference.
#pragma once

#include <expected>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "rotation/settings.hpp"

namespace rekeyer::config {

/// One thing that is wrong, and where: "rekeyer.toml:12: unknown key `rotation_perod` in [policy]; did you mean `rotation_period`?"
struct Problem {
  std::string file;
  int line = 0;
  int column = 0;
  std::string message;
};
std::string describe(const Problem& problem);

/// Parses and checks; all problems at once, in the order of the file. Pure.
std::expected<rotation::Settings, std::vector<Problem>> parse(std::string_view text, const std::string& file_name);

/// Reads `path`, or where it is nothing: $REKEYER_CONFIG, ./rekeyer.toml, $XDG_CONFIG_HOME/rekeyer/rekeyer.toml (~/.config),
/// /etc/rekeyer/rekeyer.toml, and defaults where none is there. Fails with `usage`; the message holds every problem, one a line.
Result<rotation::Settings> load(const std::optional<std::filesystem::path>& path);

/// The commented starter file of `rekeyer config init`: every key with its default, meaning and range. Parses without a problem.
std::string starter_file();

}  // namespace rekeyer::config
