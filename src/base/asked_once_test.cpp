// One question for many tasks: how often it is sent out, and who gets which answer.
#include "base/asked_once.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <vector>

#include "base/error.hpp"
#include "fakes/virtual_time.hpp"

namespace rekeyer {
namespace {

using namespace std::chrono_literals;

/// A question whose answers come after a second: 1, 2, 3, …
struct Slow {
  fakes::VirtualTime time;
  AskedOnce<int> once;
  int asked = 0;
  std::vector<Result<int>> answers;

  ResultTask<int> ask() {
    const int number = ++asked;
    co_await time.clock.sleep_for(1s);
    if (number == fails_at) co_return fail(ErrorKind::throttled, "not now");
    if (number == throws_at) throw std::runtime_error("a bug");
    co_return number;
  }
  Task<void> one() {
    auto answer = co_await once.answer([this] { return ask(); });
    answers.push_back(std::move(answer));
  }
  void many(int count) {
    for (int i = 0; i < count; ++i) time.begin(one());
    EXPECT_TRUE(time.run());
  }
  int fails_at = 0;
  int throws_at = 0;
};

TEST(AskedOnce, IsAskedByTheFirstAndAnsweredToAll) {
  Slow slow;
  slow.many(64);
  slow.many(3);
  EXPECT_EQ(slow.asked, 1);
  ASSERT_EQ(slow.answers.size(), 67U);
  for (const auto& answer : slow.answers) EXPECT_EQ(answer.value(), 1);
}

TEST(AskedOnce, RemembersAFailureUntilItIsForgotten) {
  Slow slow;
  slow.fails_at = 1;
  slow.many(2);
  slow.many(1);
  EXPECT_EQ(slow.asked, 1);
  ASSERT_EQ(slow.answers.size(), 3U);
  for (const auto& answer : slow.answers) EXPECT_EQ(answer.error().kind, ErrorKind::throttled);
  slow.once.forget();
  slow.many(2);
  EXPECT_EQ(slow.asked, 2);
  EXPECT_EQ(slow.answers.back().value(), 2);
}

TEST(AskedOnce, TellsThoseWhoWaitThatTheirQuestionWasGivenUp) {
  Slow slow;
  slow.throws_at = 1;
  EXPECT_THROW(slow.many(3), std::runtime_error);
  EXPECT_TRUE(slow.time.run());
  ASSERT_EQ(slow.answers.size(), 2U);
  for (const auto& answer : slow.answers) EXPECT_EQ(answer.error().kind, ErrorKind::cancelled);
}

}  // namespace
}  // namespace rekeyer
