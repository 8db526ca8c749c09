// The closing lines of a run: numbers that are not zero, in the tense of the mode, and what needs somebody's hand.
#include <fmt/format.h>

#include "policy/decision.hpp"
#include "report/report.hpp"
#include "report/terminal_text.hpp"
#include "rotation/run_counts.hpp"

namespace rekeyer::report {
namespace {

using policy::Action;
using rotation::AccountStatus;
using rotation::ActionStatus;
using rotation::RowKind;

std::string_view words_for(Action action, bool applied) {
  switch (action) {
    case Action::rotate: return applied ? "rotated" : "to rotate";
    case Action::deactivate: return applied ? "deactivated" : "to deactivate";
    case Action::remove: return applied ? "deleted" : "to delete";
    case Action::recover: return applied ? "recovered" : "to recover";
    case Action::adopt: return applied ? "taken over" : "to take over";
    case Action::relock: return applied ? "relocked" : "to relock";
    case Action::keep:
    case Action::warn:
    case Action::hold:
    case Action::exempt: break;
  }
  return policy::name(action);
}

std::string first_line(const rotation::RunReport& report, const rotation::RunCounts& counts, const Painter& paint) {
  const auto accounts = counts.accounts(AccountStatus::done);
  if (accounts == 0) return "No account was looked at.\n";
  const bool applied = report.mode == rotation::Mode::apply;
  const auto& rows = counts.rows;
  std::vector<std::string> parts;
  for (const auto action :
       {Action::recover, Action::rotate, Action::deactivate, Action::remove, Action::adopt, Action::relock}) {
    const auto number = rows.of(action, applied ? ActionStatus::done : ActionStatus::planned);
    if (number > 0) parts.push_back(fmt::format("{} {}", number, words_for(action, applied)));
  }
  if (parts.empty()) parts.emplace_back(applied ? "nothing done" : "nothing to do");
  const auto add = [&](std::size_t number, std::string_view words) {
    if (number > 0) parts.push_back(fmt::format("{} {}", number, words));
  };
  add(rows.of(RowKind::upcoming), "due soon");
  add(rows.of(RowKind::held), "held");
  if (const auto failed = rows.of(RowKind::failed); failed > 0) {
    parts.push_back(paint(alarming, fmt::format("{} failed", failed)));
  }
  add(rows.of(RowKind::unowned), "unowned");
  add(rows.of(RowKind::undeliverable), "undeliverable");
  add(counts.exempt, "exempt");
  return fmt::format("{} in {}: {}.\n", counted(counts.users, "user"), counted(accounts, "account"),
                     fmt::join(parts, ", "));
}

std::string accounts_line(const rotation::RunCounts& counts, const Painter& paint) {
  std::vector<std::string> parts;
  for (const auto status : {AccountStatus::denied, AccountStatus::failed, AccountStatus::skipped}) {
    const auto number = counts.accounts(status);
    if (number == 0) continue;
    auto part = fmt::format("{} {}", number, rotation::name(status));
    parts.push_back(status == AccountStatus::skipped ? std::move(part) : paint(alarming, part));
  }
  if (parts.empty()) return {};
  return fmt::format("Accounts: {} done, {}.\n", counts.accounts(AccountStatus::done), fmt::join(parts, ", "));
}

std::string waiting_line(const rotation::Waiting& waiting) {
  if (waiting.users == 0) return {};
  const auto who = counted(waiting.users, "user");
  if (waiting.runs == 0) return fmt::format("{} due, and [limits] lets none be changed.\n", who);
  return fmt::format("{} more due than [limits] lets a run change: the oldest go first, {} like this one to go.\n", who,
                     counted(waiting.runs, "run"));
}

/// Keys would get older and older, however well each run goes.
std::string behind_line(const rotation::Waiting& waiting) {
  if (waiting.run_keeps_up && waiting.accounts_behind == 0) return {};
  const std::string where =
      waiting.run_keeps_up
          ? fmt::format("limits.max_changes_per_account is less than falls due on an average day in {}",
                        counted(waiting.accounts_behind, "account"))
          : fmt::format("limits.max_changes is less than falls due on an average day, about {}",
                        counted(waiting.a_day, "user"));
  return where + ": with one run a day, keys get older than the policy says. Raise it, or run more often.";
}

/// A plan's rows may be as old as the credential reports that they are by.
std::string report_line(const rotation::RunReport& report) {
  std::optional<Instant> oldest;
  for (const auto& account : report.accounts) {
    if (account.report_made && (!oldest || *account.report_made < *oldest)) oldest = account.report_made;
  }
  if (!oldest) return {};
  const auto age = std::chrono::floor<std::chrono::minutes>(std::max<Instant::duration>(report.started - *oldest, {}));
  const auto made = age < std::chrono::minutes{1} ? "made just now" : fmt::format("up to {} old", describe_period(age));
  return fmt::format("Keys without an id are as IAM's credential reports have them, {}; --ids asks for each.\n", made);
}

/// The way back for whoever renamed the role that rekeyer works as.
std::string shut_out_line(std::size_t secrets) {
  return fmt::format(
      "The lock keeps the role of this run off {}. To bring {} back, an IAM administrator makes a role with the ARN "
      "that the lock names and the policy of the new one. Name the new role under [store] writers and the old one "
      "under former_writers, run `rekeyer relock` as the old role, then delete it: see docs/operations.md.",
      counted(secrets, "secret"), secrets == 1 ? "it" : "them");
}

}  // namespace

std::string summary(const rotation::RunReport& report, const Style& style) {
  const Painter paint(style);
  const auto counts = rotation::count(report);
  auto text = first_line(report, counts, paint) + accounts_line(counts, paint);
  text += root_keys_line(counts.rows.of(RowKind::root_key), paint);
  if (const auto shut_out = counts.rows.shut_out(); shut_out > 0) {
    text += paint(alarming, shut_out_line(shut_out)) + "\n";
  }
  text += report_line(report) + waiting_line(report.waiting);
  if (const auto behind = behind_line(report.waiting); !behind.empty()) text += paint("33", behind) + "\n";
  for (const auto& rule : report.fits_nobody) text += paint("33", "Fits no user: " + printable(rule)) + "\n";
  if (report.interrupted) {
    text += paint("33", "Interrupted: what was not begun is listed as held or skipped; run again to go on.") + "\n";
  }
  if (!report.incomplete.empty()) {
    text += paint(alarming, "Accounts may be missing: " + printable(report.incomplete)) + "\n";
  }
  for (const auto& channel : report.failing_channels) {
    text += paint(alarming, "Not delivered: " + printable(channel)) + "\n";
  }
  return text;
}

}  // namespace rekeyer::report
