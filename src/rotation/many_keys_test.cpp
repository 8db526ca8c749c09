// Users with more keys than a tag has room for: their records are kept like anybody's, part by part.
#include <gtest/gtest.h>

#include "fakes/rotation_bench.hpp"
#include "rotation/notice_record_writer.hpp"

namespace rekeyer::rotation {
namespace {

using fakes::Bench;
using fakes::shape;

constexpr std::chrono::hours day{24};
constexpr int key_count = 8;

class ManyKeys : public testing::Test {
 protected:
  ManyKeys() {
    bench.account.add_user("ann");
    for (int i = 0; i < key_count; ++i) {
      bench.account.add_key("ann", (300 + i) * day, LastUse::used(bench.clock.now() - 200 * day, "s3", "eu-west-1"),
                            KeyStatus::inactive);
    }
  }
  std::size_t count(OutcomeReason what) {
    const auto outcomes = bench.apply("ann");
    return outcomes ? static_cast<std::size_t>(std::ranges::count(*outcomes, what, &ActionOutcome::reason)) : 0;
  }
  aws::Tags& tags() { return bench.secret_of("ann")->tags; }

  Bench bench;
};

TEST_F(ManyKeys, TheirRecoveryClocksRunAndEnd) {
  EXPECT_EQ(count(policy::Reason::recovery_clock_started), key_count);
  ASSERT_TRUE(tags().contains("rekeyer:custody-2"));
  bench.clock.advance(5 * day);
  EXPECT_EQ(count(policy::Reason::recovery_clock_started), 0U);
  EXPECT_EQ(bench.account.keys_of("ann").size(), key_count);
  bench.clock.advance(6 * day);
  EXPECT_EQ(count(policy::Reason::recovery_over), key_count);
  EXPECT_TRUE(bench.account.keys_of("ann").empty());
  EXPECT_EQ(tags().at("rekeyer:custody"), "1");
  EXPECT_EQ(tags().at("rekeyer:custody-2"), "none");
}

TEST_F(ManyKeys, ARunsOwnDeactivationHoldsUpNoDeletionOfTheSameRun) {
  EXPECT_EQ(count(policy::Reason::recovery_clock_started), key_count);
  const auto idle =
      bench.account.add_key("ann", 310 * day, LastUse::used(bench.clock.now() - 200 * day, "s3", "eu-west-1"));
  bench.account.add_key("ann", 5 * day, LastUse::used(bench.clock.now(), "s3", "eu-west-1"));
  bench.clock.advance(11 * day);
  const auto outcomes = bench.apply("ann").value();
  EXPECT_NE(shape(outcomes).find("deactivate done idle"), std::string::npos) << shape(outcomes);
  EXPECT_EQ(shape(outcomes).find("in_progress"), std::string::npos) << shape(outcomes);
  EXPECT_EQ(bench.account.keys_of("ann").size(), 2U);
  EXPECT_EQ(bench.account.keys.at(idle).status, KeyStatus::inactive);
}

TEST_F(ManyKeys, ALostPartStartsTheClocksAnewOnce) {
  ASSERT_EQ(count(policy::Reason::recovery_clock_started), key_count);
  bench.settle("ann");
  tags().erase("rekeyer:custody-2");
  bench.clock.advance(5 * day);
  EXPECT_EQ(count(policy::Reason::recovery_clock_started), key_count) << "a record is whole or lost";
  bench.clock.advance(6 * day);
  EXPECT_EQ(count(policy::Reason::recovery_over), 0U);
  EXPECT_EQ(bench.account.keys_of("ann").size(), key_count);
  bench.clock.advance(5 * day);
  EXPECT_EQ(count(policy::Reason::recovery_over), key_count);
}

TEST_F(ManyKeys, WhatTheOwnerWasToldIsRememberedOfEachOfThem) {
  UserNotices user;
  user.subject.account = bench.account_id;
  user.subject.user = UserName("ann");
  user.secret = secret_name(bench.settings.store.name_template, bench.account_id, UserName("ann"));
  policy::NoticeRecord record;
  for (const auto& key : bench.account.keys_of("ann")) {
    record.put({key, policy::NoticeKind::deletion_soon, 7, std::nullopt, bench.clock.now(), true});
  }
  const auto tell = [&](const policy::NoticeRecord& wanted) {
    return bench.run(write_notice_record(bench.account, bench.settings, bench.clock, user, wanted)).value();
  };
  ASSERT_TRUE(tell(record));
  ASSERT_TRUE(tags().contains("rekeyer:notice-2"));
  EXPECT_EQ(read_notice_record(*bench.secret_of("ann")), record);
  user.record = user.read = record;
  ASSERT_TRUE(tell({}));
  EXPECT_EQ(read_notice_record(*bench.secret_of("ann")), policy::NoticeRecord{});
  EXPECT_EQ(tags().at("rekeyer:notice-2"), "none");
}

}  // namespace
}  // namespace rekeyer::rotation
