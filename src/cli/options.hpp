// The command line, parsed and checked: what the commands are given. One place knows flags and their texts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/log.hpp"
#include "base/time.hpp"
#include "cli/options_completion.hpp"
#include "cli/options_doctor.hpp"
#include "cli/options_notify.hpp"
#include "cli/options_permissions.hpp"
#include "cli/options_probe.hpp"
#include "cli/options_rehearse.hpp"
#include "report/report.hpp"
#include "rotation/settings.hpp"

namespace rekeyer::cli {

enum class Command {
  plan,
  apply,
  rotate,
  adopt,
  relock,
  inventory,
  explain,
  config_check,
  config_init,
  config_migrate,
  sandbox_serve,
  sandbox_generate,
  rehearse,
  notify_preview,
  notify_test,
  permissions,
  doctor,
  probe,
  completion,
  manual
};
enum class Colour { automatic, on, off };

/// Of the sandbox's commands.
struct SandboxOptions {
  std::string listen = "127.0.0.1";
  std::uint16_t port = 5000;  ///< 0: any free one
  std::string world_file;     ///< empty: a world is generated
  std::uint64_t seed = 1;
  std::size_t accounts = 12;
  std::size_t users = 300;                 ///< in all accounts together
  bool tended = false;                     ///< no key is old, nobody has two, all are in use
  double days_ahead = 0;                   ///< of the sandbox's clock
  std::optional<int> tested_processes_of;  ///< whom control calls may have signalled, with all it starts
  bool quiet = false;
  std::string output;  ///< of the generated world file; empty or "-": stdout
};

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
  bool json_lines = false;  ///< inventory: one JSON object a line
  bool ids = false;         ///< plan: keys by their ids, also where that takes a call
  bool exit_code = false;
  std::string at;  ///< an instant, or "+30d": relative to AWS's now
  bool yes = false;
  std::optional<std::size_t> max_changes;
  bool deactivate_now = false;
  bool notify = false;  ///< plan: send the audit mails

  // adopt, relock
  std::string before;  ///< adopt: a day or an instant
  bool plan_only = false;
  bool no_wait = false;  ///< adopt

  // config init
  std::string output;
  bool force = false;

  // config migrate
  std::vector<std::string> environment_files;

  SandboxOptions sandbox;
  RehearseOptions rehearse;
  NotifyOptions notify_options;
  PermissionsOptions permissions;
  DoctorOptions doctor;
  ProbeOptions probe;
  Shell shell = Shell::bash;  ///< completion
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

struct CommandText;
/// Every command and flag that parse_options knows, as data.
CommandText described_commands();

/// `--at`: ISO 8601, a date, or "+" and a period ("+30d") after `now`. Fails with `usage`.
Result<Instant> parse_at(const std::string& text, Instant now);

}  // namespace rekeyer::cli
