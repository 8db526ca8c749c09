// Turns: rate, burst, order, and how the rate gives way to throttling and comes back.
#include "aws/call/rate_limiter.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <optional>
#include <string>

namespace rekeyer::aws {
namespace {

using namespace std::chrono_literals;

class PaceTest : public testing::Test {
 protected:
  struct Turn {
    int who;
    Instant at;
  };
  Task<void> take_turn(int who, AccountId whose, std::string group) {
    co_await limiter.turn(whose, group);
    turns.push_back({who, clock.now()});
    --waiting;
  }
  void ask(int who, std::string whose = "111111111111", std::string group = "iam") {
    ++waiting;
    boost::asio::co_spawn(context, take_turn(who, AccountId(std::move(whose)), std::move(group)),
                          [](std::exception_ptr) {});
  }
  void run() {
    EXPECT_TRUE(clock.run([this] { return waiting > 0; }));
  }
  double seconds(Instant at) const { return std::chrono::duration<double>(at - start).count(); }

  static constexpr Instant start = std::chrono::sys_days{std::chrono::year{2026} / 1 / 1};
  const AccountId account{"111111111111"};
  boost::asio::io_context context;
  VirtualClock clock{context, start};
  RateLimiter limiter{clock};
  int waiting = 0;
  std::vector<Turn> turns;
};

TEST_F(PaceTest, ABurstGoesAtOnceAndTheRestAtTheRateInOrder) {
  limiter.set_rate("iam", {10, 20});
  for (int i = 0; i < 120; ++i) ask(i);
  run();
  ASSERT_EQ(turns.size(), 120u);
  for (int i = 0; i < 120; ++i) EXPECT_EQ(turns[static_cast<std::size_t>(i)].who, i);
  EXPECT_EQ(turns[19].at, start);
  EXPECT_GT(turns[20].at, start);
  EXPECT_NEAR(seconds(turns[119].at), 10.0, 0.2);
}

TEST_F(PaceTest, NoSecondIsBusierThanBurstPlusRate) {
  limiter.set_rate("iam", {7, 9});
  for (int i = 0; i < 200; ++i) ask(i);
  run();
  ASSERT_EQ(turns.size(), 200u);
  for (std::size_t first = 0; first < turns.size(); ++first) {
    std::size_t within = 0;
    while (first + within < turns.size() && turns[first + within].at < turns[first].at + 1s) ++within;
    EXPECT_LE(within, 17u);
  }
}

TEST_F(PaceTest, AccountsAndGroupsDoNotWaitForOneAnother) {
  for (const auto* const group : {"iam", "sts", "ssm"}) limiter.set_rate(group, {1, 1});
  ask(1);
  ask(2, "222222222222");
  ask(3, "111111111111", "ssm");
  ask(4, "111111111111", "sts");
  run();
  ASSERT_EQ(turns.size(), 4u);
  for (const Turn& turn : turns) EXPECT_EQ(turn.at, start);
}

TEST_F(PaceTest, AllIamCallsOfAnAccountTogetherKeepToTheirShareInEverySecond) {
  limiter.set_iam_share({.rate = 30, .share = 0.4});
  for (int i = 0; i < 300; ++i) ask(i, "111111111111", i % 3 == 0 ? "iam:write" : "iam");
  run();
  ASSERT_EQ(turns.size(), 300u);
  for (std::size_t first = 0; first < turns.size(); ++first) {
    std::size_t within = 0;
    std::size_t writes = 0;
    for (auto i = first; i < turns.size() && turns[i].at < turns[first].at + 1s; ++i) {
      ++within;
      writes += turns[i].who % 3 == 0;
    }
    ASSERT_LE(within, 24u) << first;
    ASSERT_LE(writes, 12u) << first;
  }
  EXPECT_NEAR(seconds(turns.back().at), (300 - 12) / 12.0, 0.3);
}

TEST_F(PaceTest, ChangesWaitForTheirOwnTurnWithoutHoldingUpReads) {
  limiter.set_iam_share({.rate = 20, .share = 0.5});
  for (int i = 0; i < 100; ++i) ask(i, "111111111111", "iam:write");
  for (int i = 100; i < 120; ++i) ask(i, "111111111111", "iam");
  run();
  ASSERT_EQ(turns.size(), 120u);
  double last_read = 0;
  for (const Turn& turn : turns) {
    if (turn.who >= 100) last_read = std::max(last_read, seconds(turn.at));
  }
  EXPECT_LT(last_read, 3.5);  // 20 reads and the few changes that may go meanwhile, at ten a second after the burst
  EXPECT_NEAR(seconds(turns.back().at), (100 - 5) / 5.0, 0.3);
}

TEST_F(PaceTest, AShareHoldsForAccountsThatAreCalledAlready) {
  ask(0);
  run();
  limiter.set_iam_share({.rate = 40, .share = 0.25});
  EXPECT_EQ(limiter.rate(account, "iam"), 10);
  limiter.throttled(account, "iam");
  limiter.set_iam_share({.rate = 20, .share = 1});
  EXPECT_NEAR(limiter.rate(account, "iam"), 7, 1e-9) << "what AWS has refused is not forgotten";
  EXPECT_EQ(limiter.rate(AccountId("222222222222"), "iam"), 20);
  EXPECT_EQ(limiter.rate(account, "iam:write"), 10);
  limiter.set_iam_share({.rate = 8, .share = 0.5});
  EXPECT_EQ(limiter.rate(account, "iam"), 4);
}

TEST_F(PaceTest, ARefusedChangeSlowsDownAllIamCallsOfThatAccountAndNoOther) {
  const AccountId other("222222222222");
  const double all = limiter.rate(account, "iam");
  limiter.throttled(account, "iam:write");
  EXPECT_NEAR(limiter.rate(account, "iam"), 0.7 * all, 1e-9);
  EXPECT_NEAR(limiter.rate(account, "iam:write"), 0.7 * all / 2, 1e-9);
  EXPECT_EQ(limiter.rate(other, "iam"), all);
  EXPECT_EQ(limiter.rate(account, "sts"), limiter.rate(other, "sts"));
  clock.advance(10s);
  for (int i = 0; i < 31; ++i) limiter.succeeded(account, "iam:write");
  EXPECT_EQ(limiter.rate(account, "iam"), all);
  EXPECT_EQ(limiter.rate(account, "iam:write"), all / 2);
}

TEST_F(PaceTest, ATurnAtOnceIsTakenOnlyWhereNobodyWaits) {
  limiter.set_rate("iam", {10, 2});
  const auto lane = limiter.lane(account, limiter.group("iam", "ListUsers"));
  EXPECT_TRUE(limiter.try_turn(lane));
  EXPECT_TRUE(limiter.try_turn(lane));
  EXPECT_FALSE(limiter.try_turn(lane));
  ask(1);
  context.poll();  // it stands at the head of the line now
  clock.advance(1s);
  EXPECT_FALSE(limiter.try_turn(lane)) << "that turn belongs to whoever waits";
  run();
  EXPECT_TRUE(limiter.try_turn(lane));
}

TEST_F(PaceTest, AChangeThatCannotGoAtOnceTakesNothing) {
  limiter.set_rate("iam", {10, 5});
  limiter.set_rate("iam:write", {1, 1});
  const auto write = limiter.lane(account, "iam:write");
  EXPECT_TRUE(limiter.try_turn(write));
  for (int i = 0; i < 20; ++i) EXPECT_FALSE(limiter.try_turn(write));
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(limiter.try_turn(limiter.lane(account, "iam"))) << i;
  EXPECT_FALSE(limiter.try_turn(limiter.lane(account, "iam")));
}

TEST_F(PaceTest, FiveHundredPagesOfAccountsTakeLittleMoreThanOrganizationsAllows) {
  for (int i = 0; i < 500; ++i) ask(i, "111111111111", "organizations:list-accounts");
  run();
  const double documented = (500 - 12) / 8.0;  // 8 a second after a burst of 12
  EXPECT_GT(seconds(turns.back().at), documented);
  EXPECT_LT(seconds(turns.back().at), 1.08 * documented);
}

TEST_F(PaceTest, AccountsThatNeedNoSlowingDownAreForgotten) {
  const auto full = limiter.rate(account, "iam");
  limiter.throttled(account, "iam");
  const auto held = limiter.lane(AccountId("222222222222"), "iam");
  EXPECT_TRUE(limiter.try_turn(held));
  for (int i = 0; i < 5000; ++i) {
    const auto lane = limiter.lane(AccountId(std::to_string(300000000000 + i)), "iam:write");
    EXPECT_TRUE(limiter.try_turn(lane));
    limiter.succeeded(lane);
    clock.advance(100ms);
  }
  EXPECT_LT(limiter.remembered(), 200u);
  EXPECT_NEAR(limiter.rate(account, "iam"), 0.7 * full, 1e-9) << "what it was refused counts for as long as it takes";
  limiter.throttled(held);
  EXPECT_NEAR(limiter.rate(AccountId("222222222222"), "iam"), 0.7 * full, 1e-9) << "and so does a call on its way";
}

TEST_F(PaceTest, AThrottleSlowsThoseWhoAlreadyWait) {
  limiter.set_rate("iam", {10, 1});
  for (int i = 0; i < 11; ++i) ask(i);
  limiter.throttled(account, "iam");
  EXPECT_NEAR(limiter.rate(account, "iam"), 7, 1e-9);
  run();
  ASSERT_EQ(turns.size(), 11u);
  EXPECT_NEAR(seconds(turns.back().at), 11 / 7.0, 0.05);
}

TEST_F(PaceTest, ThrottlesCutToAFloorAndOneBurstCountsOnce) {
  limiter.set_rate("iam", {10, 20});
  for (int i = 0; i < 50; ++i) limiter.throttled(account, "iam");
  EXPECT_NEAR(limiter.rate(account, "iam"), 7, 1e-9);
  for (int i = 0; i < 50; ++i) {
    clock.advance(1s);
    limiter.throttled(account, "iam");
  }
  EXPECT_NEAR(limiter.rate(account, "iam"), 0.5, 1e-9);
  EXPECT_NEAR(limiter.rate(AccountId("222222222222"), "iam"), 10, 1e-9);
}

TEST_F(PaceTest, SuccessesBringTheRateBackToItsCeilingAndNoFurther) {
  limiter.set_rate("iam", {10, 20});
  limiter.throttled(account, "iam");
  limiter.succeeded(account, "iam");
  EXPECT_NEAR(limiter.rate(account, "iam"), 7.1, 1e-9);
  for (int i = 0; i < 1000; ++i) limiter.succeeded(account, "iam");
  EXPECT_EQ(limiter.rate(account, "iam"), 10);
}

TEST_F(PaceTest, CloseToWhereItWasRefusedTheRateComesBackInSmallSteps) {
  limiter.set_rate("iam", {10, 20});
  limiter.throttled(account, "iam");
  for (int i = 0; i < 20; ++i) limiter.succeeded(account, "iam");
  EXPECT_NEAR(limiter.rate(account, "iam"), 9, 0.11);
  const double close = limiter.rate(account, "iam");
  for (int i = 0; i < 10; ++i) limiter.succeeded(account, "iam");
  EXPECT_LT(limiter.rate(account, "iam"), close + 0.21);
  clock.advance(10s);  // nobody was in the way any more
  for (int i = 0; i < 10; ++i) limiter.succeeded(account, "iam");
  EXPECT_EQ(limiter.rate(account, "iam"), 10);
}

TEST_F(PaceTest, AClockThatIsSetBackLosesNobody) {
  ShiftedClock shifted(clock);
  RateLimiter corrected(shifted);
  corrected.set_rate("iam", {1, 1});
  int done = 0;
  const auto one = [&]() -> Task<void> {
    co_await corrected.turn(account, "iam");
    ++done;
    if (done == 1) shifted.set_offset(-90 * 24h);
  };
  for (int i = 0; i < 3; ++i) boost::asio::co_spawn(context, one(), [](std::exception_ptr) {});
  EXPECT_TRUE(clock.run([&] { return done < 3; }));
  EXPECT_EQ(done, 3);
  EXPECT_LT(seconds(clock.now()), 5);
}

TEST_F(PaceTest, WaitersLeftBehindAreReleased) {
  // The leak checker is the judge: a pace that goes while tasks stand in line must let go of them.
  boost::asio::io_context left;
  VirtualClock left_clock(left, start);
  auto going = std::make_unique<RateLimiter>(left_clock);
  going->set_rate("iam", {1, 1});
  for (int i = 0; i < 4; ++i) boost::asio::co_spawn(left, going->turn(account, "iam"), boost::asio::detached);
  left.poll();
  going.reset();
}

TEST(PaceGroup, FollowsAwssTable) {
  EXPECT_EQ(rate_group("iam", "ListUsers"), "iam");
  EXPECT_EQ(rate_group("iam", "GenerateCredentialReport"), "iam");
  EXPECT_EQ(rate_group("iam", "CreateAccessKey"), "iam:write");
  EXPECT_EQ(rate_group("iam", "UpdateAccessKey"), "iam:write");
  EXPECT_EQ(rate_group("iam", "DeleteAccessKey"), "iam:write");
  EXPECT_EQ(rate_group("iam", "PutUserPolicy"), "iam:write");
  EXPECT_EQ(rate_group("sts", "AssumeRole"), "sts");
  EXPECT_EQ(rate_group("organizations", "ListAccounts"), "organizations:list-accounts");
  EXPECT_EQ(rate_group("organizations", "ListAccountsForParent"), "organizations:list-children");
  EXPECT_EQ(rate_group("secretsmanager", "DescribeSecret"), "secretsmanager:describe");
  EXPECT_EQ(rate_group("secretsmanager", "ListSecrets"), "secretsmanager:list");
  EXPECT_EQ(rate_group("secretsmanager", "PutSecretValue"), "secretsmanager:write");
  EXPECT_EQ(rate_group("secretsmanager", "PutResourcePolicy"), rate_group("secretsmanager", "GetResourcePolicy"));
  EXPECT_EQ(rate_group("sns", "Publish"), "sns");
  EXPECT_EQ(rate_group("lambda", "Invoke"), "lambda");
}

TEST_F(PaceTest, DefaultsStayUnderAwssLimits) {
  EXPECT_LT(limiter.rate(account, "organizations:list-accounts"), 8);
  EXPECT_LT(limiter.rate(account, "organizations:list-children"), 5);
  EXPECT_LT(limiter.rate(account, "organizations:describe"), 1);
  EXPECT_LT(limiter.rate(account, "secretsmanager:write"), 50);
  EXPECT_LT(limiter.rate(account, "sts"), 600);
  limiter.set_rate("secretsmanager", {3, 3});
  EXPECT_EQ(limiter.rate(account, "secretsmanager:write"), 3);
  EXPECT_EQ(limiter.rate(account, "secretsmanager:list"), 3);
}

}  // namespace
}  // namespace rekeyer::aws
