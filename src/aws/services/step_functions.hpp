// AWS Step Functions: looking at a state machine and what its executions came to.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "aws/call/caller.hpp"
#include "base/names.hpp"
#include "base/task.hpp"

namespace rekeyer::aws {

struct StateMachine {
  std::string name;
  std::string status;  ///< ACTIVE, DELETING
};

struct Execution {
  std::string name;
  std::string status;  ///< RUNNING, SUCCEEDED, FAILED, TIMED_OUT, ABORTED, PENDING_REDRIVE
  Instant started{};
  std::optional<Instant> stopped;
};

/// Both calls go to the region that the state machine's ARN names.
class StepFunctionsClient {
 public:
  StepFunctionsClient(Caller& caller, Principal principal) : caller_(caller), principal_(std::move(principal)) {}
  /// `not_found` where there is none. Step Functions DescribeStateMachine.
  ResultTask<StateMachine> state_machine(Arn machine);
  /// The latest `count` (1–1000), latest first. Step Functions ListExecutions, one page.
  ResultTask<std::vector<Execution>> latest_executions(Arn machine, int count);

 private:
  Caller& caller_;
  Principal principal_;
};

}  // namespace rekeyer::aws
