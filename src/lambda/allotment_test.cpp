// The limit of a run, dealt out.
#include "lambda/allotment.hpp"

#include <gtest/gtest.h>

#include "lambda/lambda_fixture.hpp"

namespace rekeyer::lambda {
namespace {

using fixture::day;
using fixture::row;
using policy::Action;
using rotation::ActionStatus;

Surveyed surveyed(const std::string& id, std::vector<rotation::ActionOutcome> actions) {
  Surveyed account{{}, fixture::record(std::move(actions))};
  account.target.id = account.record.outcome.id = AccountId(id);
  return account;
}

rotation::ActionOutcome due(const std::string& user, int since, const std::string& key = "K") {
  return row(user, key, Action::rotate, ActionStatus::planned, policy::Reason::rotation_due, day(since));
}

rotation::LimitSettings limits(std::size_t run, std::size_t account) {
  rotation::LimitSettings settings;
  settings.max_changes = run;
  settings.max_changes_per_account = account;
  return settings;
}

/// "1:2 3:0": the accounts' first digits and their shares.
std::string shares(const Allotment& allotment) {
  std::string text;
  for (const auto& item : allotment.accounts) {
    text += (text.empty() ? "" : " ") + item.target.id.str().substr(0, 1) + ":" + std::to_string(item.changes.value());
  }
  return text;
}

TEST(Allotment, TheOldestGoFirstWhateverAccountTheyAreIn) {
  const std::vector all{surveyed("111111111111", {due("a", 5), due("b", 9)}),
                        surveyed("222222222222", {due("c", 1), due("d", 7)}), surveyed("333333333333", {due("e", 20)})};
  const auto three = allot(all, limits(3, 100), day(100));
  EXPECT_EQ(shares(three), "1:1 2:2 3:0");
  EXPECT_EQ(three.due, 5U);
  EXPECT_EQ(three.allotted, 3U);
  EXPECT_EQ(shares(allot(all, limits(100, 100), day(100))), "1:2 2:2 3:1");
  EXPECT_EQ(shares(allot(all, limits(100, 1), day(100))), "1:1 2:1 3:1");
}

TEST(Allotment, PoliciesAreWrittenWhereTheSurveyMissedThemAndTakeNoShare) {
  const auto relock = [](ActionStatus status) {
    return row("ann", "", Action::relock, status, rotation::RunReason::lock_differs);
  };
  auto all = std::vector{surveyed("111111111111", {relock(ActionStatus::planned)}),
                         surveyed("222222222222", {relock(ActionStatus::held)}), surveyed("333333333333", {})};
  for (auto& account : all) account.record.outcome.looked_at = 0;
  const auto allotment = allot(all, limits(1, 1), day(100));
  EXPECT_EQ(shares(allotment), "1:0");
  EXPECT_EQ(allotment.due, 0U);
}

TEST(Allotment, WhomTheSurveyLeftForTheSecondPassHaveTheirShare) {
  const auto waits = [](const std::string& user, int since, rotation::OutcomeReason why) {
    return row(user, "", Action::rotate, ActionStatus::held, why, day(since));
  };
  const std::vector all{surveyed("111111111111", {waits("a", 5, rotation::RunReason::run_limit),
                                                  waits("b", 1, policy::Reason::two_active)}),
                        surveyed("222222222222", {waits("c", 3, rotation::RunReason::account_limit)})};
  const auto allotment = allot(all, limits(9, 9), day(100));
  EXPECT_EQ(shares(allotment), "1:1 2:1");
  EXPECT_EQ(allotment.due, 2U);
}

TEST(Allotment, AUserCountsOnceByTheOldestOfItsKeys) {
  const std::vector all{surveyed("111111111111", {due("a", 9, "K1"), due("a", 2, "K2"), due("b", 5)})};
  const auto one = allot(all, limits(1, 100), day(100));
  EXPECT_EQ(one.due, 2U);
  EXPECT_EQ(shares(one), "1:1");
}

TEST(Allotment, WhatARunLeftInTheMiddleGoesFirst) {
  auto broken = surveyed(
      "222222222222", {row("c", "K", Action::recover, ActionStatus::planned, policy::Reason::intent_expired, day(90))});
  EXPECT_EQ(shares(allot({surveyed("111111111111", {due("a", 1)}), broken}, limits(1, 100), day(100))), "1:0 2:1");
}

TEST(Allotment, AccountWhereEverybodyHasToWaitIsNotEntered) {
  auto waits = surveyed("222222222222", {due("b", 5)});
  waits.record.outcome.looked_at = 0;
  auto tells = surveyed("333333333333", {due("c", 6), row("d", "K", Action::warn, ActionStatus::planned)});
  tells.record.outcome.looked_at = 1;
  EXPECT_EQ(shares(allot({surveyed("111111111111", {due("a", 1)}), waits, tells}, limits(1, 100), day(100))),
            "1:1 3:0");
}

TEST(Allotment, WhoIsOnlyToBeToldOrRecordedNeedsNoShare) {
  auto quiet = surveyed("111111111111", {});
  auto to_tell = surveyed("222222222222", {row("a", "K", Action::warn, ActionStatus::planned)});
  auto gone =
      surveyed("333333333333", {row("b", "", Action::remove, ActionStatus::planned, rotation::RunReason::user_gone)});
  gone.record.outcome.looked_at = 0;
  auto denied = surveyed("444444444444", {});
  denied.record.outcome.status = rotation::AccountStatus::denied;
  denied.record.outcome.looked_at = 1;
  EXPECT_EQ(shares(allot({quiet, to_tell, gone, denied}, limits(10, 10), day(100))), "2:0 3:0");
  EXPECT_EQ(allot({gone}, limits(10, 10), day(100)).due, 0U);
}

}  // namespace
}  // namespace rekeyer::lambda
