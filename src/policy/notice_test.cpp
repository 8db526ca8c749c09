// The record of what owners were told, as a tag; and what a message leaves in it.
#include "policy/notice.hpp"

#include <gtest/gtest.h>

#include "policy/announcement.hpp"
#include "policy/custody.hpp"
#include "policy/pending_notices.hpp"

namespace rekeyer::policy {
namespace {

using std::chrono::days;
using std::chrono::sys_days;

const AccessKeyId first{"AKIAEXAMPLEFIRST0001"};
const AccessKeyId second{"AKIAEXAMPLESECOND002"};
constexpr sys_days day_one{std::chrono::year{2026} / 1 / 1};

Notice notice(NoticeKind kind, std::optional<Instant> due, int warning = 0) {
  Notice made;
  made.kind = kind;
  made.key = first;
  made.due = due;
  made.days = warning;
  return made;
}

TEST(NoticeTag, ReadsWhatItWrites) {
  NoticeRecord record;
  record.put({second, NoticeKind::deletion_soon, 3, day_one + days{20}, day_one + days{17}, false});
  record.put({first, NoticeKind::in_use, 0, std::nullopt, day_one, true});
  const auto text = encode(record);
  ASSERT_TRUE(text);
  EXPECT_EQ(*text,
            "1 AKIAEXAMPLEFIRST0001:in-use:none:20260101T000000Z "
            "AKIAEXAMPLESECOND002:deletion-soon/3:20260121:-20260118T000000Z");
  EXPECT_EQ(parse_notices(*text), record);
  EXPECT_EQ(*encode(NoticeRecord{}), "1");
  EXPECT_EQ(*parse_notices("1"), NoticeRecord{});
}

TEST(NoticeTag, HoldsThreeKeysWithTheLongestWords) {
  NoticeRecord record;
  for (const char* id : {"AKIAEXAMPLEFIRST0001", "AKIAEXAMPLEFIRST0002", "AKIAEXAMPLEFIRST0003"}) {
    record.put({AccessKeyId(id), NoticeKind::deactivation_soon, 90, day_one, day_one, false});
  }
  const auto text = encode(record);
  ASSERT_TRUE(text);
  EXPECT_LE(text->size(), tag_value_limit);
}

TEST(NoticeTag, OfEightKeysAndOneThatIsGoneGoesOnInFurtherTags) {
  NoticeRecord record;
  for (int i = 0; i < 8; ++i) {
    record.put({AccessKeyId("AKIAEXAMPLEMANY0000" + std::to_string(i)), NoticeKind::deactivation_soon, 90, day_one,
                day_one, false});
  }
  record.put({AccessKeyId("AKIAEXAMPLEGONE00001"), NoticeKind::deleted, 0, std::nullopt, day_one, false});
  const auto tags = notice_tags(record, {});
  ASSERT_TRUE(tags) << tags.error().message;
  EXPECT_EQ(tags->size(), 3U);
  for (const auto& [name, value] : *tags) EXPECT_LE(value.size(), tag_value_limit) << name;
  EXPECT_EQ(read_notices(*tags), record);
  const auto fewer = notice_tags(NoticeRecord{}, *tags).value();
  EXPECT_EQ(fewer, (TagMap{{"rekeyer:notice", "1"}, {"rekeyer:notice-2", "none"}, {"rekeyer:notice-3", "none"}}));
  EXPECT_EQ(read_notices(fewer), NoticeRecord{});
  EXPECT_EQ(read_notices({}), NoticeRecord{});
}

TEST(NoticeTag, RefusesWhatItWouldNotWrite) {
  for (const char* text : {"", "2", "1 ", "1 AKIA", "1 AKIA:rotated:20260101", "1 AKIA:gone:none:20260101T000000Z",
                           "1 AKIA:rotated/x:none:20260101T000000Z", "1 AKIA:rotated/0:none:20260101T000000Z",
                           "1 AKIA:rotated/-3:none:20260101T000000Z", "1 AKIA:rotated:2026:20260101T000000Z",
                           "1 AKIA:rotated:none:2026-01-01", "1 AKIA:rotated:none:--20260101T000000Z",
                           "1 B:rotated:none:20260101T000000Z A:rotated:none:20260101T000000Z",
                           "1 A:rotated:none:20260101T000000Z A:rotated:none:20260101T000000Z"}) {
    EXPECT_FALSE(parse_notices(text)) << text;
  }
}

TEST(NoticeTag, EveryStageHasANameThatReadsBack) {
  EXPECT_EQ(all_notice_kinds().size(), 12U);
  for (const NoticeKind kind : all_notice_kinds()) EXPECT_EQ(parse_notice_kind(name(kind)), kind);
  EXPECT_FALSE(parse_notice_kind("rotated_"));
}

TEST(NoticeState, TheOwnerKnowsSinceTheFirstAnnouncementOfTheStep) {
  const auto rotated = state_after(notice(NoticeKind::rotated, day_one + days{10}), nullptr, true, day_one);
  EXPECT_EQ(rotated.since, day_one);
  const auto warned =
      state_after(notice(NoticeKind::deactivation_soon, day_one + days{10}, 3), &rotated, true, day_one + days{7});
  EXPECT_EQ(warned.kind, NoticeKind::deactivation_soon);
  EXPECT_EQ(warned.since, day_one);
  const auto off = state_after(notice(NoticeKind::deactivated, day_one + days{20}), &warned, true, day_one + days{10});
  EXPECT_EQ(off.since, day_one + days{10}) << "another step, another beginning";
}

TEST(NoticeState, AnEarlierDayIsNewsFromNowOn) {
  const auto rotated = state_after(notice(NoticeKind::rotated, day_one + days{10}), nullptr, true, day_one);
  const auto sooner =
      state_after(notice(NoticeKind::deactivation_soon, day_one + days{5}), &rotated, true, day_one + days{2});
  EXPECT_EQ(sooner.since, day_one + days{2});
  const auto later = state_after(notice(NoticeKind::rotated, day_one + days{30}), &rotated, true, day_one + days{2});
  EXPECT_EQ(later.since, day_one);
}

TEST(NoticeState, AFailedMessageTakesNothingFromWhatTheOwnerKnows) {
  const auto rotated = state_after(notice(NoticeKind::rotated, day_one + days{10}), nullptr, true, day_one);
  EXPECT_EQ(
      state_after(notice(NoticeKind::deactivation_soon, day_one + days{10}, 3), &rotated, false, day_one + days{7}),
      rotated);
  const auto off =
      state_after(notice(NoticeKind::deactivated, day_one + days{20}), &rotated, false, day_one + days{10});
  EXPECT_FALSE(off.accepted) << "of this step the owner knows nothing";
}

TEST(NoticeState, OfManyKeysThatWentUntoldTheLatestIsRemembered) {
  NoticeRecord record;
  record = after_deliveries(record, {{notice(NoticeKind::rotated, day_one + days{20}), true}}, day_one);
  for (std::size_t i = 0; i <= most_tag_parts; ++i) {
    Notice gone = notice(NoticeKind::deleted, std::nullopt);
    gone.key = AccessKeyId("AKIAEXAMPLEGONE" + std::to_string(i));
    record = after_deliveries(record, {{gone, false}}, day_one + days{i + 1});
  }
  ASSERT_EQ(record.entries.size(), most_tag_parts);
  EXPECT_NE(record.find(first), nullptr) << "what is there goes before what is gone";
  EXPECT_EQ(record.find(AccessKeyId("AKIAEXAMPLEGONE0")), nullptr);
  EXPECT_EQ(record.find(AccessKeyId("AKIAEXAMPLEGONE1")), nullptr);
  EXPECT_NE(record.find(AccessKeyId("AKIAEXAMPLEGONE2")), nullptr);
  EXPECT_TRUE(notice_tags(record, {}));
}

TEST(NoticeState, OfAllKeysThatAUserHasTheOwnerKnows) {
  NoticeRecord record;
  for (int i = 0; i < 8; ++i) {
    Notice one = notice(NoticeKind::deletion_soon, day_one + days{20}, 7);
    one.key = AccessKeyId("AKIAEXAMPLE" + std::to_string(i));
    record = after_deliveries(record, {{one, true}}, day_one);
  }
  EXPECT_EQ(record.entries.size(), 8U) << "whoever is not on record is told again tomorrow";
}

/// One word of a key, as the tag has it.
NoticeState word(const std::string& key, NoticeKind kind, bool accepted = true) {
  return {AccessKeyId(key), kind, 0, std::nullopt, day_one, accepted};
}

TEST(NoticeState, WhatAnotherRunRecordedMeanwhileStands) {
  const NoticeRecord read{{word("A", NoticeKind::rotated), word("B", NoticeKind::deactivated)}};
  const NoticeRecord wanted{{word("A", NoticeKind::deactivation_soon), word("B", NoticeKind::deactivated)}};
  EXPECT_EQ(reconciled(read, wanted, read), wanted) << "nobody else was there";

  const NoticeRecord other{
      {word("A", NoticeKind::rotated), word("B", NoticeKind::deletion_soon), word("C", NoticeKind::rotated)}};
  EXPECT_EQ(reconciled(read, wanted, other),
            (NoticeRecord{{word("A", NoticeKind::deactivation_soon), word("B", NoticeKind::deletion_soon),
                           word("C", NoticeKind::rotated)}}));
  const NoticeRecord told_that_b_is_gone{{word("A", NoticeKind::rotated)}};
  EXPECT_EQ(reconciled(read, wanted, told_that_b_is_gone), (NoticeRecord{{word("A", NoticeKind::deactivation_soon)}}));
}

TEST(NoticeState, OfAKeyThatIsGoneNothingElseIsSaidOverIt) {
  const NoticeRecord read{{word("A", NoticeKind::deactivated)}};
  const NoticeRecord wanted{{word("A", NoticeKind::deletion_soon)}};
  const NoticeRecord gone{{word("A", NoticeKind::deleted, false)}};
  EXPECT_EQ(reconciled(read, wanted, gone), gone) << "its owner has not heard of it";
  EXPECT_EQ(reconciled(gone, NoticeRecord{}, gone), NoticeRecord{}) << "until somebody has told it";
}

TEST(NoticeState, TwoRunsTogetherFitIntoTheTagsToo) {
  NoticeRecord wanted{{word("A", NoticeKind::rotated), word("B", NoticeKind::rotated)}};
  for (std::size_t i = wanted.entries.size(); i < most_tag_parts; ++i) {
    wanted.put(word("C" + std::to_string(i), NoticeKind::deleted, false));
  }
  const NoticeRecord now{{word("D", NoticeKind::deleted, false)}};
  EXPECT_EQ(reconciled({}, wanted, now).entries.size(), most_tag_parts);
}

TEST(NoticeState, UnreachedSinceTheFirstAttempt) {
  const auto first_try = state_after(notice(NoticeKind::rotated, day_one + days{10}), nullptr, false, day_one);
  const auto second_try =
      state_after(notice(NoticeKind::rotated, day_one + days{11}), &first_try, false, day_one + days{1});
  EXPECT_EQ(second_try.since, day_one);
  const auto reached =
      state_after(notice(NoticeKind::rotated, day_one + days{12}), &second_try, true, day_one + days{2});
  EXPECT_EQ(reached.since, day_one + days{2});
}

TEST(NoticeRecord, WhatWasDeletedIsToldOnceWhetherOrNotItIsPendingAlready) {
  Notice pending;
  pending.kind = NoticeKind::deleted;
  pending.key = AccessKeyId("AKIAONE");
  std::vector<Notice> notices{pending};
  add_deleted({AccessKeyId("AKIAONE"), AccessKeyId("AKIATWO")}, notices);
  ASSERT_EQ(notices.size(), 2U);
  EXPECT_EQ(notices[1].key, AccessKeyId("AKIATWO"));
  EXPECT_EQ(notices[1].kind, NoticeKind::deleted);
  EXPECT_EQ(notices[1].status, KeyStatus::other);
}

TEST(NoticeRecord, OneThatReachedNobodyIsKnownByKeyStageAndWarning) {
  Notice notice;
  notice.kind = NoticeKind::rotation_soon;
  notice.key = AccessKeyId("AKIAONE");
  notice.days = 7;
  const auto record = after_deliveries({}, {{notice, false}}, Instant{});
  EXPECT_TRUE(was_in_vain(record, notice));
  auto closer = notice;
  closer.days = 3;
  EXPECT_FALSE(was_in_vain(record, closer));
  EXPECT_FALSE(was_in_vain({}, notice));
  EXPECT_FALSE(was_in_vain(after_deliveries(record, {{notice, true}}, Instant{}), notice));
}

}  // namespace
}  // namespace rekeyer::policy
