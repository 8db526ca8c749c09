// EventBridge Scheduler: looking at one schedule.
#pragma once

#include <optional>
#include <string>

#include "aws/call/caller.hpp"
#include "base/names.hpp"
#include "base/task.hpp"

namespace rekeyer::aws {

struct Schedule {
  Arn arn;
  bool enabled = false;
  std::string expression;  ///< cron(…), rate(…), at(…)
  std::string time_zone;   ///< empty: UTC
  Arn target;
  std::optional<Instant> ends;  ///< EndDate
};

class SchedulerClient {
 public:
  SchedulerClient(Caller& caller, Principal principal) : caller_(caller), principal_(std::move(principal)) {}
  /// `group` empty: the default one. `not_found` where there is none. Scheduler GetSchedule.
  ResultTask<Schedule> schedule(std::string group, std::string name);

 private:
  Caller& caller_;
  Principal principal_;
};

}  // namespace rekeyer::aws
