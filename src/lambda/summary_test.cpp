// The report of a run whose accounts were worked on apart: nobody disappears.
#include "lambda/summary.hpp"

#include <gtest/gtest.h>

#include "lambda/lambda_fixture.hpp"
#include "rotation/run_counts.hpp"

namespace rekeyer::lambda {
namespace {

using fixture::row;
using policy::Action;
using rotation::ActionStatus;

RunParts parts_of(rotation::Mode mode, std::initializer_list<const char*> accounts) {
  RunParts parts;
  parts.run = "run-1";
  parts.mode = mode;
  for (const char* id : accounts) {
    MapItem item;
    item.target.id = AccountId(id);
    parts.accounts.push_back(std::move(item));
  }
  parts.planned.resize(parts.accounts.size());
  return parts;
}

std::optional<AccountRecord> found(const std::string& id, ActionStatus status) {
  auto record = fixture::record({row("ann", "K1", Action::rotate, status)});
  record.outcome.id = AccountId(id);
  return record;
}

std::string statuses(const rotation::RunReport& report) {
  std::string text;
  for (const auto& account : report.accounts) {
    text += (text.empty() ? "" : " ") + account.id.str().substr(0, 1) + ":" + std::string(name(account.status));
    for (const auto& action : account.actions) text += "," + std::string(name(action.status));
  }
  return text;
}

TEST(Summary, AnAccountWithoutAnOutcomeIsFailed) {
  auto parts = parts_of(rotation::Mode::plan, {"111111111111", "222222222222"});
  parts.planned[0] = found("111111111111", ActionStatus::planned);
  rotation::AccountTarget closed;
  closed.id = AccountId("000000000000");
  closed.skip = "suspended";
  parts.skipped.push_back(closed);
  const auto summary = summarise(parts, fixture::day(3));
  EXPECT_EQ(statuses(summary.report), "0:skipped 1:done,planned 2:failed");
  EXPECT_NE(std::ranges::next(summary.report.accounts.begin(), 2)->reason, "");
  EXPECT_TRUE(rotation::has_failures(summary.report));
  EXPECT_EQ(summary.report.run.str(), "run-1");
}

TEST(Summary, ThePassThatEnteredAnAccountTells) {
  auto parts = parts_of(rotation::Mode::apply, {"111111111111", "222222222222", "333333333333"});
  parts.planned[0] = found("111111111111", ActionStatus::planned);
  parts.planned[1] = found("222222222222", ActionStatus::planned);
  parts.planned[2] = fixture::record({});
  parts.planned[2]->outcome.id = AccountId("333333333333");
  parts.applied.emplace();
  parts.applied->emplace("111111111111", found("111111111111", ActionStatus::done));
  // The second was to be entered and left nothing: what was planned for it is not what happened to it.
  parts.applied->emplace("222222222222", std::nullopt);
  const auto summary = summarise(parts, fixture::day(3));
  EXPECT_EQ(statuses(summary.report), "1:done,done 2:failed 3:done");
  EXPECT_EQ(summary.report.incomplete, "");
}

TEST(Summary, WithoutSharesNothingWasChangedAndItSaysSo) {
  auto parts = parts_of(rotation::Mode::apply, {"111111111111"});
  parts.planned[0] = found("111111111111", ActionStatus::planned);
  const auto summary = summarise(parts, fixture::day(3));
  EXPECT_EQ(statuses(summary.report), "1:done,planned");
  EXPECT_NE(summary.report.incomplete, "");
  EXPECT_TRUE(rotation::has_failures(summary.report));
}

TEST(Summary, AChannelThatFailsInAnyAccountFailsTheRun) {
  auto parts = parts_of(rotation::Mode::apply, {"111111111111", "222222222222"});
  parts.applied.emplace();
  for (std::size_t i = 0; i < 2; ++i) {
    const std::string account = i == 0 ? "111111111111" : "222222222222";
    parts.planned[i] = found(account, ActionStatus::planned);
    auto done = found(account, ActionStatus::done);
    done->failing_channels = {"alarms: sns:Publish: NotFound"};
    parts.applied->emplace(account, std::move(done));
  }
  const auto summary = summarise(parts, fixture::day(3));
  EXPECT_EQ(summary.report.failing_channels, std::vector<std::string>{"alarms: sns:Publish: NotFound"});
  EXPECT_TRUE(rotation::has_failures(summary.report));
}

TEST(Summary, WhatIsDueInAnAccountThatWasLeftAloneWaits) {
  auto parts = parts_of(rotation::Mode::apply, {"111111111111"});
  parts.planned[0] = found("111111111111", ActionStatus::planned);
  parts.applied.emplace();
  const auto summary = summarise(parts, fixture::day(3));
  EXPECT_EQ(statuses(summary.report), "1:done,held");
  EXPECT_EQ(summary.report.accounts.begin()->actions.front().reason, rotation::RunReason::run_limit);
  EXPECT_FALSE(rotation::has_due(summary.report));
}

TEST(Summary, WhatFitsSomebodyIsKnownFromThePassThatSawAll) {
  auto parts = parts_of(rotation::Mode::apply, {"111111111111"});
  parts.planned[0] = found("111111111111", ActionStatus::planned);
  parts.planned[0]->outcome.fitting = std::vector<std::string>{"a rule"};
  auto applied = found("111111111111", ActionStatus::done);
  applied->outcome.fitting.emplace();  // it saw those who have a share
  parts.applied.emplace();
  parts.applied->emplace("111111111111", std::move(applied));
  const auto fitting = summarise(parts, fixture::day(3)).report.accounts.begin()->fitting;
  EXPECT_EQ(fitting, std::vector<std::string>{"a rule"});
}

TEST(Summary, BothPassesCountAsWork) {
  auto parts = parts_of(rotation::Mode::apply, {"111111111111"});
  parts.planned[0] = found("111111111111", ActionStatus::planned);
  auto applied = found("111111111111", ActionStatus::done);
  parts.planned[0]->calls = {{"iam:ListUsers", 2}};
  applied->calls = {{"iam:ListUsers", 3}};
  applied->finished = fixture::day(1);
  applied->mails_refused = 2;
  parts.applied.emplace();
  parts.applied->emplace("111111111111", std::move(applied));
  const auto summary = summarise(parts, fixture::day(3));
  EXPECT_EQ(summary.report.calls.at("iam:ListUsers"), 5U);
  EXPECT_EQ(summary.report.started, fixture::day(0));
  EXPECT_EQ(summary.report.finished, fixture::day(1));
  EXPECT_EQ(summary.mails_refused, 2U);
}

}  // namespace
}  // namespace rekeyer::lambda
