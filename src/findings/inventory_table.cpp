// The inventory for people: one line a key, account by account, the worst first; and what there is in a few lines.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <map>
#include <tuple>
#include <vector>

#include "findings/output.hpp"
#include "report/terminal_text.hpp"

namespace rekeyer::findings {
namespace {

using report::padded;
using report::Painter;
using report::printable;
using rotation::AccountStatus;

constexpr std::size_t columns = 7;
using Cells = std::array<std::string, columns>;

std::string_view colour_of(KeyState state) {
  switch (state) {
    case KeyState::unclear: return report::alarming;
    case KeyState::held: return "33";
    case KeyState::due: return "36";
    case KeyState::exempt:
    case KeyState::retiring:
    case KeyState::inactive:
    case KeyState::within: return report::dim;
  }
  return report::dim;
}

std::string used_text(const LastUse& use, Instant now) {
  if (use.state == LastUse::State::unknown) return "unknown";
  if (use.state == LastUse::State::never) return "never";
  const auto days = age_in_days(use.at, now);
  const auto ago = days == 0 ? std::string("today") : fmt::format("{}d ago", days);
  return use.service.empty() ? ago : fmt::format("{}, {}", ago, printable(use.service));
}

std::string next_text(const KeyEntry& key, Instant now) {
  if (!key.next || !key.next_at) return key.state == KeyState::exempt ? "-" : std::string(policy::name(key.reason));
  const auto day = *key.next_at <= now ? fmt::format("since {}", day_of(*key.next_at)) : day_of(*key.next_at);
  return fmt::format("{} {}", policy::name(*key.next), day);
}

std::string owner_text(const UserEntry& user) {
  if (user.owners.empty()) return "-";
  auto text = printable(user.owners.front());
  if (user.owners.size() > 1) text += fmt::format(" +{}", user.owners.size() - 1);
  return text;
}

struct Line {
  KeyState state = KeyState::within;
  Instant created{};
  Cells cells;
};

Line line_of(const UserEntry& user, const KeyEntry& key, Instant now) {
  const auto age = key.created ? fmt::format("{}", age_in_days(*key.created, now)) : std::string("?");
  return {key.state,
          key.created.value_or(Instant{}),
          {std::string(name(key.state)), printable(user.name.str()), printable(key.id.str()), age,
           used_text(key.owner_use, now), owner_text(user), next_text(key, now)}};
}

using Widths = std::array<std::size_t, columns>;

std::string text_of(const Cells& cells, const Widths& widths, std::size_t from) {
  std::string text;
  for (std::size_t i = from; i < columns; ++i) {
    if (i > from) text += "  ";
    text += i + 1 == columns ? cells[i] : padded(cells[i], widths[i]);
  }
  return text;
}

}  // namespace

std::string inventory_table(const Inventory& inventory, const report::Style& style) {
  const Painter paint(style);
  const Cells head{"STATE", "USER", "KEY", "AGE", "USED BY OWNER", "OWNER", "NEXT"};
  Widths widths{};
  for (std::size_t i = 0; i < columns; ++i) widths[i] = report::display_width(head[i]);
  std::map<AccountId, std::vector<Line>> lines;
  for (const auto& user : inventory.users) {
    for (const auto& key : user.keys) {
      auto line = line_of(user, key, inventory.taken);
      for (std::size_t i = 0; i < columns; ++i) {
        widths[i] = std::max(widths[i], std::min<std::size_t>(report::display_width(line.cells[i]), 40));
      }
      lines[user.account].push_back(std::move(line));
    }
  }
  std::string text;
  if (!lines.empty()) text += paint(report::dim, "  " + text_of(head, widths, 0)) + "\n";
  for (const auto& account : inventory.accounts) {
    if (account.status == AccountStatus::skipped) continue;
    auto& rows = lines[account.id];
    if (rows.empty() && account.status == AccountStatus::done) continue;
    std::ranges::sort(rows, [](const Line& a, const Line& b) {
      return std::tie(a.state, a.created, a.cells) < std::tie(b.state, b.created, b.cells);
    });
    text += report::account_heading(account.id, account.name, account.status, account.reason, paint);
    for (const auto& line : rows) {
      const auto state = padded(line.cells.front(), widths.front());
      auto rest = "  " + text_of(line.cells, widths, 1);
      const auto taken = 2 + report::display_width(state);
      if (style.width > taken) rest = report::cut(rest, style.width - taken);
      text += fmt::format("  {}{}\n", paint(colour_of(line.state), state), rest);
    }
  }
  return text;
}

std::string inventory_summary(const Inventory& inventory, const report::Style& style) {
  const Painter paint(style);
  std::map<KeyState, std::size_t> states;
  std::size_t unowned = 0;
  std::size_t without_mfa = 0;
  for (const auto& user : inventory.users) {
    for (const auto& key : user.keys) ++states[key.state];
    unowned += user.owners.empty() && !user.keys.empty() ? 1 : 0;
    without_mfa += user.login.password.value_or(false) && !user.login.mfa.value_or(true) ? 1 : 0;
  }
  std::map<AccountStatus, std::size_t> accounts;
  std::size_t keys = 0;
  std::size_t root_keys = 0;
  for (const auto& account : inventory.accounts) {
    ++accounts[account.status];
    keys += account.keys;
    root_keys += account.root_key_active ? 1 : 0;
  }
  std::vector<std::string> parts;
  for (const auto& [state, number] : states) parts.push_back(fmt::format("{} {}", number, name(state)));
  auto text = fmt::format(
      "{} of {} in {}{}{}.\n", report::counted(keys, "key"), report::counted(inventory.users.size(), "user"),
      report::counted(accounts[AccountStatus::done], "account"), parts.empty() ? "" : ": ", fmt::join(parts, ", "));
  for (const auto status : {AccountStatus::denied, AccountStatus::failed, AccountStatus::skipped}) {
    if (accounts[status] == 0) continue;
    const auto words = fmt::format("{} {}: not in these numbers.", report::counted(accounts[status], "account"),
                                   rotation::name(status));
    text += (status == AccountStatus::skipped ? words : paint(report::alarming, words)) + "\n";
  }
  if (unowned > 0) {
    text += fmt::format("{} with keys {} no owner that rekeyer could write to.\n", report::counted(unowned, "user"),
                        unowned == 1 ? "has" : "have");
  }
  if (without_mfa > 0) {
    text += fmt::format("{} with a password {} no MFA device.\n", report::counted(without_mfa, "user"),
                        without_mfa == 1 ? "has" : "have");
  }
  text += report::root_keys_line(root_keys, paint);
  if (!inventory.incomplete.empty()) {
    text += paint(report::alarming, "Accounts may be missing: " + printable(inventory.incomplete)) + "\n";
  }
  return text;
}

}  // namespace rekeyer::findings
