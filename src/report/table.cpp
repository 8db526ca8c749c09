// The report as people read it every day: grouped by account, aligned, what matters first, and quiet about the rest.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "policy/change_order.hpp"
#include "policy/decision.hpp"
#include "report/report.hpp"
#include "report/terminal_text.hpp"

namespace rekeyer::report {
namespace {

using policy::Action;
using rotation::AccountStatus;
using rotation::ActionStatus;

/// One line of an account.
struct Row {
  std::string_view colour;  ///< of `what`
  bool whole = false;       ///< never cut: why something failed is what the reader is after
  std::string what;
  std::string user;
  std::string key;
  std::string due;
  std::string why;
};

struct Section {
  const rotation::AccountOutcome* account = nullptr;
  std::vector<Row> rows;
  std::size_t exempt = 0;  ///< users that have no row
};

std::string_view colour_of(const rotation::ActionOutcome& action) {
  if (action.status == ActionStatus::failed) return alarming;
  switch (action.action) {
    case Action::rotate: return "32";
    case Action::deactivate: return "33";
    case Action::remove: return "31";
    case Action::recover:
    case Action::adopt:
    case Action::relock: return "35";
    case Action::warn:
    case Action::hold: return "36";
    case Action::keep:
    case Action::exempt: return dim;
  }
  return dim;
}

std::string_view past_tense(Action action) {
  switch (action) {
    case Action::rotate: return "rotated";
    case Action::deactivate: return "deactivated";
    case Action::remove: return "deleted";
    case Action::recover: return "recovered";
    case Action::adopt: return "adopted";
    case Action::relock: return "relocked";
    case Action::warn:
    case Action::hold:
    case Action::keep:
    case Action::exempt: break;
  }
  return policy::name(action);
}

std::string words_of(const rotation::ActionOutcome& action) {
  const auto verb = policy::name(action.action);
  const bool change = policy::is_change(action.action);
  switch (action.status) {
    case ActionStatus::planned: break;
    case ActionStatus::done: return std::string(past_tense(action.action));
    case ActionStatus::held:
      if (change) return fmt::format("{} held", verb);
      break;
    case ActionStatus::failed: return change ? fmt::format("{} failed", verb) : std::string("failed");
  }
  return std::string(verb);
}

/// The order of an account's rows: what is or was due, what failed, what is held, what comes near, the rest.
constexpr int last_rank = 5;
int rank(const rotation::ActionOutcome& action) {
  if (action.status == ActionStatus::failed) return 1;
  switch (action.action) {
    case Action::rotate:
    case Action::deactivate:
    case Action::remove:
    case Action::recover:
    case Action::adopt:
    case Action::relock: return action.status == ActionStatus::held ? 2 : 0;
    case Action::hold: return 2;
    case Action::warn: return 3;
    case Action::keep: return 4;
    case Action::exempt: return last_rank;
  }
  return last_rank;
}

std::string due_text(const std::optional<Instant>& due, Instant now) {
  if (!due) return "-";
  const auto distance = std::chrono::floor<Period>(now - *due);
  const auto length = describe_period(distance);
  const auto words = std::chrono::abs(distance) < std::chrono::minutes{1} ? "now"
                     : distance > Period::zero()                          ? length + " ago"
                                                                          : "in " + length;
  return fmt::format("{} ({})", day_of(*due), words);
}

std::string why_text(const rotation::ActionOutcome& action) {
  const std::string reason(name(action.reason));
  return printable(action.detail.empty() ? reason : reason + ": " + action.detail);
}

Row row_of(const rotation::ActionOutcome& action, Instant now) {
  Row row;
  row.colour = colour_of(action);
  row.whole = action.status == ActionStatus::failed;
  row.what = words_of(action);
  row.user = action.user.empty() ? "-" : printable(action.user.str());
  row.key = action.key.empty() ? "-" : printable(action.key.str());
  row.due = due_text(action.due, now);
  row.why = why_text(action);
  return row;
}

/// Exempt users are many and always the same, so they are a count. What stays a row, one a cause: an exemption list
/// that can't be read, which makes everybody exempt.
void add_exempt(const std::vector<const rotation::ActionOutcome*>& actions, Section& section) {
  std::set<UserName> exempt;
  std::map<std::string, std::set<UserName>> by_cause;
  for (const auto* action : actions) {
    if (action->reason == policy::Reason::exempt) {
      exempt.insert(action->user);
    } else {
      by_cause[why_text(*action)].insert(action->user);
    }
  }
  section.exempt = exempt.size();
  for (const auto& [cause, users] : by_cause) {
    Row row;
    row.colour = colour_of(*actions.front());
    row.what = policy::name(Action::exempt);
    row.user = users.size() == 1 ? printable(users.begin()->str()) : counted(users.size(), "user");
    row.key = row.due = "-";
    row.why = cause;
    section.rows.push_back(std::move(row));
  }
}

Section section_of(const rotation::AccountOutcome& account, Instant now, const Style& style) {
  std::vector<const rotation::ActionOutcome*> actions;
  std::vector<const rotation::ActionOutcome*> exempt;
  for (const auto& action : account.actions) {
    const bool counted_only = action.action == Action::exempt && !style.list_exempt;
    (counted_only ? exempt : actions).push_back(&action);
  }
  Section section;
  section.account = &account;
  for (int wanted = 0; wanted <= last_rank; ++wanted) {
    for (const auto* action : actions) {
      if (rank(*action) == wanted) section.rows.push_back(row_of(*action, now));
    }
  }
  add_exempt(exempt, section);
  return section;
}

/// Has something to be read: rows, or that it could not be entered.
bool is_told(const Section& section) {
  const auto status = section.account->status;
  return status == AccountStatus::denied || status == AccountStatus::failed || !section.rows.empty();
}

/// Columns are as wide as their widest cell, but a few long names don't push all the others aside.
struct Widths {
  std::size_t what = 6;
  std::size_t user = 4;
  std::size_t key = 3;
  std::size_t due = 3;

