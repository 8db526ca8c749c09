#include "rotation/unknown_users.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "rotation/not_there.hpp"

namespace rekeyer::rotation {
namespace {

/// Names are looked for in so many accounts: it is for a hint.
constexpr std::size_t listed_at_most = 5;

Task<std::vector<std::string>> names_there(AccountRun& account) {
  std::vector<std::string> names;
  const auto users = co_await account.users_there();
  for (const auto& user : users) names.push_back(user.str());
  co_return names;
}

}  // namespace

Task<std::vector<std::string>> unknown_users(std::vector<AccountRun*> accounts, std::vector<UserName> asked_for) {
  std::vector<std::string> unknown;
  for (auto* account : accounts) {
    const auto& named = account->named_users();
    if (!named.required || named.missing.empty()) continue;
    const auto known = co_await names_there(*account);
    for (const auto& user : named.missing) {
      unknown.push_back(
          not_there(fmt::format("accounts.{}", account->id()), user.str(), "no user of that account", known));
    }
  }
  std::erase_if(asked_for, [&](const UserName& user) {
    return std::ranges::any_of(accounts, [&](const AccountRun* account) {
      const auto& found = account->named_users().found;
      return std::ranges::find(found, user) != found.end();
    });
  });
  const bool all_seen = std::ranges::all_of(accounts, &AccountRun::surveyed);
  if (asked_for.empty() || accounts.empty() || !all_seen) co_return unknown;
  std::vector<std::string> known;
  for (std::size_t i = 0; i < std::min(accounts.size(), listed_at_most); ++i) {
    auto names = co_await names_there(*accounts[i]);
    known.insert(known.end(), names.begin(), names.end());
  }
  const auto where = accounts.size() == 1 ? fmt::format("no user of account {}", accounts.front()->id())
                                          : fmt::format("no user of any of {} accounts", accounts.size());
  for (const auto& user : asked_for) unknown.push_back(not_there("--user", user.str(), where, known));
  co_return unknown;
}

}  // namespace rekeyer::rotation
