// Step Functions over AWS JSON 1.0.
#include "aws/services/step_functions.hpp"

#include "aws/services/exchange.hpp"
#include "base/try.hpp"

namespace rekeyer::aws {
namespace {

constexpr Service states_service{"states",      "SFN", "states", "states", "2016-11-23", "AWSStepFunctions.",
                                 Protocol::json};

Call machine_call(std::string operation, JsonWriter body) {
  Call call = json_call(states_service, std::move(operation), std::move(body));
  call.content_type = "application/x-amz-json-1.0";
  return call;
}

Result<StateMachine> read_machine(const JsonValue& json) {
  StateMachine machine;
  TRY(machine.name, required_text(json, "name"));
  TRY(machine.status, text_or_empty(json, "status"));
  return machine;
}

Result<Execution> read_execution(const JsonValue& json) {
  Execution execution;
  TRY(execution.name, required_text(json, "name"));
  TRY(execution.status, required_text(json, "status"));
  TRY(execution.started, json.time("startDate"));
  TRY(execution.stopped, json.optional_time("stopDate"));
  return execution;
}

Result<std::vector<Execution>> read_executions(const JsonValue& json) {
  TRY(const auto list, json.array("executions"));
  std::vector<Execution> executions;
  for (const JsonValue& item : list) {
    TRY(auto execution, read_execution(item));
    executions.push_back(std::move(execution));
  }
  return executions;
}

/// arn:aws:states:eu-west-1:111111111111:stateMachine:name → eu-west-1; `region` for what is no ARN.
Region region_of_machine(const Arn& arn, const Region& region) {
  std::string_view rest = arn.str();
  for (int field = 0; field < 3; ++field) {
    const auto colon = rest.find(':');
    if (colon == std::string_view::npos) return region;
    rest.remove_prefix(colon + 1);
  }
  const auto named = rest.substr(0, rest.find(':'));
  return named.empty() ? region : Region(std::string(named));
}

}  // namespace

ResultTask<StateMachine> StepFunctionsClient::state_machine(Arn machine) {
  Principal principal = principal_;
  principal.region = region_of_machine(machine, principal.region);
  JsonWriter body;
  body.begin_object().member("stateMachineArn", machine.str()).end();
  return json_exchange<StateMachine>(caller_, std::move(principal),
                                     machine_call("DescribeStateMachine", std::move(body)), read_machine);
}

ResultTask<std::vector<Execution>> StepFunctionsClient::latest_executions(Arn machine, int count) {
  Principal principal = principal_;
  principal.region = region_of_machine(machine, principal.region);
  JsonWriter body;
  body.begin_object().member("stateMachineArn", machine.str()).member("maxResults", count).end();
  return json_exchange<std::vector<Execution>>(caller_, std::move(principal),
                                               machine_call("ListExecutions", std::move(body)), read_executions);
}

}  // namespace rekeyer::aws
