// Scheduler over rest-json.
#include "aws/services/scheduler.hpp"

#include "aws/services/exchange.hpp"
#include "base/text.hpp"
#include "base/try.hpp"

namespace rekeyer::aws {
namespace {

constexpr Service scheduler_service{"scheduler",  "SCHEDULER", "scheduler",        "scheduler",
                                    "2021-06-30", "",          Protocol::rest_json};

Result<Schedule> read_schedule(const JsonValue& json) {
  Schedule schedule;
  TRY(auto arn, required_text(json, "Arn"));
  schedule.arn = Arn(std::move(arn));
  TRY(const auto state, required_text(json, "State"));
  schedule.enabled = state == "ENABLED";
  TRY(schedule.expression, required_text(json, "ScheduleExpression"));
  TRY(schedule.time_zone, text_or_empty(json, "ScheduleExpressionTimezone"));
  TRY(const auto target, json.object("Target"));
  TRY(auto target_arn, required_text(target, "Arn"));
  schedule.target = Arn(std::move(target_arn));
  TRY(schedule.ends, json.optional_time("EndDate"));
  return schedule;
}

}  // namespace

ResultTask<Schedule> SchedulerClient::schedule(std::string group, std::string name) {
  if (name.empty()) co_return fail(ErrorKind::usage, "a schedule without a name was asked for");
  RequestTarget target{"GET", "/schedules/" + percent_encode(name)};
  if (!group.empty()) target.query = "groupName=" + percent_encode(group);
  Call call = rest_json_call(scheduler_service, "GetSchedule", std::move(target), {});
  auto schedule = co_await json_exchange<Schedule>(caller_, principal_, std::move(call), read_schedule);
  co_return schedule;
}

}  // namespace rekeyer::aws
