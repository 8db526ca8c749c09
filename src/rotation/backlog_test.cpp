// More due than a run may change: who is changed, whatever account it is in, and how long the others wait.
#include "rotation/backlog.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "base/random.hpp"

namespace rekeyer::rotation {
namespace {

/// Keeps who was changed; nothing else happens.
class RecordedVisit final : public AccountVisit {
 public:
  using AccountVisit::AccountVisit;
  Task<void> settle() override { co_return; }
  Task<std::vector<UserName>> users_there() override { co_return std::vector<UserName>{}; }
  Task<void> change(std::vector<DueUser>) override { co_return; }
};

std::shared_ptr<AccountVisit> visit(std::size_t account, const std::vector<int>& due_on) {
  AccountOutcome begun;
  begun.id = AccountId(fmt::format("{:012}", account));
  auto made = std::make_shared<RecordedVisit>(std::move(begun));
  for (const int day : due_on) {
    DueUser user;
    user.context.subject.account = made->outcome.id;
    user.context.subject.user = UserName(fmt::format("due{:05}", day));
    user.since = Instant{std::chrono::hours{24 * day}};
    user.due = user.since;
    made->due.push_back(std::move(user));
  }
  return made;
}

const Instant today = Instant{std::chrono::hours{24 * 1000}};

LimitSettings limits(std::size_t run, std::size_t account) {
  LimitSettings settings;
  settings.max_changes = run;
  settings.max_changes_per_account = account;
  return settings;
}

/// "1:due00003 2:due00004"
std::string names(const std::vector<VisitShare>& shares) {
  std::vector<std::string> all;
  for (const auto& share : shares) {
    for (const auto& user : share.users) {
      all.push_back(fmt::format("{}:{}", std::stoi(share.visit->outcome.id.str()), user.context.subject.user));
    }
  }
  std::ranges::sort(all);
  return std::accumulate(all.begin(), all.end(), std::string(),
                         [](const auto& text, const auto& name) { return text.empty() ? name : text + " " + name; });
}

TEST(Backlog, TheOldestOfAllAccountsGoFirst) {
  Backlog backlog(limits(3, 100));
  backlog.add(visit(1, {9, 5}));
  backlog.add(visit(2, {7, 1}));
  backlog.add(visit(3, {20}));
  ChangeBudget budget(limits(3, 100));
  EXPECT_EQ(names(backlog.next(budget, today)), "1:due00005 2:due00001 2:due00007");
  EXPECT_EQ(names(backlog.rest()), "1:due00009 3:due00020");
}

TEST(Backlog, AnAccountsOwnLimitLetsOthersGoFirst) {
  Backlog backlog(limits(3, 1));
  backlog.add(visit(1, {1, 2, 3}));
  backlog.add(visit(2, {8}));
  ChangeBudget budget(limits(3, 1));
  EXPECT_EQ(names(backlog.next(budget, today)), "1:due00001 2:due00008");
}

TEST(Backlog, OthersFollowWhereAUserTookNothing) {
  Backlog backlog(limits(2, 100));
  backlog.add(visit(1, {1, 2, 3, 4}));
  ChangeBudget budget(limits(2, 100));
  EXPECT_EQ(names(backlog.next(budget, today)), "1:due00001 1:due00002");
  EXPECT_FALSE(budget.take(AccountId("000000000001")));  // the other one had nothing due after all
  EXPECT_EQ(names(backlog.next(budget, today)), "1:due00003");
  EXPECT_FALSE(budget.take(AccountId("000000000001")));
  EXPECT_EQ(names(backlog.next(budget, today)), "");
  EXPECT_EQ(names(backlog.rest()), "1:due00004");
}

TEST(Backlog, KeepsNoMoreThanTheRunCouldChangeAndAccountsForTheOthers) {
  Backlog backlog(limits(10, 1000));
  std::vector<std::shared_ptr<AccountVisit>> visits;
  for (std::size_t account = 1; account <= 50; ++account) {
    std::vector<int> days(20);
    std::iota(days.begin(), days.end(), static_cast<int>(1000 - account * 20));  // the later ones are older
    visits.push_back(visit(account, days));
    backlog.add(visits.back());
  }
  ChangeBudget budget(limits(10, 1000));
  const auto chosen = names(backlog.next(budget, today));
  for (const int day : {0, 1, 6, 7})
    EXPECT_NE(chosen.find(fmt::format("50:due{:05}", day)), std::string::npos) << chosen;
  EXPECT_GE(std::ranges::count(chosen, ':'), 10) << chosen;
  std::size_t left = 0, held = 0;
  for (const auto& share : backlog.rest()) left += share.users.size();
  for (const auto& one : visits) {
    held += one->outcome.actions.size();
    for (const auto& row : one->outcome.actions) EXPECT_EQ(row.reason, RunReason::run_limit);
  }
  EXPECT_EQ(left, 50U + 10U + 20U - 10U)
      << "one of each account, as many as a run may change, the reserve, less the chosen";
  EXPECT_EQ(held, 1000U - 10U - left);
}

TEST(Backlog, AnInterruptedRunsKeyGoesBeforeAll) {
  Backlog backlog(limits(1, 100));
  auto broken = visit(2, {400});
  broken->due.front().since = Instant::min();
  backlog.add(visit(1, {1}));
  backlog.add(broken);
  ChangeBudget budget(limits(1, 100));
  EXPECT_EQ(names(backlog.next(budget, today)), "2:due00400");
}

/// Day after day: some fall due, some are changed. Nobody is changed while somebody older waits whom the account's
/// limit does not hold, and everybody has their turn as soon as the numbers allow.
TEST(Backlog, IsWorkedOffInOrderAndNobodyWaitsForEver) {
  const std::uint64_t seed = 20261125;
  SCOPED_TRACE(seed);
  Random random(seed);
  constexpr std::size_t accounts = 40, a_run = 50, an_account = 8, backlog_size = 2000;
  std::map<std::size_t, std::multiset<int>> waiting;  // by account: the day on which each fell due
  for (std::size_t i = 0; i < backlog_size; ++i) {
    // A few accounts have most of the users.
    const auto account = random.below(3) == 0 ? random.below(3) : random.below(accounts);
    waiting[account].insert(-static_cast<int>(random.below(900)) - 1);
  }
  std::size_t left = backlog_size, runs = 0;
  std::size_t largest = 0;
  for (const auto& [account, users] : waiting) largest = std::max(largest, users.size());
  for (; left > 0; ++runs) {
    ASSERT_LT(runs, 200U);
    Backlog backlog(limits(a_run, an_account));
    for (const auto& [account, users] : waiting) backlog.add(visit(account, {users.begin(), users.end()}));
    ChangeBudget budget(limits(a_run, an_account));
    std::size_t changed = 0;
    for (const auto& share : backlog.next(budget, today)) {
      auto& of_account = waiting[std::stoul(share.visit->outcome.id.str())];
      for (const auto& user : share.users) {
        const int day = static_cast<int>(user.since.time_since_epoch() / std::chrono::hours{24});
        EXPECT_LE(day, *of_account.begin()) << "somebody older of the same account waits";
        of_account.erase(of_account.find(day));
        ++changed;
      }
    }
    EXPECT_GT(changed, 0U);
    left -= changed;
  }
  const auto least = std::max((backlog_size + a_run - 1) / a_run, (largest + an_account - 1) / an_account);
  EXPECT_GE(runs, least);
  EXPECT_LE(runs, least + least / 5 + 1) << "no run was wasted";
}

}  // namespace
}  // namespace rekeyer::rotation
