// Table, CSV and JSON of one small rehearsal.
#include "rehearsal/output.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "aws/http/json.hpp"

namespace rekeyer::rehearsal {
namespace {

using std::chrono::days;

const Instant first_day = std::chrono::sys_days{std::chrono::year{2026} / 11 / 22};

/// 16 days: rotations on the first, a cut on the ninth, the rest quiet.
RehearsalReport result() {
  RehearsalReport told;
  told.world = "a generated world";
  told.start = first_day;
  told.days_wanted = 16;
  told.before.accounts = 2;
  told.before.users = 7;
  told.before.unowned = 3;
  told.before.active_keys = 8;
  told.before.inactive_keys = 1;
  told.before.rhythms = {{Rhythm::daily, 6}, {Rhythm::never, 2}};
  told.telling = Telling::mails;
  told.notice_required = true;
  told.owners = {"=team-a", "team-b"};
  told.owners_told = 2;
  told.busiest = {{"team-b", 4}, {"=team-a", 1}};
  told.left_out = {{AccountId("333333333333"), "account is suspended"}};
  for (int day = 0; day < 16; ++day) {
    told.days.emplace_back();
    told.days.back().at = first_day + days{day};
    told.days.back().held = 1;
  }
  auto& first = told.days[0];
  first.rotated = 3;
  first.told[static_cast<std::size_t>(policy::NoticeKind::rotation_soon)] = 2;
  first.told[static_cast<std::size_t>(policy::NoticeKind::rotated)] = 3;
  first.mails = 4;
  first.mails_to_nobody = 1;
  first.owners = 2;
  first.busiest = 1;
  first.busiest_mails = 1;
  first.busiest_notices = 3;
  first.waiting = 4;
  told.days[8].deactivated = 2;
  told.days[8].cut = 1;
  told.held.push_back({AccountId("111111111111"), UserName("ann\x1b[2J"), first_day, policy::Reason::two_active,
                       first_day, "last used 2026-11-20"});
  return told;
}

TEST(RehearsalTable, FoldsWhatIsQuietAndShowsWhatStandsAtItsMost) {
  const auto text = to_table(result(), Every::week, {});
  EXPECT_NE(
      text.find("WEEK OF     ROTATED  DEACTIVATED  IN USE  DELETED  NEAR  HELD  WAITING  OVERDUE  MAILS  OWNERS\n"
                "2026-11-22        3            -       -        -     -     1        4        -      4       2\n"
                "2026-11-29        -            2       1        -     -     1        -        -      -       -\n"
                "2026-12-06  nothing happens\n"
                "in all            3            2       1        -     -     1        4        -      4       2\n"),
      std::string::npos)
      << text;
}

TEST(RehearsalTable, SaysWhatIsAssumedWhoIsLeftOutWhoIsToldAndWhatIsHeld) {
  const auto text = to_table(result(), Every::day, {});
  for (const std::string_view words :
       {"a generated world: 16 days from 2026-11-22, 7 users in 2 accounts, 8 active keys and 1 inactive.",
        "6 daily, 2 never", "owners install a new key after about 3 days (5 % never do", "seed 1",
        "Left out: 1: account is suspended.", "Busiest day: 2026-11-22: 3 rotated; 4 mails to 2 owners.",
        "Told of keys: 2 rotation-soon, 3 rotated.", "Mails: 4 to 2 owners.",
        "To nobody: 1 more mail, since 3 of 7 users have no owner who can be told: nothing of theirs retires.",
        "Told most: team-b 4, =team-a 1; most on one day: of 3 keys to team-b on 2026-11-22.",
        "1 key deactivated while something still used it",
        "1 two_active: ", "2026-11-23  nothing happens for 7 days"}) {
    EXPECT_NE(text.find(words), std::string::npos) << words << "\n" << text;
  }
  EXPECT_EQ(text.find('\x1b'), std::string::npos) << "a user's name reached the terminal as a command";
}

TEST(RehearsalTable, SaysWhereNoMailsAreSent) {
  auto told = result();
  told.telling = Telling::nobody;
  EXPECT_NE(to_table(told, Every::day, {})
                .find("Busiest day: 2026-11-22: 3 rotated.\nNo mails: the configuration has no [[notify.channel]].\n"),
            std::string::npos);
  told.telling = Telling::events;
  EXPECT_NE(to_table(told, Every::day, {}).find("Told of keys: 2 rotation-soon, 3 rotated.\nNo mails: none of the "),
            std::string::npos);
}

TEST(RehearsalTable, OfAStoppedRehearsalSaysSo) {
  auto told = result();
  told.days_wanted = 365;
  EXPECT_NE(to_table(told, Every::week, {}).find("Stopped after 16 of 365 days."), std::string::npos);
  told.days.clear();
  EXPECT_NE(to_table(told, Every::week, {}).find("Stopped after 0 of 365 days."), std::string::npos);
}

TEST(RehearsalCsv, HasALineADayWithRunningTotals) {
  const auto text = to_csv(result());
  EXPECT_EQ(std::ranges::count(text, '\n'), 17);
  EXPECT_EQ(text.substr(0, text.find('\r')),
            "day,date,rotated,deactivated,deactivated_in_use,deleted,recovered,near,held,waiting,overdue,"
            "told_rotation-soon,told_unused,told_two-keys,told_rotated,told_deactivation-soon,told_in-use,"
            "told_deactivated,told_deletion-soon,told_deleted,told_recovered,told_exemption-ending,mails,"
            "mails_to_nobody,owners_told,busiest_owner,busiest_owner_mails,busiest_owner_keys,total_rotated,"
            "total_deactivated,total_deleted,total_mails");
  EXPECT_NE(text.find("\n0,2026-11-22,3,0,0,0,0,0,1,4,0,2,0,0,3,0,0,0,0,0,0,0,4,1,2,team-b,1,3,3,0,0,4\r\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("\n8,2026-11-30,0,2,1,0,0,0,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,,0,0,3,2,0,4\r\n"),
            std::string::npos)
      << text;
}

TEST(RehearsalCsv, DisarmsOwnersThatLookLikeFormulas) {
  auto told = result();
  told.days[0].busiest = 0;
  EXPECT_NE(to_csv(told).find(",'=team-a,"), std::string::npos);
}

TEST(RehearsalJson, IsOneDocumentWithEveryDay) {
  const auto json = aws::JsonValue::parse(to_json(result()));
  ASSERT_TRUE(json) << json.error().message;
  const auto text = to_json(result());
  EXPECT_NE(text.find(R"("days_wanted":16,"interrupted":false)"), std::string::npos) << text;
  EXPECT_NE(text.find(R"("never_install_percent":"5")"), std::string::npos);
  EXPECT_NE(text.find(R"("busiest_owner":{"owner":"team-b","mails":1,"keys":3})"), std::string::npos);
  EXPECT_NE(text.find(R"("busiest_day":"2026-11-22")"), std::string::npos);
}

TEST(RehearsalOutput, PercentsAreShort) {
  EXPECT_EQ(percent(0), "0");
  EXPECT_EQ(percent(500), "5");
  EXPECT_EQ(percent(25), "0.25");
  EXPECT_EQ(percent(1250), "12.5");
  EXPECT_EQ(percent(10'000), "100");
}

TEST(RehearsalOutput, LinesAreAsLongAsIsPleasant) {
  EXPECT_EQ(fitting(30), Every::day);
  EXPECT_EQ(fitting(365), Every::week);
  EXPECT_EQ(fitting(3650), Every::month);
}

}  // namespace
}  // namespace rekeyer::rehearsal
