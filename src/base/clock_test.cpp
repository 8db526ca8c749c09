// Virtual time: order, jumps and deadlocks; a shifted clock; and the machine's own.
#include "base/clock.hpp"

#include <gtest/gtest.h>

#include "base/concurrency.hpp"
#include "fakes/virtual_time.hpp"

namespace rekeyer {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::seconds;

constexpr Instant start = fakes::VirtualTime::start;

struct Wake {
  std::string who;
  Instant when;
  bool operator==(const Wake&) const = default;
};
using Wakes = std::vector<Wake>;

void PrintTo(const Wake& wake, std::ostream* stream) { *stream << wake.who << " at " << iso8601(wake.when); }

Task<void> sleep_and_note(Clock& clock, Instant until, std::string who, Wakes& wakes) {
  co_await clock.sleep_until(until);
  wakes.push_back({std::move(who), clock.now()});
}

Task<void> wait_at(Gate& gate) { co_await gate.wait(); }

TEST(VirtualClock, JumpsFromDeadlineToDeadline) {
  fakes::VirtualTime time;
  Wakes wakes;
  time.begin(sleep_and_note(time.clock, start + days{90}, "late", wakes));
  time.begin(sleep_and_note(time.clock, start + seconds{1}, "early", wakes));
  EXPECT_TRUE(time.run());
  EXPECT_EQ(wakes, (Wakes{{"early", start + seconds{1}}, {"late", start + days{90}}}));
  EXPECT_EQ(time.clock.now(), start + days{90});
}

TEST(VirtualClock, EqualDeadlinesFireInTheOrderInWhichTheyWereAskedFor) {
  fakes::VirtualTime time;
  Wakes wakes;
  Wakes expected;
  for (int i = 0; i < 50; ++i) {
    const auto who = std::to_string(i);
    time.begin(sleep_and_note(time.clock, start + seconds{7}, who, wakes));
    expected.push_back({who, start + seconds{7}});
  }
  EXPECT_TRUE(time.run());
  EXPECT_EQ(wakes, expected);
}

Task<void> tick(Clock& clock, Milliseconds every, int times, std::string who, Wakes& wakes) {
  for (int i = 0; i < times; ++i) {
    co_await clock.sleep_for(every);
    wakes.push_back({who, clock.now()});
  }
}

TEST(VirtualClock, TasksTakeTurnsAsTimeGoesBy) {
  fakes::VirtualTime time;
  Wakes wakes;
  time.begin(tick(time.clock, seconds{2}, 3, "two", wakes));
  time.begin(tick(time.clock, seconds{3}, 2, "three", wakes));
  EXPECT_TRUE(time.run());
  // At six seconds, "three" asked first: at three seconds, the other one at four.
  EXPECT_EQ(wakes, (Wakes{{"two", start + seconds{2}},
                          {"three", start + seconds{3}},
                          {"two", start + seconds{4}},
                          {"three", start + seconds{6}},
                          {"two", start + seconds{6}}}));
}

TEST(VirtualClock, DoesNotWaitForWhatIsOver) {
  fakes::VirtualTime time;
  Wakes wakes;
  time.begin(sleep_and_note(time.clock, start, "now", wakes));
  time.begin(sleep_and_note(time.clock, start - hours{1}, "before", wakes));
  EXPECT_TRUE(time.run());
  EXPECT_EQ(wakes, (Wakes{{"now", start}, {"before", start}}));
}

TEST(VirtualClock, NeverGoesBack) {
  fakes::VirtualTime time;
  Wakes wakes;
  time.begin(sleep_and_note(time.clock, start + seconds{5}, "sleeper", wakes));
  time.context.poll();
  time.clock.advance(hours{1});
  EXPECT_TRUE(time.run());
  EXPECT_EQ(wakes, (Wakes{{"sleeper", start + hours{1}}}));
}

TEST(VirtualClock, TellsThatATaskWaitsForNothing) {
  fakes::VirtualTime time;
  Gate never;
  Wakes wakes;
  time.begin(wait_at(never));
  time.begin(sleep_and_note(time.clock, start + seconds{1}, "sleeper", wakes));
  EXPECT_FALSE(time.run());
  EXPECT_EQ(wakes.size(), 1) << "what could go on did not";
  EXPECT_EQ(time.live, 1);
  never.open();
  EXPECT_TRUE(time.run());
  EXPECT_EQ(time.live, 0);
}

TEST(ShiftedClock, ShowsAndSleepsByItsOwnTime) {
  for (const auto offset : {Milliseconds{hours{2}}, Milliseconds{-hours{2}}, Milliseconds{0}}) {
    fakes::VirtualTime time;
    ShiftedClock shifted(time.clock);
    shifted.set_offset(offset);
    EXPECT_EQ(shifted.offset(), offset);
    EXPECT_EQ(shifted.now(), start + offset);
    Wakes wakes;
    time.begin(sleep_and_note(shifted, start + offset + seconds{10}, "sleeper", wakes));
    EXPECT_TRUE(time.run());
    EXPECT_EQ(wakes, (Wakes{{"sleeper", start + offset + seconds{10}}}));
    EXPECT_EQ(time.elapsed(), seconds{10});
  }
}

TEST(RealClock, BeginsAtTheMachinesDateAndNeverGoesBack) {
  const RealClock clock;
  const auto before = clock.now();
  const auto machine = std::chrono::floor<Milliseconds>(std::chrono::system_clock::now());
  EXPECT_LT(std::chrono::abs(machine - before), seconds{10});
  auto last = before;
  for (int i = 0; i < 1000; ++i) {
    const auto now = clock.now();
    ASSERT_GE(now, last);
    last = now;
  }
}

TEST(RealClock, SleepsUntilTheInstantAndNotBefore) {
  boost::asio::io_context context;
  RealClock clock;
  Wakes wakes;
  const auto until = clock.now() + Milliseconds{30};
  boost::asio::co_spawn(context, sleep_and_note(clock, until, "sleeper", wakes), [](std::exception_ptr thrown) {
    if (thrown) std::rethrow_exception(thrown);
  });
  context.run();
  ASSERT_EQ(wakes.size(), 1);
  EXPECT_GE(wakes.front().when, until);
  EXPECT_LT(wakes.front().when, until + seconds{30});
}

TEST(RealClock, DoesNotWaitForWhatIsOver) {
  boost::asio::io_context context;
  RealClock clock;
  Wakes wakes;
  boost::asio::co_spawn(context, sleep_and_note(clock, clock.now() - hours{1}, "sleeper", wakes),
                        [](std::exception_ptr thrown) {
                          if (thrown) std::rethrow_exception(thrown);
                        });
  context.poll();
  EXPECT_EQ(wakes.size(), 1);
}

}  // namespace
}  // namespace rekeyer
