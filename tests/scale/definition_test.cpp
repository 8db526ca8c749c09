#include "scale/definition.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace rekeyer::scale {
namespace {

std::string problem_of(const std::string& state) {
  const auto machine =
      parse_machine(R"({"StartAt": "A", "States": {"A": )" + state + "}}", {{"Partition", "aws"}, {"F", "function"}});
  return machine ? "none" : machine.error().message;
}

std::string delivered() {
  std::ifstream file(REKEYER_DEFINITION);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(Definition, DeliveredStateMachineIsUnderstood) {
  const std::map<std::string, std::string> substitutions{{"Partition", "aws"},
                                                         {"InventoryFunctionArn", "inventory"},
                                                         {"AccountFunctionArn", "account"},
                                                         {"AllotFunctionArn", "allot"},
                                                         {"SummariseFunctionArn", "summarise"},
                                                         {"RunsBucket", "bucket"},
                                                         {"RunsPrefix", "runs"},
                                                         {"MaxConcurrency", "40"},
                                                         {"ToleratedFailurePercentage", "100"}};
  const auto machine = parse_machine(delivered(), substitutions);
  ASSERT_TRUE(machine) << machine.error().message;
  EXPECT_EQ(machine->start_at, "Inventory");
  const auto& map = machine->states.at("RotateAccounts").map;
  ASSERT_TRUE(map);
  EXPECT_EQ(map->max_concurrency, 40U);
  const auto& retry = map->processor->states.at("Rotate").retry;
  ASSERT_EQ(retry.size(), 4U) << "no room, Lambda's own failures, functions that died, rekeyer's own word";
  EXPECT_EQ(retry.front().errors.front(), "Lambda.TooManyRequestsException");
  EXPECT_EQ(retry.front().max_attempts, 30);
  EXPECT_FALSE(parse_machine(delivered(), {})) << "placeholders without a value";
}

TEST(Definition, WhatWouldNotBeHonouredIsAnError) {
  EXPECT_EQ(problem_of(R"({"Type": "Pass", "End": true})"), "none");
  EXPECT_NE(problem_of(R"({"Type": "Wait", "Seconds": 1, "End": true})").find("\"Wait\""), std::string::npos);
  EXPECT_NE(problem_of(R"({"Type": "Pass", "InputPath": "$.a", "End": true})").find("InputPath"), std::string::npos);
  EXPECT_NE(problem_of(R"({"Type": "Pass", "Next": "B"})").find("\"B\""), std::string::npos);
  EXPECT_NE(problem_of(R"({"Type": "Pass"})").find("Next and End"), std::string::npos);
  EXPECT_NE(problem_of(R"({"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "End": true})").find("sns"),
            std::string::npos);
  EXPECT_NE(problem_of(R"({"Type": "Choice", "Choices": [{"Variable": "$.a", "NumericEquals": 1, "Next": "A"}]})")
                .find("NumericEquals"),
            std::string::npos);
}

TEST(Definition, RetriersHaveStepFunctionsDefaults) {
  const auto machine = parse_machine(R"({"StartAt": "A", "States": {"A": {"Type": "Task", "End": true,
    "Resource": "arn:${Partition}:states:::lambda:invoke", "Parameters": {"FunctionName": "f"},
    "Retry": [{"ErrorEquals": ["States.ALL"]}]}}})",
                                     {{"Partition", "aws"}});
  ASSERT_TRUE(machine) << machine.error().message;
  const auto& retrier = machine->states.at("A").retry.front();
  EXPECT_EQ(retrier.interval, std::chrono::seconds(1));
  EXPECT_EQ(retrier.max_attempts, 3);
  EXPECT_EQ(retrier.backoff_rate, 2);
  EXPECT_FALSE(retrier.full_jitter);
}

TEST(Definition, AllErrorsStandAlone) {
  EXPECT_NE(problem_of(R"({"Type": "Task", "End": true, "Resource": "arn:aws:states:::lambda:invoke",
    "Parameters": {"FunctionName": "f"}, "Retry": [{"ErrorEquals": ["States.ALL", "X"]}]})")
                .find("alone"),
            std::string::npos);
}

}  // namespace
}  // namespace rekeyer::scale
