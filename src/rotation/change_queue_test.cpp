// More due than a run may change: who is changed, whatever account it is in, and how long the others wait.
#include "rotation/change_queue.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "base/random.hpp"

namespace rekeyer::rotation {
namespace {

/// Users of one account, each due since that day.
std::vector<QueuedUser> due_of(std::size_t number, const std::vector<int>& due_on) {
  std::vector<QueuedUser> users;
  std::map<int, int> on_that_day;
  for (const int day : due_on) {
    const std::string another(static_cast<std::size_t>(on_that_day[day]++), '+');
    users.push_back({Instant{std::chrono::hours{24 * day}}, AccountId(fmt::format("{:012}", number)),
                     UserName(fmt::format("due{:05}{}", day, another))});
  }
  return users;
}

const Instant today = Instant{std::chrono::hours{24 * 1000}};

LimitSettings limits(std::size_t run, std::size_t account) {
  LimitSettings settings;
  settings.max_changes = run;
  settings.max_changes_per_account = account;
  return settings;
}

/// "1:due00003 2:due00004"
std::string names(const std::vector<QueuedUser>& users) {
  std::vector<std::string> all;
  for (const auto& user : users) all.push_back(fmt::format("{}:{}", std::stoi(user.account.str()), user.user));
  std::ranges::sort(all);
  return fmt::format("{}", fmt::join(all, " "));
}

TEST(ChangeQueue, TheOldestOfAllAccountsGoFirst) {
  ChangeQueue queue(limits(3, 100));
  queue.push(due_of(1, {9, 5}));
  queue.push(due_of(2, {7, 1}));
  queue.push(due_of(3, {20}));
  ChangeBudget budget(limits(3, 100));
  EXPECT_EQ(names(queue.pop(budget, today)), "1:due00005 2:due00001 2:due00007");
  EXPECT_EQ(names(queue.drain()), "1:due00009 3:due00020");
}

TEST(ChangeQueue, AnAccountsOwnLimitLetsOthersGoFirst) {
  ChangeQueue queue(limits(3, 1));
  queue.push(due_of(1, {1, 2, 3}));
  queue.push(due_of(2, {8}));
  ChangeBudget budget(limits(3, 1));
  EXPECT_EQ(names(queue.pop(budget, today)), "1:due00001 2:due00008");
}

TEST(ChangeQueue, OthersFollowWhereAUserTookNothing) {
  ChangeQueue queue(limits(2, 100));
  queue.push(due_of(1, {1, 2, 3, 4}));
  ChangeBudget budget(limits(2, 100));
  EXPECT_EQ(names(queue.pop(budget, today)), "1:due00001 1:due00002");
  EXPECT_FALSE(budget.take(AccountId("000000000001")));  // the other one had nothing due after all
  EXPECT_EQ(names(queue.pop(budget, today)), "1:due00003");
  EXPECT_FALSE(budget.take(AccountId("000000000001")));
  EXPECT_EQ(names(queue.pop(budget, today)), "");
  EXPECT_EQ(names(queue.drain()), "1:due00004");
}

TEST(ChangeQueue, KeepsNoMoreThanTheRunCouldChangeAndAccountsForTheOthers) {
  ChangeQueue queue(limits(10, 1000));
  std::size_t turned_away = 0;
  for (std::size_t number = 1; number <= 50; ++number) {
    std::vector<int> days(20);
    std::iota(days.begin(), days.end(), static_cast<int>(1000 - number * 20));  // the later ones are older
    for (const auto& [user, reason] : queue.push(due_of(number, days))) {
      EXPECT_EQ(reason, RunReason::run_limit);
      ++turned_away;
    }
  }
  ChangeBudget budget(limits(10, 1000));
  const auto chosen = names(queue.pop(budget, today));
  for (const int day : {0, 1, 6, 7})
    EXPECT_NE(chosen.find(fmt::format("50:due{:05}", day)), std::string::npos) << chosen;
  EXPECT_GE(std::ranges::count(chosen, ':'), 10) << chosen;
  const auto left = queue.drain().size();
  EXPECT_EQ(left, 50U + 10U + 20U - 10U)
      << "one of each account, as many as a run may change, the reserve, less the chosen";
  EXPECT_EQ(turned_away, 1000U - 10U - left);
}

TEST(ChangeQueue, WithoutABoundKeepsAllAndChoosesTheSame) {
  const std::uint64_t seed = std::random_device{}();
  SCOPED_TRACE(seed);
  Random random(seed);
  for (int round = 0; round < 50; ++round) {
    const auto both = limits(1 + random.below(30), 1 + random.below(10));
    ChangeQueue bounded(both);
    ChangeQueue unbounded;
    std::size_t pushed = 0;
    for (std::size_t number = 1; number <= 12; ++number) {
      std::set<int> days;
      for (auto left = random.below(6); left > 0; --left) days.insert(static_cast<int>(random.below(900)));
      pushed += days.size();
      bounded.push(due_of(number, {days.begin(), days.end()}));
      EXPECT_TRUE(unbounded.push(due_of(number, {days.begin(), days.end()})).empty());
    }
    const ChangeBudget budget(both);
    const auto turns = unbounded.pop(budget, today);
    EXPECT_EQ(names(bounded.pop(budget, today)), names(turns));
    EXPECT_EQ(unbounded.drain().size(), pushed - turns.size());
  }
}

TEST(ChangeQueue, GivesEachAccountsUsersInOrder) {
  ChangeQueue queue;
  queue.push(due_of(1, {9, 5, 7}));
  queue.push(due_of(2, {6}));
  const auto turns = queue.pop(ChangeBudget(limits(10, 10)), today);
  EXPECT_TRUE(std::ranges::is_sorted(turns));
  EXPECT_EQ(names(turns), "1:due00005 1:due00007 1:due00009 2:due00006");
  EXPECT_TRUE(queue.pop(ChangeBudget(limits(10, 10)), today).empty());
}

TEST(ChangeQueue, TurnsAllAwayWhereNothingMayBeChanged) {
  ChangeQueue none(limits(0, 10));
  const auto away = none.push(due_of(1, {3, 1}));
  ASSERT_EQ(away.size(), 2U);
  EXPECT_EQ(away.front().reason, RunReason::run_limit);
  ChangeQueue of_account(limits(10, 0));
  EXPECT_EQ(of_account.push(due_of(1, {3})).front().reason, RunReason::account_limit);
}

TEST(ChangeQueue, AnInterruptedRunsKeyGoesBeforeAll) {
  ChangeQueue queue(limits(1, 100));
  auto broken = due_of(2, {400});
  broken.front().since = Instant::min();
  queue.push(due_of(1, {1}));
  queue.push(broken);
  ChangeBudget budget(limits(1, 100));
  EXPECT_EQ(names(queue.pop(budget, today)), "2:due00400");
}

/// Day after day: some fall due, some are changed. Nobody is changed while somebody older waits whom the account's
/// limit does not hold, and everybody has their turn as soon as the numbers allow.
TEST(ChangeQueue, IsWorkedOffInOrderAndNobodyWaitsForEver) {
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
    ChangeQueue queue(limits(a_run, an_account));
    for (const auto& [number, users] : waiting) queue.push(due_of(number, {users.begin(), users.end()}));
    ChangeBudget budget(limits(a_run, an_account));
    std::size_t changed = 0;
    for (const auto& user : queue.pop(budget, today)) {
      auto& of_account = waiting[std::stoul(user.account.str())];
      const int day = static_cast<int>(user.since.time_since_epoch() / std::chrono::hours{24});
      EXPECT_LE(day, *of_account.begin()) << "somebody older of the same account waits";
      of_account.erase(of_account.find(day));
      ++changed;
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
