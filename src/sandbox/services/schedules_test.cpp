// Scheduler: what is made is shown as it was made, and strictly read.
#include "sandbox/services/operation_fixture.hpp"

namespace rekeyer::sandbox {
namespace {

class Schedules : public OperationTest {
 protected:
  Schedules() : OperationTest(schedule_operations()) {
    asked.protocol = Protocol::rest_json;
    asked.region = Region("eu-west-1");
  }
  static std::string daily(std::string_view name, std::string_view more = {}) {
    return fmt::format(
        R"json({{"Name": "{}", "ScheduleExpression": "cron(0 4 * * ? *)", "FlexibleTimeWindow": {{"Mode": "OFF"}},
        "Target": {{"Arn": "arn:aws:states:m", "RoleArn": "arn:aws:iam::1:role/r", "Input": "{{}}"}}{}}})json",
        name, more);
  }
};

TEST_F(Schedules, AreMadeAndShown) {
  EXPECT_EQ(outcome("CreateSchedule", daily("rekeyer", R"(, "State": "DISABLED")")),
            R"({"ScheduleArn":"arn:aws:scheduler:eu-west-1:100000000000:schedule/default/rekeyer"})");
  EXPECT_EQ(outcome("CreateSchedule", daily("rekeyer")), "ConflictException");
  const auto shown = call("GetSchedule", R"({"Name": "rekeyer"})");
  EXPECT_EQ(text(shown.at("State")), "DISABLED");
  EXPECT_EQ(text(shown.at("ScheduleExpression")), "cron(0 4 * * ? *)");
  EXPECT_EQ(text(shown.at("Target").at("Arn")), "arn:aws:states:m");
  EXPECT_EQ(text(shown.at("Target").at("Input")), "{}");
  EXPECT_EQ(outcome("GetSchedule", R"({"Name": "none"})"), "ResourceNotFoundException");
  EXPECT_EQ(outcome("GetSchedule", R"({"Name": "rekeyer", "GroupName": "other"})"), "ResourceNotFoundException");
}

TEST_F(Schedules, AreListedByStateAndPage) {
  call("CreateSchedule", daily("a"));
  call("CreateSchedule", daily("b", R"(, "State": "DISABLED")"));
  const auto first = call("ListSchedules", R"({"MaxResults": "1"})");
  EXPECT_EQ(text(first.at("Schedules").at(0).at("Name")), "a");
  const auto rest = call("ListSchedules", R"({"NextToken": ")" + text(first.at("NextToken")) + "\"}");
  EXPECT_EQ(text(rest.at("Schedules").at(0).at("Name")), "b");
  EXPECT_EQ(call("ListSchedules", R"({"State": "ENABLED"})").at("Schedules").as_array().size(), 1U);
  EXPECT_EQ(outcome("ListSchedules", R"({"NextToken": "made up"})"), "ValidationException");
}

TEST_F(Schedules, AreReadStrictly) {
  EXPECT_EQ(outcome("CreateSchedule", daily("a b")), "ValidationException");
  EXPECT_EQ(outcome("CreateSchedule", daily("a", R"(, "State": "ON")")), "ValidationException");
  EXPECT_EQ(outcome("CreateSchedule", daily("a", R"(, "GroupName": "own")")), "ResourceNotFoundException");
  EXPECT_EQ(outcome("CreateSchedule", R"({"Name": "a", "ScheduleExpression": "daily"})"), "ValidationException");
  EXPECT_EQ(
      outcome("CreateSchedule",
              R"json({"Name": "a", "ScheduleExpression": "rate(1 day)", "FlexibleTimeWindow": {"Mode": "OFF"}})json"),
      "ValidationException");
}

}  // namespace
}  // namespace rekeyer::sandbox
