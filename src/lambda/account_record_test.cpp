// Records and map items: written and read back, whole.
#include "lambda/account_record.hpp"

#include <gtest/gtest.h>

#include "lambda/lambda_fixture.hpp"
#include "lambda/map_item.hpp"
#include "lambda/metrics.hpp"

namespace rekeyer::lambda {
namespace {

using fixture::row;
using policy::Action;
using rotation::ActionStatus;

TEST(AccountRecord, IsReadBackAsItWasWritten) {
  auto record = fixture::record(
      {row("ann", "K1", Action::rotate, ActionStatus::done, policy::Reason::rotation_due, fixture::day(2)),
       row("ü\"<", "", Action::hold, ActionStatus::held, policy::Reason::two_active)});
  record.outcome.name = "Payments";
  record.outcome.email = "aws@example.com";
  record.outcome.quiet = 2;
  record.outcome.exempt = 1;
  record.outcome.actions[0].detail = "stored";
  record.outcome.oldest = {{UserName("ann"), AccessKeyId("K0"), fixture::day(-100)}};
  record.calls = {{"iam:ListUsers", 7}};
  record.failing_channels = {"mail: refused"};
  record.mails_refused = 3;
  const auto text = to_json(record);
  const auto read = parse_record(text);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(to_json(*read), text);
  EXPECT_EQ(read->outcome.actions[0].due, fixture::day(2));
  EXPECT_EQ(read->outcome.actions[1].user.str(), "ü\"<");
  EXPECT_FALSE(read->outcome.actions[1].due);
  EXPECT_EQ(read->calls, record.calls);
}

TEST(AccountRecord, WhatIsBrokenIsRefusedAndNamed) {
  const auto whole = to_json(fixture::record({row("ann", "K1", Action::rotate, ActionStatus::done)}));
  const std::pair<std::string, std::string> damages[] = {{"\"rotate\"", "\"explode\""},
                                                         {"\"done\"", "\"finished\""},
                                                         {"\"rotation_due\"", "\"because\""},
                                                         {"\"users\":5", "\"users\":-5"},
                                                         {"111111111111", "1"}};
  for (const auto& [from, to] : damages) {
    auto broken = whole;
    const auto at = broken.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    broken.replace(at, from.size(), to);
    const auto read = parse_record(broken);
    ASSERT_FALSE(read) << to;
    EXPECT_EQ(read.error().kind, ErrorKind::bad_reply);
  }
  EXPECT_FALSE(parse_record(whole.substr(0, whole.size() / 2)));
}

TEST(MapItem, IsReadBackAsItWasWritten) {
  std::vector<MapItem> items(2);
  items[0].target.id = AccountId("111111111111");
  items[1].target.id = AccountId("222222222222");
  items[1].target.name = "N";
  items[1].target.email = "e@example.com";
  items[1].target.ous = {OuId("ou-ab12-cdef3456"), OuId("r-ab12")};
  items[1].target.users = {UserName("ann")};
  items[1].target.users_required = true;
  items[1].changes = 0;
  const auto text = to_json(items);
  const auto read = parse_items(text);
  ASSERT_TRUE(read);
  EXPECT_EQ(to_json(*read), text);
  EXPECT_FALSE((*read)[0].changes);
  EXPECT_EQ((*read)[1].changes, 0U);
}

TEST(Metrics, CountWhatTheRunDidAndNameNobody) {
  rotation::RunReport report;
  report.run = RunId("run-1");
  report.mode = rotation::Mode::apply;
  report.started = fixture::day(0);
  report.finished = fixture::day(0) + std::chrono::seconds(90);
  auto first = fixture::record(
      {row("ann", "K1", Action::rotate, ActionStatus::done), row("bob", "K2", Action::deactivate, ActionStatus::failed),
       row("cy", "K3", Action::exempt, ActionStatus::held), row("di", "K4", Action::hold, ActionStatus::held)});
  first.outcome.oldest = {{UserName("ann"), AccessKeyId("K0"), fixture::day(-100)}};
  auto second = fixture::record({});
  second.outcome.status = rotation::AccountStatus::denied;
  report.accounts = {first.outcome, second.outcome};
  const auto line = metrics_line(report, 2, "prod", fixture::day(1));
  for (const char* part :
       {R"("KeysRotated":1)", R"("KeysFailed":1)", R"("KeysHeld":1)", R"("OldestKeyAge":100)", R"("Accounts":1)",
        R"("AccountsDenied":1)", R"("MailsRefused":2)", R"("Duration":90)", R"("Dimensions":[["Deployment"]])",
        R"("Deployment":"prod")", R"("Timestamp":1772409600000)"}) {
    EXPECT_NE(line.find(part), std::string::npos) << part << " in " << line;
  }
  for (const char* name : {"ann", "bob", "111111111111", "\n"}) EXPECT_EQ(line.find(name), std::string::npos) << name;
}

}  // namespace
}  // namespace rekeyer::lambda
