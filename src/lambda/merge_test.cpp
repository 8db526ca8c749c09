// What two deliveries of one event, or two calls one after the other, amount to.
#include "lambda/merge.hpp"

#include <gtest/gtest.h>

#include "lambda/lambda_fixture.hpp"

namespace rekeyer::lambda {
namespace {

using fixture::left;
using fixture::record;
using fixture::row;
using fixture::told;
using policy::Action;
using rotation::ActionStatus;

TEST(Merge, WhatWasDoneWinsOverWhatTheOtherDeliveryFoundLeased) {
  const auto done = record({row("ann", "K1", Action::rotate, ActionStatus::done)});
  const auto held = record({row("ann", "K1", Action::hold, ActionStatus::held, policy::Reason::in_progress)});
  EXPECT_EQ(told(merged(done, held)), "ann/K1 rotate done");
  EXPECT_EQ(told(merged(held, done)), "ann/K1 rotate done");
}

TEST(Merge, OfTwoThatAreEqualTheLaterCounts) {
  const auto first = record({row("ann", "K1", Action::rotate, ActionStatus::failed, ErrorKind::throttled)});
  const auto second =
      record({row("ann", "K1", Action::rotate, ActionStatus::failed, rotation::RunReason::store_failed)});
  const auto both = merged(first, second);
  ASSERT_EQ(both.outcome.actions.size(), 1U);
  EXPECT_EQ(name(both.outcome.actions[0].reason), "store_failed");
}

TEST(Merge, ACallThatWentOnReplacesWhoWasLeft) {
  auto first = record({row("ann", "K1", Action::rotate, ActionStatus::done), left("bob"), left("cy")});
  auto second = record({row("bob", "K2", Action::rotate, ActionStatus::done), left("cy")}, 2);
  first.outcome.quiet = 2;
  const auto both = merged(first, second);
  EXPECT_EQ(told(both), "ann/K1 rotate done; bob/K2 rotate done; cy/ hold held");
  EXPECT_EQ(users_left(both), std::vector{UserName("cy")});
  EXPECT_EQ(both.outcome.users, 5U);
  EXPECT_EQ(users_changed(both), 2U);

  // The third call finds nothing to do for cy any more, and so says nothing of him.
  auto third = record({}, 1);
  third.outcome.quiet = 1;
  const auto all = merged(both, third);
  EXPECT_EQ(told(all), "ann/K1 rotate done; bob/K2 rotate done");
  EXPECT_TRUE(users_left(all).empty());
  EXPECT_EQ(all.outcome.quiet, 3U);
}

TEST(Merge, AnAccountThatCouldBeEnteredOnceWasEntered) {
  const auto done = record({row("ann", "K1", Action::rotate, ActionStatus::done)});
  auto denied = record({}, 0);
  denied.outcome.status = rotation::AccountStatus::denied;
  denied.outcome.reason = "AccessDenied";
  EXPECT_EQ(told(merged(done, denied)), "ann/K1 rotate done");
  EXPECT_EQ(merged(done, denied).outcome.status, rotation::AccountStatus::done);
  EXPECT_EQ(told(merged(denied, done)), "ann/K1 rotate done");
  EXPECT_EQ(merged(denied, denied).outcome.reason, "AccessDenied");
}

TEST(Merge, ADeniedCallForgetsNobodyWhoWasLeft) {
  const auto first = record({row("ann", "K1", Action::rotate, ActionStatus::done), left("bob")});
  auto denied = record({}, 0);
  denied.outcome.status = rotation::AccountStatus::failed;
  EXPECT_EQ(users_left(merged(first, denied)), std::vector{UserName("bob")});
}

TEST(Merge, CallsAndRefusedMailsAddUpAndChannelsAreNamedOnce) {
  auto first = record({});
  auto second = record({});
  first.calls = {{"iam:ListUsers", 2}};
  second.calls = {{"iam:ListUsers", 1}, {"sts:AssumeRole", 1}};
  first.mails_refused = 1;
  second.mails_refused = 2;
  first.failing_channels = second.failing_channels = {"mail: refused"};
  second.finished = fixture::day(1);
  const auto both = merged(first, second);
  EXPECT_EQ(both.calls.at("iam:ListUsers"), 3U);
  EXPECT_EQ(both.calls.at("sts:AssumeRole"), 1U);
  EXPECT_EQ(both.mails_refused, 3U);
  EXPECT_EQ(both.failing_channels.size(), 1U);
  EXPECT_EQ(both.started, fixture::day(0));
  EXPECT_EQ(both.finished, fixture::day(1));
}

TEST(Merge, WhatFitsSomebodyIsKnownFromTheCallThatSawMore) {
  auto all = fixture::record({fixture::left("ann")}, 5);
  all.outcome.fitting = std::vector<std::string>{"a rule"};
  auto rest = fixture::record({}, 1);
  rest.outcome.fitting.emplace();
  EXPECT_EQ(merged(all, rest).outcome.fitting, std::vector<std::string>{"a rule"});
  EXPECT_EQ(merged(rest, all).outcome.fitting, std::vector<std::string>{"a rule"});
}

}  // namespace
}  // namespace rekeyer::lambda
