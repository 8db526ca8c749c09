// Schedules and state machines of one account: what is to be started, and what was. Nothing runs. Plain data.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/names.hpp"
#include "base/time.hpp"

namespace rekeyer::sandbox {

struct Schedule {
  Arn arn;
  std::string group = "default";
  std::string name;
  std::string expression;  ///< rate(…), cron(…), at(…)
  std::string time_zone = "UTC";
  bool enabled = true;
  std::string target;  ///< ARN
  std::string role;    ///< ARN
  std::string input;   ///< empty: none
  Instant created{};
};

struct Execution {
  Arn arn;
  std::string name;
  std::string status = "RUNNING";  ///< as Step Functions spells it; a started one stays so
  std::string input = "{}";
  Instant started{};
  std::optional<Instant> stopped;
};

struct StateMachine {
  Arn arn;
  std::string name;
  std::string definition = "{}";  ///< JSON text
  std::string role;               ///< ARN
  Instant created{};
  std::vector<Execution> executions;  ///< in order of their start
};

}  // namespace rekeyer::sandbox
