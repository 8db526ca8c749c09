// CSV: exact text, quoting, and cells that a spreadsheet must not run.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "report/report.hpp"
#include "report/sample_report.hpp"

namespace rekeyer::report {
namespace {

using testing::HasSubstr;

constexpr std::string_view header = "account,account_name,user,key,action,reason,due,status,detail\r\n";

std::string row_of(std::string user, std::string detail) {
  auto text = to_csv(report_of({action(std::move(user), "AKIAANNEXAMPLE", Action::rotate, policy::Reason::rotation_due,
                                       ActionStatus::planned, std::move(detail), run_start)}));
  EXPECT_TRUE(text.starts_with(header)) << text;
  return text.substr(header.size());
}

TEST(CsvReport, OfNothingIsTheHeader) { EXPECT_EQ(to_csv(empty_report()), header); }

TEST(CsvReport, HasALineAnAction) {
  EXPECT_EQ(
      row_of("ann", "92 days old"),
      "111111111111,payments,ann,AKIAANNEXAMPLE,rotate,rotation_due,2026-11-22T06:00:00Z,planned,92 days old\r\n");
  const auto whole = to_csv(sample_report());
  EXPECT_EQ(std::ranges::count(whole, '\n'), 8) << "the header and seven actions";
  EXPECT_THAT(whole, HasSubstr("111111111111,payments,dora,,exempt,exempt,,held,sealed envelope (SEC-123)\r\n"));
}

TEST(CsvReport, QuotesWhatWouldBreakALine) {
  EXPECT_THAT(row_of("ann", "a, b"), HasSubstr(",planned,\"a, b\"\r\n"));
  EXPECT_THAT(row_of("ann", "say \"hi\""), HasSubstr(",planned,\"say \"\"hi\"\"\"\r\n"));
  EXPECT_THAT(row_of("ann", "two\nlines"), HasSubstr(",planned,two?lines\r\n"));
  EXPECT_THAT(row_of("ann", "two\rlines"), HasSubstr(",planned,two?lines\r\n"));
}

TEST(CsvReport, DisarmsFormulas) {
  for (const std::string_view start : {"=", "+", "-", "@"}) {
    const auto row = row_of(std::string(start) + "HYPERLINK", "x");
    EXPECT_THAT(row, HasSubstr(fmt::format(",'{}HYPERLINK,AKIA", start)));
  }
  for (const std::string_view start : {"\t", "\r", "\n"}) {
    EXPECT_THAT(row_of(std::string(start) + "=1", "x"), HasSubstr(",?=1,AKIA")) << "begins like no formula";
  }
  EXPECT_THAT(row_of("ann", "=cmd|' /C calc'!A0, \"x\""), HasSubstr(",planned,\"'=cmd|' /C calc'!A0, \"\"x\"\"\"\r\n"));
  EXPECT_THAT(row_of("a=b+c-d@e", "1-2"), HasSubstr("payments,a=b+c-d@e,")) << "inside a cell they are harmless";
}

TEST(CsvReport, DisarmsTheAccountsNameToo) {
  auto report = report_of({action("ann", "", Action::hold, policy::Reason::two_active, ActionStatus::held)});
  amend(report, [](auto& account) { account.name = "@SUM(A1)"; });
  EXPECT_THAT(to_csv(report), HasSubstr("111111111111,'@SUM(A1),ann,"));
}

}  // namespace
}  // namespace rekeyer::report
