// The credential report as AWS writes it, as its documentation says it does, and broken.
#include "aws/services/credential_report.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace rekeyer::aws {
namespace {

using namespace std::chrono_literals;

const std::string heading =
    "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_"
    "active,"
    "access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,"
    "access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,"
    "access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active,"
    "cert_2_last_rotated\n";

constexpr Instant day(int year, int month, int of_month) {
  return std::chrono::sys_days{std::chrono::year{year} / month / of_month};
}

std::string row(std::string_view user, std::string_view first, std::string_view second) {
  return fmt::format(
      "{0},arn:aws:iam::111111111111:user/{0},2020-01-01T00:00:00Z,false,N/A,N/A,N/A,false,{1},{2},false,N/A,"
      "false,N/A\n",
      user, first, second);
}

constexpr std::string_view none = "false,N/A,N/A,N/A,N/A";

Result<CredentialReport> parse(const std::string& rows) {
  return parse_credential_report(heading + rows, day(2026, 3, 1));
}

TEST(CredentialReport, IsReadAsAwsWritesIt) {
  const auto report = parse(
      "<root_account>,arn:aws:iam::111111111111:root,2019-01-01T00:00:00Z,not_supported,2026-02-01T10:00:00Z,not_"
      "supported,"
      "not_supported,true,true,2019-02-01T00:00:00Z,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A\n" +
      row("ann", "true,2026-01-02T03:04:05Z,2026-02-28T23:59:00Z,eu-west-1,s3",
          "false,2025-12-01T00:00:00+00:00,2025-12-31T01:00:00+00:00,us-east-1,sts") +
      row("bob", "true,2026-01-02T00:00:00Z,N/A,N/A,N/A", none) + row("no-keys", none, none));
  ASSERT_TRUE(report) << describe(report.error());
  EXPECT_EQ(report->generated, day(2026, 3, 1));
  ASSERT_TRUE(report->root);
  EXPECT_EQ(report->root->name, "<root_account>");
  ASSERT_EQ(report->root->keys.size(), 1u);
  EXPECT_TRUE(report->root->keys[0].active);

  ASSERT_EQ(report->users.size(), 3u);
  const ReportedUser& ann = report->users[0];
  EXPECT_EQ(ann.name, "ann");
  ASSERT_EQ(ann.keys.size(), 2u);
  EXPECT_TRUE(ann.keys[0].active);
  EXPECT_EQ(ann.keys[0].created, day(2026, 1, 2) + 3h + 4min + 5s);
  EXPECT_EQ(ann.keys[0].last_use, LastUse::used(day(2026, 2, 28) + 23h + 59min, "s3", "eu-west-1"));
  EXPECT_FALSE(ann.keys[1].active);
  EXPECT_EQ(ann.keys[1].created, day(2025, 12, 1));
  EXPECT_EQ(ann.keys[1].last_use, LastUse::used(day(2025, 12, 31) + 1h, "sts", "us-east-1"));
  EXPECT_EQ(report->users[1].keys.at(0).last_use, LastUse::never());
  EXPECT_TRUE(report->users[2].keys.empty());
}

TEST(CredentialReport, LastUseIsNeverTakenForWhatItIsNot) {
  const auto use = [](std::string_view active, std::string_view last_used) {
    const auto report = parse(row("ann", fmt::format("{},2026-01-01T00:00:00Z,{},N/A,N/A", active, last_used), none));
    return report.value().users.at(0).keys.at(0).last_use.state;
  };
  using enum LastUse::State;
  EXPECT_EQ(use("true", "N/A"), never);
  EXPECT_EQ(use("TRUE", "no_information"), never);
  EXPECT_EQ(use("true", "2026-01-02T00:00:00Z"), used);
  EXPECT_EQ(use("true", "not_supported"), unknown);
  EXPECT_EQ(use("true", "yesterday"), unknown);
  EXPECT_EQ(use("true", ""), unknown);
  EXPECT_EQ(use("false", "N/A"), unknown);
  EXPECT_EQ(use("False", "2026-01-02T00:00:00Z"), used);
}

TEST(CredentialReport, AnActiveKeyWithoutDateIsStillAKey) {
  const auto report = parse(row("ann", "true,N/A,N/A,N/A,N/A", "false,N/A,N/A,N/A,N/A"));
  ASSERT_TRUE(report);
  ASSERT_EQ(report->users.at(0).keys.size(), 1u);
  EXPECT_FALSE(report->users[0].keys[0].created);
}

TEST(CredentialReport, ColumnsAreFoundByNameWhateverTheirOrder) {
  const auto report = parse_credential_report(
      "something_new,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,arn,access_key_1_last_"
      "used_date,"
      "access_key_1_active,access_key_1_last_rotated,user\n"
      "x,false,N/A,N/A,arn:aws:iam::1:user/ann,2026-01-03T00:00:00Z,true,2026-01-02T00:00:00Z,ann",
      std::nullopt);
  ASSERT_TRUE(report) << describe(report.error());
  EXPECT_FALSE(report->generated);
  EXPECT_EQ(report->users.at(0).keys.at(0).last_use, LastUse::used(day(2026, 1, 3)));
}

TEST(CredentialReport, QuotedCellsAreRead) {
  const auto report = parse(
      "\"a,b\",\"arn:aws:iam::111111111111:user/a,b\",2020-01-01T00:00:00Z,false,N/A,N/A,N/A,false,"
      "true,2026-01-01T00:00:00Z,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A\r\n");
  ASSERT_TRUE(report) << describe(report.error());
  EXPECT_EQ(report->users.at(0).name, "a,b");
}

TEST(CredentialReport, WhatIsBrokenIsRefused) {
  const auto refused = [](const Result<CredentialReport>& report) {
    return !report && report.error().kind == ErrorKind::bad_reply;
  };
  EXPECT_TRUE(refused(parse_credential_report("", std::nullopt)));
  EXPECT_TRUE(refused(parse_credential_report("<html>no</html>", std::nullopt)));
  EXPECT_TRUE(refused(parse("ann,arn\n")));
  EXPECT_TRUE(refused(parse("ann,arn:aws:iam::111111111111:user/ann,2020")));  // cut short
  EXPECT_TRUE(refused(parse(row("ann", "perhaps,N/A,N/A,N/A,N/A", none))));
  EXPECT_TRUE(refused(parse(row("ann", "true,last week,N/A,N/A,N/A", none))));
  EXPECT_TRUE(refused(parse(row("", none, none))));
  for (const char* column :
       {"user,", "arn,", "access_key_1_active,", "access_key_1_last_rotated,", "access_key_1_last_used_date,",
        "access_key_2_active,", "access_key_2_last_rotated,", "access_key_2_last_used_date,"}) {
    std::string without = heading;
    without.replace(without.find(column), std::string_view(column).size(), "x,");
    if (std::string_view(column) == "user,") without[0] = 'y';
    const auto report = parse_credential_report(without, std::nullopt);
    EXPECT_TRUE(refused(report)) << column;
  }
}

TEST(CredentialReport, ARowThatCannotBeReadIsCountedAndHidesNobodyElse) {
  const auto with_path = [](const std::string& path) {
    return "odd,arn:aws:iam::111111111111:user/" + path +
           "/odd,2020-01-01T00:00:00Z,false,N/A,N/A,N/A,false,true,2026-01-01T00:00:00Z,N/A,N/A,N/A,false,N/A,N/A,N/A,"
           "N/A,false,N/A,false,N/A\n";
  };
  for (const std::string& odd :
       {with_path("a\"b"), with_path("a,b"), with_path("a\rb"), with_path("a\",\"b"), row("", none, none),
        row("odd", "perhaps,N/A,N/A,N/A,N/A", none), std::string("odd,cut sho\n")}) {
    const auto report =
        parse(row("ann", none, none) + odd + odd + row("bob", "true,2026-01-01T00:00:00Z,N/A,N/A,N/A", none));
    ASSERT_TRUE(report) << describe(report.error());
    EXPECT_EQ(report->unreadable_rows, 2u) << odd;
    EXPECT_FALSE(report->first_unreadable.empty());
    ASSERT_EQ(report->users.size(), 2u) << odd;
    EXPECT_EQ(report->users[0].name, "ann");
    EXPECT_EQ(report->users[1].name, "bob");
    EXPECT_EQ(report->users[1].keys.size(), 1u);
  }
  EXPECT_EQ(parse(row("ann", none, none)).value().unreadable_rows, 0u);
}

TEST(CredentialReport, AHundredThousandRowsAreRead) {
  std::string rows;
  for (int i = 0; i < 100'000; ++i) {
    rows += row(fmt::format("user-{}", i), "true,2026-01-02T03:04:05Z,2026-02-28T23:59:00Z,eu-west-1,s3", none);
  }
  const auto report = parse(rows);
  ASSERT_TRUE(report);
  EXPECT_EQ(report->users.size(), 100'000u);
  EXPECT_EQ(report->users.back().name, "user-99999");
}

}  // namespace
}  // namespace rekeyer::aws
