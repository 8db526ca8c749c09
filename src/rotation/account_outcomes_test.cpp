// The outcomes of a run, in memory and put aside.
#include "rotation/account_outcomes.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "rotation/outcome.hpp"
#include "rotation/outcome_json.hpp"

namespace rekeyer::rotation {
namespace {

AccountId id(std::size_t number) { return AccountId(fmt::format("{:012}", number)); }

AccountOutcome outcome(std::size_t number, std::size_t rows) {
  AccountOutcome made;
  made.id = id(number);
  made.name = fmt::format("account \"{}\"\n", number);
  made.email = "owner@example.com";
  made.status = rows % 2 == 0 ? AccountStatus::done : AccountStatus::failed;
  made.reason = made.status == AccountStatus::failed ? "iam:ListUsers: Throttling" : "";
  made.users = 100 + number;
  made.quiet = 90;
  made.exempt = 3;
  made.looked_at = rows;
  made.turns_a_year = 12 * number;
  for (std::size_t i = 0; i < rows; ++i) {
    ActionOutcome row;
    row.account = made.id;
    row.user = UserName(fmt::format("user{}", i));
    row.key = AccessKeyId(i % 2 == 0 ? "" : "AKIAEXAMPLE");
    row.action = i % 3 == 0 ? policy::Action::rotate : policy::Action::exempt;
    row.reason = policy::Reason::rotation_due;
    if (i % 2 == 0) row.due = Instant{std::chrono::hours{i}};
    row.status = i % 2 == 0 ? ActionStatus::planned : ActionStatus::held;
    row.detail = "created 2026-01-02";
    made.actions.push_back(std::move(row));
  }
  if (number % 2 == 0) made.fitting.emplace(number % 4, "rekeyer.toml:3: [[override]] for user = \"ci-*\"");
  made.oldest.push_back({UserName("user0"), AccessKeyId("AKIAOLD"), Instant{std::chrono::hours{number}}});
  return made;
}

UserNotices notices_of(std::size_t account) {
  UserNotices told;
  told.subject.account = id(account);
  told.subject.user = UserName("ann");
  return told;
}

std::vector<std::string> texts(const AccountOutcomes& outcomes) {
  std::vector<std::string> all;
  for (const auto& one : outcomes) all.push_back(to_json(one));
  return all;
}

/// In an order of its own; those in the file and those in memory.
AccountOutcomes many(std::size_t accounts, std::size_t rows) {
  AccountOutcomes outcomes;
  for (std::size_t i = 0; i < accounts; ++i) outcomes.push_back(outcome(i * 7 % accounts, rows));
  return outcomes;
}

TEST(AccountOutcomes, KeepEveryActionThatARowMayHave) {
  for (int i = 0; i <= static_cast<int>(policy::Action::exempt); ++i) {
    auto one = outcome(1, 1);
    one.actions.front().action = static_cast<policy::Action>(i);
    const auto read = parse_outcome(to_json(one));
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->actions.front().action, one.actions.front().action);
  }
}

TEST(AccountOutcomes, AreReadInOrderOfTheirIds) {
  const auto outcomes = many(5, 1);
  EXPECT_EQ(outcomes.put_aside(), 0U) << "a few need no file";
  std::vector<AccountId> ids;
  for (const auto& one : outcomes) ids.push_back(one.id);
  EXPECT_TRUE(std::ranges::is_sorted(ids));
  EXPECT_EQ(outcomes.size(), 5U);
}

TEST(AccountOutcomes, ThatWerePutAsideAreTheSame) {
  constexpr std::size_t accounts = 1000, rows = 9;
  const auto outcomes = many(accounts, rows);
  EXPECT_GT(outcomes.put_aside(), accounts / 2);
  std::vector<std::string> wanted;
  for (std::size_t i = 0; i < accounts; ++i) wanted.push_back(to_json(outcome(i, rows)));
  EXPECT_EQ(texts(outcomes), wanted);
  EXPECT_EQ(texts(outcomes), wanted) << "a second time too";
}

TEST(AccountOutcomes, CanBeAmendedWhereverTheyLie) {
  auto outcomes = many(1000, 9);
  const auto add = [](AccountOutcome& found) { found.actions.push_back(outcome(0, 1).actions.front()); };
  for (const std::size_t account : {0U, 500U, 999U}) EXPECT_TRUE(outcomes.amend(id(account), add));
  EXPECT_FALSE(outcomes.amend(id(1000), add));
  std::size_t amended = 0;
  for (const auto& one : outcomes) amended += one.actions.size() == 10 ? 1 : 0;
  EXPECT_EQ(amended, 3U);
}

TEST(AccountOutcomes, HandTheNoticesOverOnce) {
  AccountOutcomes outcomes;
  for (std::size_t i = 0; i < 1000; ++i) {
    auto one = outcome(i, 9);
    if (i % 100 == 0) one.notices.push_back(notices_of(i));
    outcomes.push_back(std::move(one));
  }
  const auto told = outcomes.take_notices();
  ASSERT_EQ(told.size(), 10U);
  EXPECT_EQ(told[3].subject.account, id(300));
  EXPECT_TRUE(outcomes.take_notices().empty());
}

TEST(AccountOutcomes, StayInMemoryWhereNoFileCanBeMade) {
  const char* before = std::getenv("TMPDIR");
  const std::string kept = before == nullptr ? "" : before;
  ::setenv("TMPDIR", "/nowhere", 1);
  const auto outcomes = many(1000, 9);
  kept.empty() ? ::unsetenv("TMPDIR") : ::setenv("TMPDIR", kept.c_str(), 1);
  EXPECT_EQ(outcomes.put_aside(), 0U);
  EXPECT_EQ(texts(outcomes).size(), 1000U);
}

/// An outcome with so many users that wait.
AccountOutcome waiting(std::size_t account, std::size_t users, OutcomeReason reason) {
  auto made = outcome(account, 0);
  for (std::size_t i = 0; i < users; ++i) {
    for (const auto* key : {"AKIAONE", "AKIATWO"}) {
      ActionOutcome row;
      row.user = UserName(fmt::format("user{}", i));
      row.key = AccessKeyId(key);
      row.reason = reason;
      row.status = ActionStatus::held;
      made.actions.push_back(std::move(row));
    }
  }
  return made;
}

std::string waiting_text(const AccountOutcomes& outcomes, std::size_t a_run, std::size_t an_account) {
  LimitSettings limits;
  limits.max_changes = a_run;
  limits.max_changes_per_account = an_account;
  const auto found = waiting_in(outcomes, limits);
  return fmt::format("{} users, {} runs", found.users, found.runs);
}

TEST(Waiting, IsCountedByUsersAndByTheLimitThatBindsMost) {
  const AccountOutcomes outcomes{waiting(1, 10, RunReason::run_limit), waiting(2, 3, RunReason::account_limit),
                                 waiting(3, 7, policy::Reason::two_active)};
  EXPECT_EQ(waiting_text(outcomes, 5, 100), "13 users, 3 runs");
  EXPECT_EQ(waiting_text(outcomes, 100, 2), "13 users, 5 runs");
  EXPECT_EQ(waiting_text(outcomes, 0, 100), "13 users, 0 runs");
  EXPECT_EQ(waiting_text({}, 5, 5), "0 users, 0 runs");
}

TEST(Waiting, SaysWhetherARunADayKeepsUp) {
  auto large = outcome(1, 0);
  auto small = outcome(2, 0);
  large.turns_a_year = 365 * 60;
  small.turns_a_year = 365 * 6 + 1;
  const AccountOutcomes outcomes{large, small};
  const auto with = [&](std::size_t a_run, std::size_t an_account) {
    LimitSettings limits;
    limits.max_changes = a_run;
    limits.max_changes_per_account = an_account;
    const auto found = waiting_in(outcomes, limits);
    return fmt::format("{} a day{}, {} accounts behind", found.a_day, found.run_keeps_up ? "" : " are too many",
                       found.accounts_behind);
  };
  EXPECT_EQ(with(67, 60), "67 a day, 0 accounts behind");
  EXPECT_EQ(with(66, 59), "67 a day are too many, 1 accounts behind");
  EXPECT_EQ(with(67, 6), "67 a day, 2 accounts behind");
}

}  // namespace
}  // namespace rekeyer::rotation
