// rekeyer.toml: read whole, checked whole, every problem with its line; docs/configuration.md is the reference.
#pragma once

#include <expected>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "notify/model/settings.hpp"
#include "rotation/settings.hpp"

namespace rekeyer::config {

/// Everything that rekeyer.toml says.
struct Configuration {
  rotation::Settings rotation;
  notify::Settings notify;
};

/// One thing that is wrong, and where.
struct Problem {
  std::string file;
  int line = 0;
  int column = 0;
  std::string message;
  std::string variable{};  ///< the environment variables that the line was made from; empty for files
};
/// "rekeyer.toml:12:1: unknown key "rotation_perod" in [policy]; did you mean `rotation_period`?", or "environment
/// variable RotationPeriod: …" where the text was made from the environment of an older system (older_environment.hpp).
std::string describe(const Problem& problem);

/// Parses and checks; all problems at once, in the order of the file. Pure.
std::expected<Configuration, std::vector<Problem>> parse(std::string_view text, const std::string& file_name);

/// The same for whoever only passes problems on. Fails with `usage`; the message holds every problem, one a line.
Result<Configuration> parse_or_fail(std::string_view text, const std::string& file_name);

/// Reads `path`, or where it is nothing: $REKEYER_CONFIG, ./rekeyer.toml, $XDG_CONFIG_HOME/rekeyer/rekeyer.toml
/// (~/.config), /etc/rekeyer/rekeyer.toml, and defaults where none is there. Fails with `usage`; the message holds
/// every problem, one a line. A file that others than the caller and root may write is such a problem.
Result<Configuration> load(const std::optional<std::filesystem::path>& path);

/// What the search for a file depends on besides the file system; the process's own unless a test says otherwise.
struct Surroundings {
  std::function<std::optional<std::string>(std::string_view)> variable;  ///< an environment variable, where it is set
  std::filesystem::path working_folder;                                  ///< empty: relative names stay relative
  std::filesystem::path system_file = "/etc/rekeyer/rekeyer.toml";
  /// What a platform has unpacked read-only, as whatever user it has for that, is not asked for its owner and mode.
  bool file_may_be_anybodys = false;
  static Surroundings of_process();
};
Result<Configuration> load(const std::optional<std::filesystem::path>& path, const Surroundings& surroundings);

/// The file that load() would read: named (whether it is there or not) or found; nothing where defaults hold.
std::optional<std::filesystem::path> find_file(const std::optional<std::filesystem::path>& path,
                                               const Surroundings& surroundings);

/// The commented starter file of `rekeyer config init`: every key with its default, meaning and range. Parses without a
/// problem.
std::string starter_file();

}  // namespace rekeyer::config
