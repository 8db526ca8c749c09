// Step Functions: state machines, and executions that are recorded and nothing more.
#include "sandbox/services/operation_fixture.hpp"

namespace rekeyer::sandbox {
namespace {

class StateMachines : public OperationTest {
 protected:
  StateMachines() : OperationTest(state_machine_operations()) {
    asked.protocol = Protocol::json;
    asked.region = Region("eu-west-1");
  }
  static std::string machine(std::string_view definition = "{}") {
    return fmt::format(R"({{"name": "rekeyer", "definition": "{}", "roleArn": "arn:aws:iam::1:role/r"}})", definition);
  }
  static std::string of_machine(std::string_view more = {}) {
    return fmt::format(R"({{"stateMachineArn": "arn:aws:states:eu-west-1:100000000000:stateMachine:rekeyer"{}}})",
                       more);
  }
};

TEST_F(StateMachines, AreMadeOnceAndShown) {
  EXPECT_EQ(text(call("CreateStateMachine", machine()).at("stateMachineArn")),
            "arn:aws:states:eu-west-1:100000000000:stateMachine:rekeyer");
  EXPECT_FALSE(call("CreateStateMachine", machine()).is_null()) << "the same once more";
  EXPECT_EQ(outcome("CreateStateMachine", machine(R"({\"a\": 1})")), "StateMachineAlreadyExists");
  EXPECT_EQ(text(call("DescribeStateMachine", of_machine()).at("status")), "ACTIVE");
  EXPECT_EQ(call("ListStateMachines").at("stateMachines").as_array().size(), 1U);
  EXPECT_EQ(outcome("CreateStateMachine", machine("no json")), "InvalidDefinition");
  EXPECT_EQ(outcome("DescribeStateMachine", R"({"stateMachineArn": "rekeyer"})"), "InvalidArn");
  EXPECT_EQ(outcome("DescribeStateMachine", R"({"stateMachineArn": "arn:aws:states:eu-west-1:1:stateMachine:x"})"),
            "StateMachineDoesNotExist");
  asked.region = Region("us-east-1");
  EXPECT_EQ(outcome("DescribeStateMachine", of_machine()), "StateMachineDoesNotExist") << "another region";
}

TEST_F(StateMachines, ExecutionsAreListedLatestFirst) {
  call("CreateStateMachine", machine());
  EXPECT_EQ(call("ListExecutions", of_machine()).at("executions").as_array().size(), 0U);
  call("StartExecution", of_machine(R"(, "name": "one", "input": "{}")"));
  now += std::chrono::hours(24);
  const auto started = call("StartExecution", of_machine(R"(, "name": "two")"));
  EXPECT_EQ(text(started.at("executionArn")), "arn:aws:states:eu-west-1:100000000000:execution:rekeyer:two");
  const auto first = call("ListExecutions", of_machine(R"(, "maxResults": 1)"));
  EXPECT_EQ(text(first.at("executions").at(0).at("name")), "two");
  EXPECT_EQ(text(first.at("executions").at(0).at("status")), "RUNNING");
  const auto rest = call("ListExecutions", of_machine(R"(, "nextToken": ")" + text(first.at("nextToken")) + "\""));
  EXPECT_EQ(text(rest.at("executions").at(0).at("name")), "one");
  EXPECT_EQ(call("ListExecutions", of_machine(R"(, "statusFilter": "FAILED")")).at("executions").as_array().size(), 0U);
  EXPECT_EQ(outcome("StartExecution", of_machine(R"(, "name": "two")")), "ExecutionAlreadyExists");
  EXPECT_EQ(outcome("StartExecution", of_machine(R"(, "input": "[")")), "InvalidExecutionInput");
  EXPECT_EQ(outcome("ListExecutions", of_machine(R"(, "maxResults": 1001)")), "ValidationException");
  EXPECT_EQ(outcome("ListExecutions", of_machine(R"(, "nextToken": "x")")), "InvalidToken");
}

}  // namespace
}  // namespace rekeyer::sandbox