  void widen(const Row& row) {
    constexpr std::size_t widest_user = 32;
    what = std::max(what, display_width(row.what));
    user = std::max(user, std::min(widest_user, display_width(row.user)));
    key = std::max(key, display_width(row.key));
    due = std::max(due, display_width(row.due));
  }
};

std::string line_of(const Row& row, const Widths& widths, const Style& style, const Painter& paint) {
  const auto what = padded(row.what, widths.what);
  auto rest = fmt::format("  {}  {}  {}  {}", padded(row.user, widths.user), padded(row.key, widths.key),
                          padded(row.due, widths.due), row.why);
  const auto taken = 2 + display_width(what);
  if (!row.whole && style.width > taken) rest = cut(rest, style.width - taken);
  return fmt::format("  {}{}\n", paint(row.colour, what), rest);
}

/// Accounts that were left out, one line a cause.
std::string skipped_lines(const rotation::RunReport& report, const Painter& paint) {
  constexpr std::size_t listed = 4;
  std::map<std::string, std::vector<std::string>> by_cause;
  for (const auto& account : report.accounts) {
    if (account.status == AccountStatus::skipped) by_cause[printable(account.reason)].push_back(account.id.str());
  }
  std::string text;
  for (const auto& [cause, ids] : by_cause) {
    const auto which = ids.size() <= listed ? fmt::format("{}", fmt::join(ids, ", ")) : counted(ids.size(), "account");
    text += paint(dim, fmt::format("Skipped: {}{}", which, cause.empty() ? "" : fmt::format(" ({})", cause))) + "\n";
  }
  return text;
}

}  // namespace

void write_table(const rotation::RunReport& report, const Style& style, const Sink& sink) {
  const Painter paint(style);
  // Twice through all accounts: the columns' widths are known only when every row was seen.
  Widths widths;
  bool rows = false;
  for (const auto& account : report.accounts) {
    const auto section = section_of(account, report.started, style);
    for (const auto& row : section.rows) widths.widen(row);
    rows = rows || !section.rows.empty();
  }
  if (rows) {
    const auto head = fmt::format("  {}  {}  {}  {}  WHY", padded("ACTION", widths.what), padded("USER", widths.user),
                                  padded("KEY", widths.key), padded("DUE", widths.due));
    sink(paint(dim, cut(head, style.width)) + "\n");
  }
  bool first = true;
  bool apart = false;  // accounts with rows stand apart, those with a heading only stand together
  for (const auto& account : report.accounts) {
    const auto section = section_of(account, report.started, style);
    if (!is_told(section)) continue;
    std::string text;
    if (!std::exchange(first, false) && (apart || !section.rows.empty())) text += '\n';
    text += account_heading(account.id, account.name, account.status, account.reason, paint);
    for (const auto& row : section.rows) text += line_of(row, widths, style, paint);
    if (section.exempt > 0) text += paint(dim, fmt::format("  {} exempt", section.exempt)) + "\n";
    apart = !section.rows.empty();
    sink(text);
  }
  if (first) sink("Nothing is due.\n");
  const auto skipped = skipped_lines(report, paint);
  if (!skipped.empty()) sink("\n" + skipped);
}

std::string to_table(const rotation::RunReport& report, const Style& style) {
  std::string text;
  write_table(report, style, [&](std::string_view more) { text += more; });
  return text;
}

}  // namespace rekeyer::report
