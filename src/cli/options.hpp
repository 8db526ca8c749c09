// The command line, parsed and checked: what the commands are given. One place knows flags and their texts.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/time.hpp"
#include "report/report.hpp"
#include "rotation/settings.hpp"

namespace rekeyer::cli {

enum class Command { plan, apply, rotate, explain, config_check, config_init };
enum class Colour { automatic, on, off };

struct Options {
  Command command = Command::plan;

  // of every command
  std::string profile;
  std::string region;
  std::string endpoint_url;
  std::string config_file;
  log::Level log_level = log::Level::warn;
  log::Format log_format = log::Format::text;
  Colour colour = Colour::automatic;

  // plan, apply, rotate, explain
  rotation::Filter filter;
  report::Format format = report::Format::table;
  bool all = false;
  bool exit_code = false;
  std::string at;  ///< an instant, or "+30d": relative to AWS's now
  bool yes = false;
  std::optional<std::size_t> max_changes;
  bool deactivate_now = false;

  // config init
  std::string output;
  bool force = false;
};

/// How parsing ended: options to run with, or a text to print and an exit code (--help, --version, wrong usage).
struct Parsed {
  std::optional<Options> options;
  std::string out;  ///< for stdout
  std::string err;  ///< for stderr
  int exit_code = 0;
};

/// Never exits and never prints. Wrong usage gives exit code 2.
Parsed parse_options(int argc, const char* const* argv);

/// `--at`: ISO 8601, a date, or "+" and a period ("+30d") after `now`. Fails with `usage`.
Result<Instant> parse_at(const std::string& text, Instant now);

}  // namespace rekeyer::cli
