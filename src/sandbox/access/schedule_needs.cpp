// Scheduler and Step Functions: the schedule in its group, the state machine.
#include <fmt/format.h>

#include "sandbox/access/needs.hpp"

namespace rekeyer::sandbox {

std::vector<Need> schedule_needs(World& world, const Call& call, const Principal& principal) {
  auto action = fmt::format("scheduler:{}", call.operation);
  const auto name = call.text_or_empty("Name");
  if (name.empty()) return {{std::move(action), "*"}};
  const auto group = call.text_or_empty("GroupName");
  return {{std::move(action), fmt::format("arn:{}:scheduler:{}:{}:schedule/{}/{}", world.partition, call.region,
                                          principal.account, group.empty() ? "default" : group, name)}};
}

std::vector<Need> state_machine_needs(World& world, const Call& call, const Principal& principal) {
  auto action = fmt::format("states:{}", call.operation);
  if (const auto arn = call.text_or_empty("stateMachineArn"); !arn.empty()) {
    return {{std::move(action), std::string(arn)}};
  }
  const auto name = call.text_or_empty("name");
  if (name.empty()) return {{std::move(action), "*"}};
  return {{std::move(action),
           fmt::format("arn:{}:states:{}:{}:stateMachine:{}", world.partition, call.region, principal.account, name)}};
}

}  // namespace rekeyer::sandbox
