// Step Functions: state machines are kept, and what was started of them; nothing runs, so an execution stays RUNNING.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include "base/text.hpp"
#include "base/try.hpp"
#include "sandbox/services/continuation.hpp"
#include "sandbox/services/service.hpp"
#include "sandbox/wire/reply.hpp"
#include "sandbox/world/characters.hpp"

namespace rekeyer::sandbox {
namespace {

namespace json = boost::json;

bool is_name(std::string_view name) {
  const auto fits = [](char c) { return is_alnum(c) || c == '_' || c == '-'; };
  return !name.empty() && name.size() <= 80 && std::ranges::all_of(name, fits);
}

bool is_json_object(std::string_view text) {
  boost::system::error_code problem;
  const json::value value = json::parse(text, problem);
  return !problem && value.is_object();
}

std::string machine_arn(const Call& call, const Context& context, std::string_view name) {
  return fmt::format("arn:{}:states:{}:{}:stateMachine:{}", context.world.partition, call.region,
                     context.caller.account, name);
}

ServiceResult<StateMachine*> wanted_machine(const Call& call, const Context& context) {
  const std::string arn(call.text_or_empty("stateMachineArn"));
  if (!arn.starts_with("arn:") || !arn.contains(":stateMachine:")) {
    return refuse("InvalidArn", fmt::format("Invalid Arn: 'Invalid ARN prefix: {}'", arn));
  }
  auto& machines = context.account().state_machines;
  const auto found = machines.find(arn);
  if (found == machines.end() || arn != machine_arn(call, context, found->second.name)) {
    return refuse("StateMachineDoesNotExist", fmt::format("State Machine Does Not Exist: '{}'", arn));
  }
  return &found->second;
}

Output create_state_machine(const Call& call, const Context& context) {
  StateMachine machine;
  machine.name = call.text_or_empty("name");
  machine.definition = call.text_or_empty("definition");
  machine.role = call.text_or_empty("roleArn");
  if (!is_name(machine.name)) return refuse("InvalidName", fmt::format("Invalid Name: '{}'", machine.name));
  if (!is_json_object(machine.definition)) {
    return refuse("InvalidDefinition", "Invalid State Machine Definition: 'INVALID_JSON_DESCRIPTION'");
  }
  if (!machine.role.starts_with("arn:")) {
    return refuse("InvalidArn", fmt::format("Invalid Role Arn: '{}'", machine.role));
  }
  if (call.text("type").value_or("STANDARD") != "STANDARD") {
    return refuse("StateMachineTypeNotSupported", "The sandbox has STANDARD state machines only.");
  }
  machine.created = context.now;
  machine.arn = Arn(machine_arn(call, context, machine.name));
  const auto arn = machine.arn.str();
  // Making the very same one again is no error at AWS.
  const auto [place, made] = context.account().state_machines.try_emplace(arn, machine);
  const StateMachine& kept = place->second;
  if (!made && (kept.definition != machine.definition || kept.role != machine.role)) {
    return refuse("StateMachineAlreadyExists", fmt::format("State Machine Already Exists: '{}'", arn));
  }
  return json::object{{"stateMachineArn", arn}, {"creationDate", json_time(kept.created)}};
}

Output describe_state_machine(const Call& call, const Context& context) {
  TRY(const StateMachine* const machine, wanted_machine(call, context));
  return json::object{{"stateMachineArn", machine->arn.str()},      {"name", machine->name},    {"status", "ACTIVE"},
                      {"definition", machine->definition},          {"roleArn", machine->role}, {"type", "STANDARD"},
                      {"creationDate", json_time(machine->created)}};
}

/// One page of `items` under `member`; `question` tells one list from another.
Output page(const Call& call, std::string_view member, const std::string& question, json::array items) {
  std::size_t first = 0;
  if (const auto token = call.text("nextToken")) {
    const auto from = read_continuation(question, *token);
    if (!from) return refuse("InvalidToken", fmt::format("Invalid Token: '{}'", *token));
    first = std::min(from->position, items.size());
  }
  const std::int64_t asked = call.integer("maxResults").value_or(0);
  if (asked < 0 || asked > 1000) {
    return refuse("ValidationException",
                  "1 validation error detected: Value at 'maxResults' failed to satisfy constraint: Member must be "
                  "between 0 and 1000");
  }
  const std::size_t limit = asked == 0 ? 100 : static_cast<std::size_t>(asked);
  const std::size_t end = std::min(items.size(), first + limit);
  json::array shown(items.begin() + static_cast<std::ptrdiff_t>(first),
                    items.begin() + static_cast<std::ptrdiff_t>(end));
  json::object output{{member, std::move(shown)}};
  if (end < items.size()) output["nextToken"] = continuation_token(question, {.position = end});
  return output;
}

Output list_state_machines(const Call& call, const Context& context) {
  const std::string start = machine_arn(call, context, "");
  json::array items;
  for (const auto& [arn, machine] : context.account().state_machines) {
    if (!arn.starts_with(start)) continue;
    items.push_back(json::object{{"stateMachineArn", arn},
                                 {"name", machine.name},
                                 {"type", "STANDARD"},
                                 {"creationDate", json_time(machine.created)}});
  }
  return page(call, "stateMachines", "ListStateMachines " + start, std::move(items));
}

Output start_execution(const Call& call, const Context& context) {
  TRY(StateMachine* const machine, wanted_machine(call, context));
  Execution execution;
  execution.name = call.text("name") ? std::string(*call.text("name")) : context.world.ids.uuid();
  execution.input = call.text("input").value_or("{}");
  if (!is_name(execution.name)) return refuse("InvalidName", fmt::format("Invalid Name: '{}'", execution.name));
  if (!is_json_object(execution.input)) return refuse("InvalidExecutionInput", "Invalid State Machine Execution Input");
  if (std::ranges::find(machine->executions, execution.name, &Execution::name) != machine->executions.end()) {
    return refuse("ExecutionAlreadyExists", fmt::format("Execution Already Exists: '{}'", execution.name));
  }
  execution.started = context.now;
  execution.arn = Arn(fmt::format("arn:{}:states:{}:{}:execution:{}:{}", context.world.partition, call.region,
                                  context.caller.account, machine->name, execution.name));
  machine->executions.push_back(execution);
  return json::object{{"executionArn", execution.arn.str()}, {"startDate", json_time(execution.started)}};
}

Output list_executions(const Call& call, const Context& context) {
  TRY(const StateMachine* const machine, wanted_machine(call, context));
  const auto status = call.text_or_empty("statusFilter");
  json::array items;
  for (auto each = machine->executions.rbegin(); each != machine->executions.rend(); ++each) {
    if (!status.empty() && each->status != status) continue;
    json::object shown{{"executionArn", each->arn.str()},
                       {"stateMachineArn", machine->arn.str()},
                       {"name", each->name},
                       {"status", each->status},
                       {"startDate", json_time(each->started)}};
    if (each->stopped) shown["stopDate"] = json_time(*each->stopped);
    items.push_back(std::move(shown));
  }
  return page(call, "executions", fmt::format("ListExecutions {} {}", machine->arn, status), std::move(items));
}

}  // namespace

std::span<const Operation> state_machine_operations() {
  static constexpr Operation table[] = {
      {"CreateStateMachine", create_state_machine}, {"DescribeStateMachine", describe_state_machine},
      {"ListExecutions", list_executions},          {"ListStateMachines", list_state_machines},
      {"StartExecution", start_execution},
  };
  return table;
}

}  // namespace rekeyer::sandbox
