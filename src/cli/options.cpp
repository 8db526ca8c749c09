#include "cli/options.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <map>
#include <sstream>

#include "base/try.hpp"
#include "cli/command_tree.hpp"
#include "cli/options_sandbox.hpp"
#include "engine/version.hpp"

namespace rekeyer::cli {
namespace {

constexpr std::string_view about =
    "Rotates AWS IAM users' access keys across an organization, without locking anybody out or losing a secret.";
constexpr std::string_view exit_codes =
    "Exit codes: 0 all done; 1 some account or action failed or was denied; 2 wrong usage or configuration;\n"
    "3 with plan --exit-code: something is due; 130 interrupted.";

/// What CLI11 fills; names and enums are checked afterwards into Options.
struct Raw {
  Options options;
  std::string log_level = "warn";
  std::string log_format = "text";
  std::string colour = "auto";
  std::string format = "table";
  std::vector<std::string> accounts;
  std::vector<std::string> ous;
  std::vector<std::string> users;
  std::size_t max_changes = 0;
  RawRehearsal rehearsal;
  RawNotify notify;
  RawPermissions permissions;
  RawDoctor doctor;
  RawProbe probe;
  std::string shell;
};

void add_global_options(CLI::App& app, Raw& raw) {
  const auto group = "Global options";
  auto& o = raw.options;
  app.add_option("--profile", o.profile, "Profile of the AWS files to use")->group(group);
  app.add_option("--region", o.region, "Region for STS (secrets go to store.region)")->group(group);
  app.add_option("--endpoint-url", o.endpoint_url, "Endpoint for all services instead of AWS's")->group(group);
  app.add_option("--config", o.config_file, "Configuration file (default: $REKEYER_CONFIG, ./rekeyer.toml, …)")
      ->type_name("FILE")
      ->group(group);
  app.add_option("--log-level", raw.log_level, "debug | info | warn | error | off")
      ->check(CLI::IsMember({"debug", "info", "warn", "error", "off"}))
      ->group(group);
  app.add_option("--log-format", raw.log_format, "text | json (one object a line)")
      ->check(CLI::IsMember({"text", "json"}))
      ->group(group);
  app.add_option("--color", raw.colour, "auto | on | off")->check(CLI::IsMember({"auto", "on", "off"}))->group(group);
}

void add_accounts(CLI::App& command, Raw& raw) {
  command.add_option("--account", raw.accounts, "Only this account (may be repeated)")->allow_extra_args(false);
  command.add_option("--ou", raw.ous, "Only accounts in this OU, at any depth (may be repeated)")
      ->allow_extra_args(false);
}

void add_filter(CLI::App& command, Raw& raw) {
  add_accounts(command, raw);
  command.add_option("--user", raw.users, "Only this user (may be repeated)")->allow_extra_args(false);
}

void add_format(CLI::App& command, Raw& raw) {
  command.add_option("--format", raw.format, "table | json | csv")->check(CLI::IsMember({"table", "json", "csv"}));
}

void add_plan(CLI::App& app, Raw& raw) {
  auto* plan = app.add_subcommand("plan", "Show what is due and what apply would do; changes nothing");
  add_filter(*plan, raw);
  add_format(*plan, raw);
  plan->add_option("--at", raw.options.at, "As of a later instant: 2026-12-24, 2026-12-24T08:00:00Z or +30d");
  plan->add_flag("--all", raw.options.all, "List users with nothing due too");
  plan->add_flag("--ids", raw.options.ids,
                 "Ask for the ids of all keys listed, a call a user; else those of users without a record are slots");
  plan->add_flag("--exit-code", raw.options.exit_code, "Exit with 3 where something is due");
  plan->add_flag("--notify", raw.options.notify, "Send the audit mails of [notify]; nothing is changed");
  plan->callback([&raw] { raw.options.command = Command::plan; });
}

void add_inventory(CLI::App& app, Raw& raw) {
  auto* inventory =
      app.add_subcommand("inventory", "List every key: state, age, last use, owner, what comes next; changes nothing");
  add_filter(*inventory, raw);
  inventory->add_option("--format", raw.format, "table | json | jsonl (an object a key and line) | csv")
      ->check(CLI::IsMember({"table", "json", "jsonl", "csv"}));
  inventory->add_flag(
      "--ids", raw.options.ids,
      "Ask for the ids of all keys, a call or more a user; else those of users without a record are slots");
  inventory->callback([&raw] { raw.options.command = Command::inventory; });
}

void add_apply(CLI::App& app, Raw& raw) {
  auto* apply = app.add_subcommand("apply", "Do what is due: rotate, deactivate, delete, recover");
  add_filter(*apply, raw);
  add_format(*apply, raw);
  apply->add_flag("--all", raw.options.all, "List users with nothing due too");
  apply->add_option("--max-changes", raw.max_changes, "Change at most so many users (limits.max_changes)")
      ->check(CLI::Range(1, 1'000'000'000));  // a number past its type would be read as no limit at all
  apply->add_flag("--yes,-y", raw.options.yes, "Do not ask");
  apply->callback([&raw] { raw.options.command = Command::apply; });
}

void add_rotate(CLI::App& app, Raw& raw) {
  auto* rotate = app.add_subcommand("rotate", "Rotate the named users' keys now, whatever their age");
  rotate->add_option("--account", raw.accounts, "The users' account")->required()->expected(1);
  rotate->add_option("--user", raw.users, "User to rotate (may be repeated)")->required()->allow_extra_args(false);
  add_format(*rotate, raw);
  rotate->add_flag("--deactivate-now", raw.options.deactivate_now,
                   "Emergency: deactivate the old key at once, after the new one is stored and verified");
  rotate->add_flag("--yes,-y", raw.options.yes, "Do not ask");
  rotate->callback([&raw] { raw.options.command = Command::rotate; });
}

void add_adopt(CLI::App& app, Raw& raw) {
  auto* adopt = app.add_subcommand("adopt", "Vouch for secrets that were made before rekeyer locked them");
  adopt->add_option("--before", raw.options.before, "Those made before this day or instant: 2026-12-24")->required();
  add_filter(*adopt, raw);
  add_format(*adopt, raw);
  adopt->add_flag("--plan", raw.options.plan_only, "Show what would be taken over; changes nothing");
  adopt->add_flag("--no-wait", raw.options.no_wait, "End when all is locked; a run 5 minutes later takes over");
  adopt->add_flag("--yes,-y", raw.options.yes, "Do not ask");
  adopt->callback([&raw] { raw.options.command = Command::adopt; });
}

void add_relock(CLI::App& app, Raw& raw) {
  auto* relock =
      app.add_subcommand("relock", "Write the policies of users' secrets as the configuration wants them now");
  add_filter(*relock, raw);
  add_format(*relock, raw);
  relock->add_flag("--plan", raw.options.plan_only, "Show what would be written; changes nothing");
  relock->add_flag("--yes,-y", raw.options.yes, "Do not ask");
  relock->callback([&raw] { raw.options.command = Command::relock; });
}

void add_explain(CLI::App& app, Raw& raw) {
  auto* explain = app.add_subcommand("explain", "Why one user is treated so, by which rule, and what comes next");
  explain->add_option("--account", raw.accounts, "The user's account")->required()->expected(1);
  explain->add_option("--user", raw.users, "The user")->required()->expected(1);
  explain->add_option("--at", raw.options.at, "As of a later instant");
  explain->add_option("--format", raw.format, "table | json")->check(CLI::IsMember({"table", "json"}));
  explain->callback([&raw] { raw.options.command = Command::explain; });
}

void add_config(CLI::App& app, Raw& raw) {
  auto* config = app.add_subcommand("config", "Check or write the configuration file");
  config->require_subcommand(1);
  config->add_subcommand("check", "Read the configuration and say what is wrong with it")->callback([&raw] {
    raw.options.command = Command::config_check;
  });
  auto* init = config->add_subcommand("init", "Write a commented starter file");
  init->add_option("file", raw.options.output, "Where to (default: rekeyer.toml; - for stdout)")->type_name("FILE");
  init->add_flag("--force", raw.options.force, "Overwrite an existing file");
  init->callback([&raw] { raw.options.command = Command::config_init; });
  auto* migrate = config->add_subcommand("migrate", "Print the configuration of an older rotator's environment");
  migrate
      ->add_option("--from-env", raw.options.environment_files,
                   "File with a function's variables, JSON or NAME=VALUE (may be repeated; default: this environment)")
      ->allow_extra_args(false);
  migrate->callback([&raw] { raw.options.command = Command::config_migrate; });
}

Result<Options> checked(Raw raw) {
  auto options = std::move(raw.options);
  log::parse_level(raw.log_level, options.log_level);
  options.log_format = raw.log_format == "json" ? log::Format::json : log::Format::text;
  options.colour = raw.colour == "on" ? Colour::on : raw.colour == "off" ? Colour::off : Colour::automatic;
  options.json_lines = raw.format == "jsonl";
  options.format = options.json_lines ? report::Format::json : *report::parse_format(raw.format);
  if (raw.max_changes > 0) options.max_changes = raw.max_changes;
  for (auto& account : raw.accounts) {
    if (!valid_account_id(account)) {
      return fail(ErrorKind::usage, fmt::format("--account takes twelve digits, not `{}`", account));
    }
    options.filter.accounts.emplace_back(std::move(account));
  }
  for (auto& ou : raw.ous) {
    if (!ou.starts_with("ou-") && !ou.starts_with("r-")) {
      return fail(ErrorKind::usage, fmt::format("--ou takes an id such as ou-ab12-cdef3456, not `{}`", ou));
    }
    options.filter.ous.emplace_back(std::move(ou));
  }
  for (auto& user : raw.users) {
    // Mostly a variable of a script that is not set: it must not come out as another selection than was meant.
    if (user.empty()) return fail(ErrorKind::usage, "--user takes a user's name, not an empty text");
    if (!valid_user_name(user)) {
      return fail(ErrorKind::usage,
                  fmt::format("--user takes a user's whole name, without path and pattern: 1 to 128 of letters, digits "
                              "and _+=,.@-, not `{}`",
                              user));
    }
    options.filter.users.emplace_back(std::move(user));
  }
  TRY_VOID(check_rehearsal(raw.rehearsal, options));
  read_notify(raw.notify, options);
  TRY_VOID(check_permissions(raw.permissions, options));
  TRY_VOID(check_doctor(raw.doctor, options));
  TRY_VOID(check_probe(raw.probe, options));
  options.shell = read_shell(raw.shell);
  if (!options.at.empty()) {
    TRY_VOID(parse_at(options.at, Instant{}));  // wrong usage is said before the first call to AWS
  }
  return options;
}

/// Every command and flag; what is parsed lands in `raw`.
void define(CLI::App& app, Raw& raw) {
  app.description(std::string(about));
  app.set_version_flag("--version", std::string("rekeyer ") + std::string(engine::version));
  app.footer(std::string(exit_codes));
  app.require_subcommand(1);
  app.fallthrough();  // global flags may stand after the command too
  add_global_options(app, raw);
  add_plan(app, raw);
  add_apply(app, raw);
  add_rotate(app, raw);
  add_adopt(app, raw);
  add_relock(app, raw);
  add_inventory(app, raw);
  add_explain(app, raw);
  add_config(app, raw);
  add_sandbox_commands(app, raw.options);
  auto& rehearse = add_rehearse_command(app, raw.options, raw.rehearsal);
  add_filter(rehearse, raw);
  add_format(rehearse, raw);
  add_notify_commands(app, raw.options, raw.notify);
  add_permissions_command(app, raw.options, raw.permissions);
  auto& doctor = add_doctor_command(app, raw.options, raw.doctor);
  add_accounts(doctor, raw);
  doctor.add_option("--format", raw.format, "table | json")->check(CLI::IsMember({"table", "json"}));
  auto& probe = add_probe_command(app, raw.options, raw.probe);
  probe.add_option("--format", raw.format, "table | json")->check(CLI::IsMember({"table", "json"}));
  add_completion_commands(app, raw.options, raw.shell);
}

}  // namespace

CommandText described_commands() {
  Raw raw;
  CLI::App app("", "rekeyer");
  define(app, raw);
  return read_commands(app);
}

Parsed parse_options(int argc, const char* const* argv) {
  Raw raw;
  CLI::App app("", "rekeyer");
  define(app, raw);

  Parsed parsed;
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    std::ostringstream out;
    std::ostringstream err;
    const int code = app.exit(error, out, err);
    parsed.out = out.str();
    parsed.err = err.str();
    parsed.exit_code = code == 0 ? 0 : 2;
    return parsed;
  }
  auto options = checked(std::move(raw));
  if (options) {
    parsed.options = std::move(*options);
  } else {
    parsed.err = "rekeyer: " + options.error().message + "\n";
    parsed.exit_code = 2;
  }
  return parsed;
}

Result<Instant> parse_at(const std::string& text, Instant now) {
  if (text.starts_with('+')) {
    if (const auto period = parse_period(std::string_view(text).substr(1))) return now + *period;
  } else if (const auto instant = parse_iso8601(text)) {
    return *instant;
  }
  return fail(
      ErrorKind::usage,
      fmt::format("--at takes a date, an instant or +PERIOD (2026-12-24, 2026-12-24T08:00:00Z, +30d), not `{}`", text));
}

}  // namespace rekeyer::cli
