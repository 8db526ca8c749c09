#include "rotation/unknown_users.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "rotation/not_there.hpp"

namespace rekeyer::rotation {
namespace {

/// Names are looked for in so many accounts: it is for a hint.
constexpr std::size_t listed_at_most = 5;

bool was_surveyed(const std::shared_ptr<AccountVisit>& visit) { return visit->outcome.status == AccountStatus::done; }

Task<std::vector<std::string>> names_there(std::shared_ptr<AccountVisit> visit) {
  std::vector<std::string> names;
  const auto users = co_await visit->users_there();
  for (const auto& user : users) names.push_back(user.str());
  co_return names;
}

}  // namespace

Task<std::vector<std::string>> unknown_users(std::vector<std::shared_ptr<AccountVisit>> visits,
                                             std::vector<UserName> asked_for) {
  std::vector<std::string> unknown;
  for (const auto& visit : visits) {
    if (!visit->required || visit->missing.empty()) continue;
    const auto known = co_await names_there(visit);
    for (const auto& user : visit->missing) {
      unknown.push_back(
          not_there(fmt::format("accounts.{}", visit->outcome.id), user.str(), "no user of that account", known));
    }
  }
  std::erase_if(asked_for, [&](const UserName& user) {
    return std::ranges::any_of(
        visits, [&](const auto& visit) { return std::ranges::find(visit->found, user) != visit->found.end(); });
  });
  if (asked_for.empty() || visits.empty() || !std::ranges::all_of(visits, was_surveyed)) co_return unknown;
  std::vector<std::string> known;
  for (std::size_t i = 0; i < std::min(visits.size(), listed_at_most); ++i) {
    auto names = co_await names_there(visits[i]);
    known.insert(known.end(), names.begin(), names.end());
  }
  const auto where = visits.size() == 1 ? fmt::format("no user of account {}", visits.front()->outcome.id)
                                        : fmt::format("no user of any of {} accounts", visits.size());
  for (const auto& user : asked_for) unknown.push_back(not_there("--user", user.str(), where, known));
  co_return unknown;
}

}  // namespace rekeyer::rotation
