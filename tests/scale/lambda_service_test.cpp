#include "scale/lambda_service.hpp"

#include <gtest/gtest.h>

#include <boost/json/object.hpp>

#include "base/concurrency.hpp"
#include "fakes/virtual_time.hpp"

namespace rekeyer::scale {
namespace {

namespace json = boost::json;

/// Sleeps, then answers `{}`, or fails, or dies.
class Sleeper final : public Execution {
 public:
  Sleeper(Clock& clock, Milliseconds takes, bool fails, Start start)
      : clock_(clock), takes_(takes), fails_(fails), start_(std::move(start)) {}
  Task<std::expected<std::string, StateError>> run() override {
    co_await clock_.sleep_for(takes_);
    if (start_.dies_at_call > 0) {
      start_.died();
      co_await clock_.sleep_for(std::chrono::hours(1));
    }
    if (fails_) co_return std::unexpected(StateError{"rekeyer.Usage", "told to"});
    co_return "{}";
  }
  void kill() override {}

 private:
  Clock& clock_;
  Milliseconds takes_;
  bool fails_;
  Start start_;
};

struct ServiceBench {
  fakes::VirtualTime time;
  LambdaSettings settings;
  std::optional<LambdaService> lambda;
  std::map<std::string, std::size_t> results;

  void deploy(Milliseconds takes, bool fails = false) {
    lambda.emplace(time.clock, settings);
    lambda->add("f", [this, takes, fails](Start start) {
      return std::make_unique<Sleeper>(time.clock, takes, fails, std::move(start));
    });
  }
  static Task<void> note(LambdaService& lambda, std::map<std::string, std::size_t>& results) {
    auto outcome = co_await lambda.invoke("f", json::object{});
    ++results[outcome ? "ok" : outcome.error().name];
  }
  void invoke(std::size_t times) {
    for (std::size_t i = 0; i < times; ++i) time.begin(note(*lambda, results));
    EXPECT_TRUE(time.run());
  }
  const FunctionTally& tally() const { return lambda->tallies().at("f"); }
};

TEST(LambdaService, ColdStartIsWaitedForAndItsProcessIsBilled) {
  ServiceBench bench;
  bench.deploy(Milliseconds(100));
  Instant done{};
  bench.time.run([](ServiceBench& b, Instant& end) -> Task<void> {
    auto outcome = co_await b.lambda->invoke("f", json::object{});
    EXPECT_TRUE(outcome);
    end = b.time.clock.now();
  }(bench, done));
  EXPECT_EQ(done - fakes::VirtualTime::start, Milliseconds(150 + 30 + 100));
  EXPECT_EQ(bench.tally().billed, Milliseconds(30 + 100));
  EXPECT_EQ(bench.tally().cold, 1U);
}

TEST(LambdaService, IdleEnvironmentsAreUsedAgainUntilTheyAreTakenAway) {
  ServiceBench bench;
  bench.settings.kept_warm = std::chrono::hours(2);
  bench.deploy(Milliseconds(100));
  bench.invoke(1);
  bench.invoke(1);  // the clock went on to the first one's deadline
  EXPECT_EQ(bench.tally().cold, 1U);
  EXPECT_EQ(bench.tally().billed, Milliseconds(230));
  bench.time.clock.advance(std::chrono::hours(3));
  bench.invoke(1);
  EXPECT_EQ(bench.tally().cold, 2U);
}

TEST(LambdaService, BeyondTheAccountsConcurrencyIsTooMany) {
  ServiceBench bench;
  bench.settings.concurrency = 3;
  bench.deploy(Milliseconds(100));
  bench.invoke(5);
  EXPECT_EQ(bench.results["ok"], 3U);
  EXPECT_EQ(bench.results["Lambda.TooManyRequestsException"], 2U);
  EXPECT_EQ(bench.tally().invocations, 3U) << "refused invocations are not billed";
  EXPECT_EQ(bench.tally().throttled, 2U);
  EXPECT_EQ(bench.lambda->most_running(), 3U);
}

TEST(LambdaService, EnvironmentsGrowNoFasterThanAllowed) {
  ServiceBench bench;
  bench.settings.burst = 2;
  bench.settings.growth_per_second = 1;
  bench.settings.kept_warm = Milliseconds(0);
  bench.deploy(Milliseconds(100));
  bench.invoke(3);
  EXPECT_EQ(bench.results["ok"], 2U);
  bench.invoke(1);  // a quarter of an hour later
  EXPECT_EQ(bench.results["ok"], 3U);
}

TEST(LambdaService, TimeoutKillsAndIsBilledToTheEnd) {
  ServiceBench bench;
  bench.settings.timeout = std::chrono::seconds(3);
  bench.deploy(std::chrono::seconds(60));
  bench.invoke(1);
  EXPECT_EQ(bench.results["Sandbox.Timedout"], 1U);
  EXPECT_EQ(bench.tally().billed, Milliseconds(3'030));
  EXPECT_EQ(bench.lambda->dead(), 1U);
}

TEST(LambdaService, DeadProcessIsAnErrorAndItsEnvironmentIsGone) {
  ServiceBench bench;
  bench.settings.kept_warm = std::chrono::hours(2);
  bench.deploy(Milliseconds(100));
  bench.lambda->fate = [](const std::string&, const std::string&) { return Fate{false, 1}; };
  bench.invoke(1);
  EXPECT_EQ(bench.results["Runtime.ExitError"], 1U);
  bench.lambda->fate = {};
  bench.invoke(1);
  EXPECT_EQ(bench.results["ok"], 1U);
  EXPECT_EQ(bench.tally().cold, 2U);
}

TEST(LambdaService, HandlersErrorIsTheFunctionsOwn) {
  ServiceBench bench;
  bench.deploy(Milliseconds(100), true);
  bench.invoke(1);
  EXPECT_EQ(bench.results["rekeyer.Usage"], 1U);
  EXPECT_EQ(bench.tally().failed, 1U);
}

}  // namespace
}  // namespace rekeyer::scale
