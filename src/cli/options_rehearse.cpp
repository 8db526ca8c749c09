#include "cli/options_rehearse.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <cmath>

#include "cli/options.hpp"
#include "sandbox/world/generate.hpp"

namespace rekeyer::cli {
namespace {

constexpr std::size_t most_days = 3650;

/// "5%" or "5", up to 100, in ten-thousandths.
std::optional<unsigned> parse_percent(std::string_view text) {
  if (text.ends_with('%')) text.remove_suffix(1);
  double value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc{} || end != text.data() + text.size() || !(value >= 0) || value > 100) return std::nullopt;
  return static_cast<unsigned>(std::lround(value * 100));
}

}  // namespace

CLI::App& add_rehearse_command(CLI::App& app, Options& options, RawRehearsal& raw) {
  auto* rehearse = app.add_subcommand(
      "rehearse", "Play the policy forward day by day, on a make-believe or surveyed organization; changes nothing");
  auto& o = options.rehearse;
  rehearse->add_option("--days", o.days, "So many days")
      ->check(CLI::Range(std::size_t{1}, most_days))
      ->capture_default_str();
  auto* world = rehearse->add_option("--world", o.world_file, "World file (JSON) instead of a generated world")
                    ->type_name("FILE");
  auto* account = rehearse->add_option("--from-account", raw.from_accounts,
                                       "Survey this real account (reads only; may be repeated)");
  account->allow_extra_args(false);
  auto* organization =
      rehearse->add_flag("--from-organization", o.from_organization, "Survey all real accounts in scope (reads only)");
  rehearse->add_option("--seed", o.behaviour.seed, "Same seed, same generated world and same owners")
      ->capture_default_str();
  auto* accounts = rehearse->add_option("--accounts", o.accounts, "Accounts of the generated organization")
                       ->check(CLI::Range(std::size_t{1}, sandbox::most_generated_accounts))
                       ->capture_default_str();
  auto* users = rehearse->add_option("--users", o.users, "Users in all generated accounts together")
                    ->check(CLI::Range(std::size_t{0}, sandbox::most_generated_users))
                    ->capture_default_str();
  auto* start = rehearse->add_option("--start", o.start, "First day: 2026-12-24 or +30d (default: now)");
  rehearse->add_option("--install-after", raw.install_after, "How long owners take to install a new key, on average")
      ->capture_default_str();
  rehearse->add_option("--never-install", raw.never_install, "Owners who never do, of a hundred")
      ->capture_default_str();
  rehearse->add_option("--every", raw.every, "A line of the table: day | week | month")
      ->check(CLI::IsMember({"day", "week", "month"}));
  for (auto* const real : {account, organization}) {
    for (auto* const made_up : {world, accounts, users, start}) real->excludes(made_up);
  }
  account->excludes(organization);
  world->excludes(accounts)->excludes(users);
  rehearse->add_flag("--all", options.all, "List everything that is held at the end, not just examples");
  rehearse->callback([&options] { options.command = Command::rehearse; });
  return *rehearse;
}

Result<> check_rehearsal(const RawRehearsal& raw, Options& options) {
  auto& o = options.rehearse;
  const auto install_after = parse_period(raw.install_after);
  if (!install_after) {
    return fail(ErrorKind::usage,
                fmt::format("--install-after takes a length of time such as 3d or 12h, not `{}`", raw.install_after));
  }
  o.behaviour.install_after = *install_after;
  const auto never = parse_percent(raw.never_install);
  if (!never) {
    return fail(ErrorKind::usage, fmt::format("--never-install takes 0% to 100%, not `{}`", raw.never_install));
  }
  o.behaviour.never_install = *never;
  o.every = rehearsal::parse_every(raw.every);
  for (const auto& account : raw.from_accounts) {
    if (!valid_account_id(account)) {
      return fail(ErrorKind::usage, fmt::format("--from-account takes twelve digits, not `{}`", account));
    }
    options.filter.accounts.emplace_back(account);
    o.from_organization = true;
  }
  if (!o.start.empty() && !parse_at(o.start, Instant{})) {
    return fail(ErrorKind::usage,
                fmt::format("--start takes a date, an instant or +PERIOD (2026-12-24, +30d), not `{}`", o.start));
  }
  return {};
}

}  // namespace rekeyer::cli
