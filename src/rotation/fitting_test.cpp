// What fits nobody is told once everybody was seen, and never before.
#include "rotation/fitting.hpp"

#include <gtest/gtest.h>

#include "policy/precedence.hpp"

namespace rekeyer::rotation {
namespace {

constexpr Instant now = std::chrono::sys_days{std::chrono::year{2026} / 3 / 1};

policy::Match by_user(const std::string& pattern) {
  policy::Match match;
  match.user = pattern;
  return match;
}

policy::PolicyConfig config_for(const std::string& rule, const std::string& exempt) {
  policy::PolicyConfig config;
  config.overrides.push_back({by_user(rule), {}, "rekeyer.toml:3"});
  config.exempt_users.push_back({by_user(exempt), {"sealed", std::nullopt, "", "rekeyer.toml:9"}});
  return config;
}

AccountOutcome account_of_one(const policy::PolicyConfig& config, const std::string& id, const std::string& user) {
  policy::Subject subject;
  subject.account = AccountId(id);
  subject.user = UserName(user);
  Fitting fitting(config);
  fitting.look_at(subject);
  AccountOutcome outcome;
  outcome.id = subject.account;
  outcome.fitting = fitting.found();
  return outcome;
}

RunReport report_of_two(const policy::PolicyConfig& config) {
  RunReport report;
  report.accounts.push_back(account_of_one(config, "111111111111", "ci-build"));
  report.accounts.push_back(account_of_one(config, "222222222222", "break-glass-1"));
  return report;
}

using Words = std::vector<std::string>;

TEST(Fitting, OneUserInAnyAccountIsEnough) {
  const auto config = config_for("CI-*", "break-glass-?");
  EXPECT_EQ(fits_nobody(config, report_of_two(config), now), Words{});
}

TEST(Fitting, WhatFitsNobodyIsToldWithItsPlace) {
  const auto config = config_for("cl-*", "brake-*");
  const Words told{"rekeyer.toml:3: [[override]] for user = \"cl-*\"",
                   "rekeyer.toml:9: [[exempt.user]] for user = \"brake-*\""};
  EXPECT_EQ(fits_nobody(config, report_of_two(config), now), told);
}

TEST(Fitting, TwoOnOneLineAreTwo) {
  auto config = config_for("ci-*", "cl-*");
  config.exempt_users.front().exemption.source = "rekeyer.toml:3";
  EXPECT_EQ(fits_nobody(config, report_of_two(config), now),
            Words{"rekeyer.toml:3: [[exempt.user]] for user = \"cl-*\""});
}

TEST(Fitting, NothingIsToldWhereNotAllWasSeen) {
  const auto config = config_for("cl-*", "brake-*");
  auto report = report_of_two(config);
  report.interrupted = true;
  EXPECT_EQ(fits_nobody(config, report, now), Words{});
  report = report_of_two(config);
  report.incomplete = "organizations:ListAccounts: denied";
  EXPECT_EQ(fits_nobody(config, report, now), Words{});
  for (const auto status : {AccountStatus::failed, AccountStatus::denied, AccountStatus::done}) {
    report = report_of_two(config);
    AccountOutcome unseen;  // one that is done, of a version that did not look
    unseen.id = AccountId("333333333333");
    unseen.status = status;
    report.accounts.push_back(std::move(unseen));
    EXPECT_EQ(fits_nobody(config, report, now), Words{}) << name(status);
  }
}

TEST(Fitting, WhatIsSkippedIsOutOfTheScope) {
  const auto config = config_for("cl-*", "brake-*");
  auto report = report_of_two(config);
  AccountOutcome closed;
  closed.id = AccountId("333333333333");
  closed.status = AccountStatus::skipped;
  report.accounts.push_back(std::move(closed));
  EXPECT_EQ(fits_nobody(config, report, now).size(), 2U);
}

TEST(Fitting, AnExemptionThatHasEndedIsNotMissed) {
  auto config = config_for("ci-*", "brake-*");
  config.exempt_users.front().exemption.until = now + std::chrono::days{1};
  EXPECT_EQ(fits_nobody(config, report_of_two(config), now).size(), 1U);
  config.exempt_users.front().exemption.until = now;
  EXPECT_EQ(fits_nobody(config, report_of_two(config), now).size(), 0U);
}

TEST(Fitting, ARuleForAnAccountIsForWhoeverComesThere) {
  auto config = config_for("ci-*", "break-*");
  config.overrides.front().match = {};
  config.overrides.front().match.account = AccountId("333333333333");
  EXPECT_EQ(fits_nobody(config, report_of_two(config), now), Words{});
}

}  // namespace
}  // namespace rekeyer::rotation
