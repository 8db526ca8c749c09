// Waits between attempts, the retry budget, and what is masked in messages.
#include "aws/call/backoff.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "aws/call/masked.hpp"
#include "aws/call/retry_budget.hpp"
#include "base/secret.hpp"
#include "fakes/call_bench.hpp"

namespace rekeyer::aws {
namespace {

using namespace std::chrono_literals;

Headers with(std::string_view name, std::string_view value) {
  Headers headers;
  headers.add(name, value);
  return headers;
}

TEST(Backoff, IsFullJitterUnderADoublingCeiling) {
  Random random(42);
  for (const bool throttled : {false, true}) {
    const Milliseconds base = throttled ? 1000ms : 100ms;
    for (int retry = 0; retry < 40; ++retry) {
      const Milliseconds ceiling = retry > 15 ? Milliseconds{20s} : std::min<Milliseconds>(20s, base * (1 << retry));
      Milliseconds longest{0};
      Milliseconds shortest{ceiling};
      for (int i = 0; i < 300; ++i) {
        const auto wait = jittered_backoff(retry, throttled, random);
        ASSERT_GE(wait, 0ms);
        ASSERT_LT(wait, ceiling);
        longest = std::max(longest, wait);
        shortest = std::min(shortest, wait);
      }
      EXPECT_GT(longest, ceiling * 9 / 10) << retry;
      EXPECT_LT(shortest, ceiling / 10) << retry;
    }
  }
}

TEST(Backoff, HonoursWhatTheServerAsksForWithinBounds) {
  Random random(42);
  EXPECT_EQ(retry_delay(0, false, with("Retry-After", "7"), random), 7s);
  EXPECT_EQ(retry_delay(0, false, with("retry-after", "86400"), random), 60s);
  EXPECT_EQ(retry_delay(0, false, with("Retry-After", "99999999999999999999"), random).count() / 1000, 0);
  EXPECT_LT(retry_delay(0, false, with("Retry-After", "-5"), random), 100ms);
  EXPECT_LT(retry_delay(0, false, with("Retry-After", "soon"), random), 100ms);
  EXPECT_LT(retry_delay(0, false, with("Retry-After", "0"), random), 100ms);
  EXPECT_EQ(retry_delay(0, false, with("x-amz-retry-after", "1500"), random), 1500ms);
  const auto long_wait = retry_delay(0, false, with("x-amz-retry-after", "600000"), random);
  EXPECT_GE(long_wait, 5s);
  EXPECT_LT(long_wait, 5100ms);
}

TEST(RetryBudget, IsSpentByRetriesAndComesBackWithTimeAndSuccess) {
  boost::asio::io_context context;
  VirtualClock clock(context, fakes::bench_start);
  RetryBudget budget(clock);
  int retries = 0;
  while (budget.take(RetryBudget::transient_cost)) ++retries;
  EXPECT_EQ(retries, 35);
  EXPECT_FALSE(budget.take(RetryBudget::transient_cost));
  EXPECT_TRUE(budget.take(RetryBudget::throttle_cost));
  budget.give(RetryBudget::transient_cost);
  EXPECT_TRUE(budget.take(RetryBudget::transient_cost));
  clock.advance(10s);
  EXPECT_NEAR(budget.left(), 55, 0.001);
  clock.advance(1h);
  EXPECT_EQ(budget.left(), RetryBudget::capacity);
}

TEST(RetryBudget, SurvivesAClockThatIsSetBack) {
  boost::asio::io_context context;
  VirtualClock real(context, fakes::bench_start);
  ShiftedClock clock(real);
  RetryBudget budget(clock);
  while (budget.take(RetryBudget::transient_cost)) {
  }
  clock.set_offset(-90 * 24h);
  EXPECT_FALSE(budget.take(RetryBudget::transient_cost));
  real.advance(10s);
  EXPECT_TRUE(budget.take(RetryBudget::transient_cost));
}

TEST(Masked, WithholdsWhatRepeatsTheSecret) {
  const std::string_view value = R"({"SecretAccessKey":"wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"})";
  EXPECT_EQ(masked("Value 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' is odd", value), "Value '[withheld]' is odd");
  EXPECT_EQ(masked("starts with wJalrXUtnFEMI/K7", value), "starts with [withheld]");
  EXPECT_EQ(masked("the key was marked for deletion", value), "the key was marked for deletion");
  EXPECT_EQ(masked("", value), "");
  EXPECT_EQ(masked("anything at all", ""), "anything at all");
  EXPECT_EQ(masked("no: WJALRXUTNFEMI/K7MDENG", value), "no: [withheld]");
  EXPECT_EQ(masked("no: hunter2! and hunter", "hunter2!"), "no: [withheld] and hunter") << "a short one as a whole";
  EXPECT_EQ(masked("/x is not there", "/x"), "/x is not there");
}

}  // namespace
}  // namespace rekeyer::aws
