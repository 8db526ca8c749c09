// Scheduler: one schedule by its path.
#include "aws/services/scheduler.hpp"

#include <gtest/gtest.h>

#include "fakes/call_bench.hpp"

namespace rekeyer::aws {
namespace {

using fakes::CallBench;

class SchedulerTest : public testing::Test {
 protected:
  CallBench bench;
  SchedulerClient scheduler{bench.caller, bench.principal()};
};

TEST_F(SchedulerTest, AScheduleIsReadWithItsTarget) {
  bench.transport.reply(200, R"json({"Arn":"arn:aws:scheduler:eu-west-1:1:schedule/default/rekeyer","Name":"rekeyer",
    "GroupName":"default","State":"DISABLED","ScheduleExpression":"cron(0 4 * * ? *)",
    "ScheduleExpressionTimezone":"Europe/Berlin","EndDate":1.7723232E9,
    "FlexibleTimeWindow":{"Mode":"OFF"},"Target":{"Arn":"arn:aws:states:m","RoleArn":"arn:aws:iam::1:role/r"}})json");
  const auto schedule = bench.run(scheduler.schedule("ops", "re keyer"));
  ASSERT_TRUE(schedule) << describe(schedule.error());
  EXPECT_FALSE(schedule->enabled);
  EXPECT_EQ(schedule->expression, "cron(0 4 * * ? *)");
  EXPECT_EQ(schedule->time_zone, "Europe/Berlin");
  EXPECT_EQ(schedule->target.str(), "arn:aws:states:m");
  ASSERT_TRUE(schedule->ends);
  EXPECT_EQ(iso8601(*schedule->ends), "2026-03-01T00:00:00Z");
  const auto& sent = bench.transport.sent.at(0);
  EXPECT_EQ(sent.method, "GET");
  EXPECT_EQ(sent.url, "https://scheduler.eu-west-1.amazonaws.com/schedules/re%20keyer?groupName=ops");
  EXPECT_NE(sent.header("Authorization").find("/eu-west-1/scheduler/aws4_request"), std::string::npos);
}

TEST_F(SchedulerTest, OneThatIsMissingIsNotFound) {
  bench.transport.reply(404, R"({"Message":"Schedule x does not exist."})",
                        {{"x-amzn-ErrorType", "ResourceNotFoundException"}});
  const auto schedule = bench.run(scheduler.schedule("", "x"));
  ASSERT_FALSE(schedule);
  EXPECT_EQ(schedule.error().kind, ErrorKind::not_found);
  EXPECT_EQ(bench.transport.sent.at(0).url, "https://scheduler.eu-west-1.amazonaws.com/schedules/x");
  const auto nameless = bench.run(scheduler.schedule("", ""));
  ASSERT_FALSE(nameless);
  EXPECT_EQ(nameless.error().kind, ErrorKind::usage);
}

}  // namespace
}  // namespace rekeyer::aws
