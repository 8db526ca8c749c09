// The report as people read it: grouped by account, aligned, the reason in words.
#include <fmt/format.h>

#include <algorithm>

#include "policy/decision.hpp"
#include "report/report.hpp"

namespace rekeyer::report {
namespace {

using policy::Action;
using rotation::AccountStatus;
using rotation::ActionStatus;

constexpr std::string_view reset = "\x1b[0m";

class Painter {
 public:
  explicit Painter(const Style& style) : on_(style.colour) {}
  std::string operator()(std::string_view code, std::string_view text) const {
    return on_ ? fmt::format("\x1b[{}m{}{}", code, text, reset) : std::string(text);
  }

 private:
  bool on_;
};

std::string_view colour_of(const rotation::ActionOutcome& action) {
  if (action.status == ActionStatus::failed) return "31;1";
  switch (action.action) {
    case Action::rotate: return "32";
    case Action::deactivate: return "33";
    case Action::remove: return "31";
    case Action::recover: return "35";
    case Action::warn:
    case Action::hold: return "36";
    case Action::keep:
    case Action::exempt: return "2";
  }
  return "0";
}

/// Terminals must not obey what an account's name or a user's tag says.
std::string printable(std::string_view text) {
  std::string result;
  for (const char c : text) result += (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) ? '?' : c;
  return result;
}

/// Characters, not bytes: good enough for names in most scripts.
std::size_t display_width(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::string padded(std::string_view text, std::size_t width) {
  const auto shown = display_width(text);
  return std::string(text) + std::string(shown < width ? width - shown : 0, ' ');
}

struct Row {
  const rotation::ActionOutcome* action;
  std::string what;
  std::string user;
  std::string key;
  std::string due;
  std::string why;
};

std::string due_text(const std::optional<Instant>& due, Instant now) {
  if (!due) return "-";
  const auto day = iso8601(*due).substr(0, 10);
  const auto distance = std::chrono::duration_cast<Period>(now - *due);
  if (distance >= std::chrono::days{1}) return fmt::format("{} ({} ago)", day, describe_period(distance));
  if (distance <= -std::chrono::days{1}) return fmt::format("{} (in {})", day, describe_period(distance));
  return day + (distance >= Period::zero() ? " (due)" : " (today)");
}

Row row_of(const rotation::ActionOutcome& action, const rotation::RunReport& report) {
  Row row;
  row.action = &action;
  row.what = policy::name(action.action);
  const bool changes = rotation::is_change(action.action);
  if (changes && (report.mode == rotation::Mode::apply || action.status == ActionStatus::held)) {
    row.what += fmt::format(" {}", rotation::name(action.status));
  }
  row.user = printable(action.user.str());
  row.key = action.key.empty() ? "-" : printable(action.key.str());
  row.due = due_text(action.due, report.started);
  row.why = printable(action.detail.empty() ? action.reason : action.reason + ": " + action.detail);
  return row;
}

struct Widths {
  std::size_t what = 6;
  std::size_t user = 4;
  std::size_t key = 3;
  std::size_t due = 3;
  void widen(const Row& row) {
    what = std::max(what, display_width(row.what));
    user = std::max(user, display_width(row.user));
    key = std::max(key, display_width(row.key));
    due = std::max(due, display_width(row.due));
  }
};

std::string cut(std::string line, std::size_t width) {
  if (width < 20 || display_width(line) <= width) return line;
  std::size_t shown = 0;
  std::size_t bytes = 0;
  while (bytes < line.size() && shown < width - 1) {
    ++bytes;
    while (bytes < line.size() && (static_cast<unsigned char>(line[bytes]) & 0xc0) == 0x80) ++bytes;
    ++shown;
  }
  return line.substr(0, bytes) + "…";
}

std::string heading(const rotation::AccountOutcome& account) {
  auto text = account.name.empty() ? account.id.str() : fmt::format("{}  {}", account.id, printable(account.name));
  if (account.status != AccountStatus::done) text += fmt::format("  [{}]", rotation::name(account.status));
  return text;
}

}  // namespace

std::string to_table(const rotation::RunReport& report, const Style& style) {
  const Painter paint(style);
  Widths widths;
  for (const auto& account : report.accounts) {
    for (const auto& action : account.actions) widths.widen(row_of(action, report));
  }
  std::string text;
  for (const auto& account : report.accounts) {
    if (account.actions.empty() && account.reason.empty()) continue;
    if (!text.empty()) text += '\n';
    text += paint("1", heading(account)) + "\n";
    if (!account.reason.empty()) text += cut(fmt::format("  {}", printable(account.reason)), style.width) + "\n";
    if (account.actions.empty()) continue;
    const auto head = fmt::format("  {}  {}  {}  {}  WHY", padded("ACTION", widths.what), padded("USER", widths.user),
                                  padded("KEY", widths.key), padded("DUE", widths.due));
    text += paint("2", head) + "\n";
    for (const auto& action : account.actions) {
      const auto row = row_of(action, report);
      const auto rest = fmt::format("  {}  {}  {}  {}", padded(row.user, widths.user), padded(row.key, widths.key),
                                    padded(row.due, widths.due), row.why);
      const auto what = padded(row.what, widths.what);
      const auto room = style.width > widths.what + 2 ? style.width - widths.what - 2 : 0;
      text += "  " + paint(colour_of(action), what) + cut(rest, room) + "\n";
    }
  }
  if (text.empty()) text = "Nothing is due.\n";
  return text;
}

std::string summary(const rotation::RunReport& report, const Style& style) {
  const Painter paint(style);
  const auto totals = totals_of(report);
  const auto count = [&](Action action, ActionStatus status) -> std::size_t {
    const auto by_status = totals.actions.find(std::string(policy::name(action)));
    if (by_status == totals.actions.end()) return 0;
    const auto found = by_status->second.find(std::string(rotation::name(status)));
    return found == by_status->second.end() ? 0 : found->second;
  };
  const auto status = report.mode == rotation::Mode::plan ? ActionStatus::planned : ActionStatus::done;
  const auto number = [](std::size_t n, std::string_view one) {
    return fmt::format("{} {}{}", n, one, n == 1 ? "" : "s");
  };
  std::size_t held = 0;
  std::size_t failed = 0;
  for (const auto& [action, statuses] : totals.actions) {
    for (const auto& [name, n] : statuses) {
      if (name == "held" && action != "exempt") held += n;
      if (name == "failed") failed += n;
    }
  }
  std::string text = fmt::format(
      "{} {} in {}: {} to rotate, {} to deactivate, {} to delete, {} to recover, {} warned, {} held, {} exempt, {} "
      "failed.\n",
      report.mode == rotation::Mode::plan ? "Planned" : "Applied to", number(totals.users, "user"),
      number(report.accounts.size(), "account"), count(Action::rotate, status), count(Action::deactivate, status),
      count(Action::remove, status), count(Action::recover, status), count(Action::warn, status), held, totals.exempt,
      failed);
  if (report.mode == rotation::Mode::apply) {
    for (const auto word : {"rotate", "deactivate", "delete", "recover"}) {
      const auto from = fmt::format(" to {}", word);
      const std::string past = std::string(word) + (std::string_view(word).back() == 'e' ? "d" : "ed");
      if (const auto at = text.find(from); at != std::string::npos) text.replace(at, from.size(), " " + past);
    }
  }
  if (totals.accounts_denied + totals.accounts_failed + totals.accounts_skipped > 0) {
    text += fmt::format("Accounts: {} done, {} denied, {} failed, {} skipped.\n", totals.accounts_done,
                        totals.accounts_denied, totals.accounts_failed, totals.accounts_skipped);
  }
  if (report.interrupted)
    text += paint("33", "Interrupted: what was not begun is listed as held or skipped; run again to go on.") + "\n";
  if (!report.incomplete.empty()) text += paint("31;1", "Accounts may be missing: " + report.incomplete) + "\n";
  return text;
}

}  // namespace rekeyer::report
