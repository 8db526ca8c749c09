// Step Functions: a state machine and its latest executions.
#include "aws/services/step_functions.hpp"

#include <gtest/gtest.h>

#include "fakes/call_bench.hpp"

namespace rekeyer::aws {
namespace {

using fakes::CallBench;

class StepFunctionsTest : public testing::Test {
 protected:
  const Arn machine{"arn:aws:states:us-west-2:111111111111:stateMachine:rekeyer"};
  CallBench bench;
  StepFunctionsClient client{bench.caller, bench.principal()};
};

TEST_F(StepFunctionsTest, AStateMachineIsAskedForInItsOwnRegion) {
  bench.transport.reply(200, R"({"stateMachineArn":"a","name":"rekeyer","status":"ACTIVE","definition":"{}",
    "roleArn":"r","type":"STANDARD","creationDate":1.7E9})");
  const auto found = bench.run(client.state_machine(machine));
  ASSERT_TRUE(found) << describe(found.error());
  EXPECT_EQ(found->name, "rekeyer");
  EXPECT_EQ(found->status, "ACTIVE");
  const auto& sent = bench.transport.sent.at(0);
  EXPECT_EQ(sent.url, "https://states.us-west-2.amazonaws.com/");
  EXPECT_EQ(sent.header("X-Amz-Target"), "AWSStepFunctions.DescribeStateMachine");
  EXPECT_EQ(sent.header("Content-Type"), "application/x-amz-json-1.0");
  EXPECT_NE(sent.header("Authorization").find("/us-west-2/states/aws4_request"), std::string::npos);
}

TEST_F(StepFunctionsTest, TheLatestExecutionsAreListed) {
  bench.transport.reply(200, R"({"executions":[
    {"executionArn":"e2","stateMachineArn":"a","name":"two","status":"RUNNING","startDate":1.7723232E9},
    {"executionArn":"e1","stateMachineArn":"a","name":"one","status":"FAILED","startDate":1772236800.25,
     "stopDate":1772236900}],"nextToken":"more"})");
  const auto executions = bench.run(client.latest_executions(machine, 5));
  ASSERT_TRUE(executions) << describe(executions.error());
  ASSERT_EQ(executions->size(), 2u);
  EXPECT_EQ(executions->at(0).status, "RUNNING");
  EXPECT_FALSE(executions->at(0).stopped);
  EXPECT_EQ(executions->at(1).name, "one");
  EXPECT_EQ(iso8601(*executions->at(1).stopped), "2026-02-28T00:01:40Z");
  EXPECT_EQ(bench.transport.sent.at(0).body, R"({"stateMachineArn":")" + machine.str() + R"(","maxResults":5})");
}

TEST_F(StepFunctionsTest, OneThatIsMissingIsNotFound) {
  bench.transport.json_error(400, "StateMachineDoesNotExist");
  const auto found = bench.run(client.state_machine(machine));
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().kind, ErrorKind::not_found);
  bench.transport.json_error(400, "InvalidArn");
  const auto wrong = bench.run(client.latest_executions(Arn("nonsense"), 1));
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().kind, ErrorKind::rejected);
  EXPECT_EQ(bench.transport.sent.at(1).url, "https://states.eu-west-1.amazonaws.com/");
}

}  // namespace
}  // namespace rekeyer::aws
