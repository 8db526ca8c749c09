#include "cli/options_rehearse.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/options_fixture.hpp"

namespace rekeyer::cli {
namespace {

using std::chrono::days;
using std::chrono::hours;
using testing::HasSubstr;

Options rehearse_options(const std::vector<std::string>& words) { return fixture::Lines("rehearse").good(words); }
std::string rehearse_complaint(const std::vector<std::string>& words) {
  return fixture::Lines("rehearse").complaint(words);
}

TEST(RehearseOptions, HaveDefaultsThatNeedNothing) {
  const auto options = rehearse_options({});
  EXPECT_EQ(options.command, Command::rehearse);
  const auto& rehearse = options.rehearse;
  EXPECT_EQ(rehearse.days, 365U);
  EXPECT_EQ(rehearse.accounts, 12U);
  EXPECT_EQ(rehearse.users, 300U);
  EXPECT_EQ(rehearse.behaviour.install_after, days{3});
  EXPECT_EQ(rehearse.behaviour.never_install, 500U);
  EXPECT_EQ(rehearse.world_file + rehearse.start, "");
  EXPECT_FALSE(rehearse.from_organization);
  EXPECT_FALSE(rehearse.every);
}

TEST(RehearseOptions, AreAllRead) {
  const auto options =
      rehearse_options({"--days",          "30",           "--seed",   "7",          "--accounts",      "3",
                        "--users",         "50",           "--start",  "2026-12-24", "--install-after", "36h",
                        "--never-install", "12.5%",        "--every",  "month",      "--format",        "csv",
                        "--account",       "111111111111", "--config", "here.toml"});
  const auto& rehearse = options.rehearse;
  EXPECT_EQ(rehearse.days, 30U);
  EXPECT_EQ(rehearse.behaviour.seed, 7U);
  EXPECT_EQ(rehearse.accounts, 3U);
  EXPECT_EQ(rehearse.users, 50U);
  EXPECT_EQ(rehearse.start, "2026-12-24");
  EXPECT_EQ(rehearse.behaviour.install_after, hours{36});
  EXPECT_EQ(rehearse.behaviour.never_install, 1250U);
  EXPECT_EQ(rehearse.every, rehearsal::Every::month);
  EXPECT_EQ(options.format, report::Format::csv);
  EXPECT_EQ(options.filter.accounts.size(), 1U);
  EXPECT_EQ(options.config_file, "here.toml");
}

TEST(RehearseOptions, ARealAccountIsSurveyedAndNarrowsTheFilter) {
  const auto options = rehearse_options({"--from-account", "111111111111", "--from-account", "222222222222"});
  EXPECT_TRUE(options.rehearse.from_organization);
  EXPECT_EQ(options.filter.accounts.size(), 2U);
}

TEST(RehearseOptions, TheBeginningsExcludeEachOther) {
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {"--world", "w.json", "--from-organization"},
           {"--world", "w.json", "--users", "10"},
           {"--from-account", "111111111111", "--accounts", "3"},
           {"--from-organization", "--start", "2026-12-24"},
           {"--from-organization", "--from-account", "111111111111"},
       }) {
    EXPECT_THAT(rehearse_complaint(words), HasSubstr("excludes")) << testing::PrintToString(words);
  }
}

TEST(RehearseOptions, WrongTextsAreNamed) {
  EXPECT_THAT(rehearse_complaint({"--install-after", "soon"}), HasSubstr("--install-after takes a length of time"));
  EXPECT_THAT(rehearse_complaint({"--never-install", "101%"}), HasSubstr("--never-install takes 0% to 100%"));
  EXPECT_THAT(rehearse_complaint({"--never-install", "-1"}), HasSubstr("--never-install"));
  EXPECT_THAT(rehearse_complaint({"--from-account", "payments"}), HasSubstr("twelve digits"));
  EXPECT_THAT(rehearse_complaint({"--start", "tomorrow"}), HasSubstr("tomorrow"));
  rehearse_complaint({"--days", "0"});
  rehearse_complaint({"--days", "100000"});
  rehearse_complaint({"--every", "hour"});
}

}  // namespace
}  // namespace rekeyer::cli
