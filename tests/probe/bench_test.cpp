// What the bench makes is written down before, waited for no longer than agreed, and taken away whatever happens.
#include "probe/bench.hpp"

#include <gmock/gmock.h>

#include "probe/probed_account.hpp"

namespace rekeyer::probe {
namespace {

using namespace std::chrono_literals;
using sandbox::FaultKind;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class BenchTest : public ProbedAccount {
 protected:
  std::string kind(const auto& result) { return result ? "made" : std::string(name(result.error().kind)); }
  static ResultTask<bool> never() { co_return false; }
  Task<bool> has_stranger() {
    const auto stranger = co_await probing.stranger();
    co_return stranger.has_value();
  }

  const std::set<std::string> before = holdings();
  Account here = account();
  Journal written = journal();
  Bench probing{here, written, 10min};
};

TEST_F(BenchTest, TakesAwayWithEachThingWhatHangsOnIt) {
  const auto user = bench.run(probing.make_user("ann"));
  ASSERT_TRUE(user) << describe(user.error());
  ASSERT_TRUE(bench.run(probing.make_working_key(*user)));
  ASSERT_TRUE(bench.run(probing.make_key(*user)));
  ASSERT_TRUE(bench.run(probing.allow(*user, R"("s3:*")")));
  EXPECT_EQ(kind(bench.run(probing.make_secret("value"))), "made");
  EXPECT_EQ(kind(bench.run(probing.make_topic("news"))), "made");
  EXPECT_THAT(written.left(), SizeIs(3));
  EXPECT_EQ(holdings().size(), before.size() + 3);
  finish(probing.clear());
  EXPECT_THAT(probing.left(), IsEmpty());
  EXPECT_THAT(written.left(), IsEmpty());
  EXPECT_EQ(holdings(), before);
}

TEST_F(BenchTest, KeepsTheStrangerUntilTheEnd) {
  ASSERT_TRUE(bench.run(has_stranger()));
  finish(probing.clear());
  EXPECT_EQ(holdings().size(), before.size() + 1);
  finish(probing.clear_all());
  EXPECT_EQ(holdings(), before);
}

TEST_F(BenchTest, AThingWhoseReplyWasLostIsTakenAway) {
  apply_fault("CreateUser", FaultKind::cut, true);
  EXPECT_EQ(kind(bench.run(probing.make_user("ann"))), "outcome_unknown");
  EXPECT_EQ(holdings().size(), before.size() + 1);
  EXPECT_THAT(written.left(), SizeIs(1));
  finish(probing.clear());
  EXPECT_THAT(probing.left(), IsEmpty());
  EXPECT_EQ(holdings(), before);
}

TEST_F(BenchTest, ARequestThatMayStillArriveIsRemembered) {
  apply_fault("CreateUser", FaultKind::cut, false);
  EXPECT_EQ(kind(bench.run(probing.make_user("ann"))), "outcome_unknown");
  finish(probing.clear());
  ASSERT_THAT(probing.left(), SizeIs(1));
  EXPECT_TRUE(probing.left().front().may_come);
  EXPECT_THAT(written.left(), SizeIs(1));
}

TEST_F(BenchTest, WhatAwsRefusedToMakeIsForgotten) {
  apply_fault("CreateUser", FaultKind::deny, false);
  EXPECT_EQ(kind(bench.run(probing.make_user("ann"))), "access_denied");
  EXPECT_THAT(written.left(), IsEmpty());
}

TEST_F(BenchTest, RemovalIsTriedAgainWhileAwsThrottles) {
  ASSERT_TRUE(bench.run(probing.make_user("ann")));
  apply_fault("DeleteUser", FaultKind::throttle, false, 2);
  const auto begun = bench.clock.now();
  finish(probing.clear());
  EXPECT_THAT(probing.left(), IsEmpty());
  EXPECT_EQ(holdings(), before);
  EXPECT_EQ(caller.counts().throttled, 2U);
  EXPECT_GT(bench.clock.now() - begun, 0ms);
}

TEST_F(BenchTest, RemovalThatFailedIsToldAndTriedAgainTheNextTime) {
  ASSERT_TRUE(bench.run(probing.make_secret("value")));
  apply_fault("DeleteSecret", FaultKind::deny, false);
  finish(probing.clear());
  ASSERT_THAT(probing.left(), SizeIs(1));
  EXPECT_FALSE(probing.left().front().may_come);
  EXPECT_THAT(written.left(), SizeIs(1));
  finish(probing.clear());
  EXPECT_THAT(probing.left(), IsEmpty());
  EXPECT_EQ(holdings(), before);
}

TEST_F(BenchTest, AThingThatLostItsTagIsLeftAlone) {
  const auto user = bench.run(probing.make_user("ann"));
  ASSERT_TRUE(user);
  aws_itself.world.find_user(id, *user)->tags.clear();
  finish(probing.clear());
  ASSERT_THAT(probing.left(), SizeIs(1));
  EXPECT_THAT(probing.left().front().why, HasSubstr("left alone"));
  EXPECT_EQ(holdings().size(), before.size() + 1);
}

TEST_F(BenchTest, WaitingTellsHowLongItTook) {
  const auto begun = bench.clock.now();
  const auto took =
      bench.run(probing.wait_until(1min, [&]() -> ResultTask<bool> { co_return bench.clock.now() >= begun + 5s; }));
  ASSERT_TRUE(took);
  EXPECT_EQ(*took, 5s);
}

TEST_F(BenchTest, WaitingEndsAtItsDeadline) {
  const auto begun = bench.clock.now();
  const auto took = bench.run(probing.wait_until(1min, never));
  ASSERT_TRUE(took);
  EXPECT_FALSE(*took);
  EXPECT_GE(bench.clock.now() - begun, 1min);
  EXPECT_LT(bench.clock.now() - begun, 1min + 5s);
}

TEST_F(BenchTest, WaitingEndsWithPatienceAndSaysSo) {
  Bench impatient(here, written, 10s);
  const auto took = bench.run(impatient.wait_until(1min, never));
  ASSERT_FALSE(took);
  EXPECT_EQ(took.error().kind, ErrorKind::lease_over);
  EXPECT_THAT(took.error().message, HasSubstr("10 seconds of --patience"));
}

TEST_F(BenchTest, WaitingEndsWhenTheRunIsToStop) {
  stop.request_at(bench.clock, bench.clock.now() + 20s);
  const auto begun = bench.clock.now();
  EXPECT_EQ(kind(bench.run(probing.wait_until(1min, never))), "cancelled");
  EXPECT_LT(bench.clock.now() - begun, 25s);
}

TEST_F(BenchTest, NothingIsMadeOnceTheRunIsToStopAndWhatIsThereGoes) {
  const auto user = bench.run(probing.make_user("ann"));
  ASSERT_TRUE(user);
  stop.request();
  const auto made = aws_itself.calls.entries().size();
  EXPECT_EQ(kind(bench.run(probing.make_user("bob"))), "cancelled");
  EXPECT_EQ(kind(bench.run(probing.make_secret("value"))), "cancelled");
  EXPECT_EQ(kind(bench.run(probing.make_topic("news"))), "cancelled");
  EXPECT_EQ(kind(bench.run(probing.make_key(*user))), "cancelled");
  EXPECT_EQ(aws_itself.calls.entries().size(), made);
  finish(probing.clear());
  EXPECT_EQ(holdings(), before);
}

}  // namespace
}  // namespace rekeyer::probe
