// The daily run on AWS: its schedule, its state machine, what the last runs came to.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "aws/services/scheduler.hpp"
#include "aws/services/step_functions.hpp"
#include "doctor/check.hpp"
#include "engine/context.hpp"

namespace rekeyer::doctor {

/// What is to be looked at; empty: not named.
struct Deployment {
  std::string schedule;       ///< NAME or GROUP/NAME
  std::string state_machine;  ///< ARN
  std::string runs;           ///< s3://bucket/prefix

  bool named() const { return !schedule.empty() || !state_machine.empty() || !runs.empty(); }
};

struct DeploymentFacts {
  Deployment deployment;
  Instant now{};
  std::optional<Result<aws::Schedule>> schedule;
  std::optional<Result<aws::StateMachine>> machine;
  std::optional<Result<std::vector<aws::Execution>>> executions;  ///< latest first
  std::optional<Result<std::string>> latest;                      ///< latest.json of the runs folder
};

Checks judge(const DeploymentFacts& facts);

/// "s3://bucket/prefix" → bucket, and the prefix with a slash at its end (or empty). Fails with `usage`.
Result<std::pair<std::string, std::string>> parse_runs(std::string_view where);

/// Scheduler GetSchedule; Step Functions DescribeStateMachine, ListExecutions; S3 GetObject.
Task<DeploymentFacts> ask_deployment(const engine::Context& context, Deployment deployment);

}  // namespace rekeyer::doctor
