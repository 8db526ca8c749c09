// EventBridge Scheduler: schedules are kept and shown; none ever fires.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>

#include "base/text.hpp"
#include "base/try.hpp"
#include "sandbox/services/continuation.hpp"
#include "sandbox/services/service.hpp"
#include "sandbox/wire/member_text.hpp"
#include "sandbox/wire/reply.hpp"
#include "sandbox/world/characters.hpp"

namespace rekeyer::sandbox {
namespace {

namespace json = boost::json;

std::unexpected<ServiceError> invalid_schedule(std::string_view member, std::string_view rule) {
  return refuse(
      "ValidationException",
      fmt::format("1 validation error detected: Value at '{}' failed to satisfy constraint: {}", member, rule));
}

std::string group_of(const Call& call) {
  const auto group = call.text_or_empty("GroupName");
  return std::string(group.empty() ? "default" : group);
}

std::string schedule_arn_start(const Call& call, const Context& context) {
  return fmt::format("arn:{}:scheduler:{}:{}:schedule/", context.world.partition, call.region, context.caller.account);
}

bool is_schedule_name(std::string_view name) {
  const auto fits = [](char c) { return is_alnum(c) || std::string_view("._-").contains(c); };
  return !name.empty() && name.size() <= 64 && std::ranges::all_of(name, fits);
}

bool is_expression(std::string_view text) {
  return text.ends_with(')') && (text.starts_with("rate(") || text.starts_with("cron(") || text.starts_with("at("));
}

/// The object that is a member of the input; null where there is none.
const json::object* part(const Call& call, std::string_view member) {
  const json::value* const value = call.input.if_contains(member);
  return value == nullptr ? nullptr : value->if_object();
}

json::object described_target(const Schedule& schedule) {
  json::object target{{"Arn", schedule.target}, {"RoleArn", schedule.role}};
  if (!schedule.input.empty()) target["Input"] = schedule.input;
  return target;
}

ServiceResult<void> read_target(Schedule& schedule, const Call& call) {
  const json::object* const target = part(call, "Target");
  if (target == nullptr) return invalid_schedule("target", "Member must not be null");
  schedule.target = member_text(*target, "Arn");
  schedule.role = member_text(*target, "RoleArn");
  schedule.input = member_text(*target, "Input");
  if (!schedule.target.starts_with("arn:")) return invalid_schedule("target.arn", "Member must be an ARN");
  if (!schedule.role.starts_with("arn:")) return invalid_schedule("target.roleArn", "Member must be an ARN");
  return {};
}

Output create_schedule(const Call& call, const Context& context) {
  Schedule schedule;
  schedule.name = call.text_or_empty("Name");
  schedule.group = group_of(call);
  if (!is_schedule_name(schedule.name)) return invalid_schedule("name", "[0-9a-zA-Z-_.]+");
  if (schedule.group != "default") {
    return refuse("ResourceNotFoundException", fmt::format("Schedule group {} does not exist.", schedule.group), 404);
  }
  schedule.expression = call.text_or_empty("ScheduleExpression");
  if (!is_expression(schedule.expression)) {
    return refuse("ValidationException", fmt::format("Invalid Schedule Expression {}.", schedule.expression));
  }
  schedule.time_zone = call.text("ScheduleExpressionTimezone").value_or("UTC");
  const json::object* const window = part(call, "FlexibleTimeWindow");
  if (window == nullptr || member_text(*window, "Mode") != "OFF") {
    return invalid_schedule("flexibleTimeWindow.mode", "The sandbox has OFF only");
  }
  const auto state = call.text("State").value_or("ENABLED");
  if (state != "ENABLED" && state != "DISABLED") return invalid_schedule("state", "Member must be ENABLED or DISABLED");
  schedule.enabled = state == "ENABLED";
  TRY_VOID(read_target(schedule, call));
  schedule.created = context.now;
  schedule.arn = Arn(fmt::format("{}{}/{}", schedule_arn_start(call, context), schedule.group, schedule.name));
  auto arn = schedule.arn.str();
  const auto [place, made] = context.account().schedules.try_emplace(arn, std::move(schedule));
  if (!made) {
    return refuse("ConflictException", fmt::format("Schedule {} already exists.", place->second.name), 409);
  }
  return json::object{{"ScheduleArn", arn}};
}

Output get_schedule(const Call& call, const Context& context) {
  const auto name = call.text_or_empty("Name");
  const auto& schedules = context.account().schedules;
  const auto found = schedules.find(fmt::format("{}{}/{}", schedule_arn_start(call, context), group_of(call), name));
  if (found == schedules.end()) {
    return refuse("ResourceNotFoundException", fmt::format("Schedule {} does not exist.", name), 404);
  }
  const Schedule& schedule = found->second;
  return json::object{{"Arn", schedule.arn.str()},
                      {"Name", schedule.name},
                      {"GroupName", schedule.group},
                      {"State", schedule.enabled ? "ENABLED" : "DISABLED"},
                      {"ScheduleExpression", schedule.expression},
                      {"ScheduleExpressionTimezone", schedule.time_zone},
                      {"FlexibleTimeWindow", json::object{{"Mode", "OFF"}}},
                      {"ActionAfterCompletion", "NONE"},
                      {"CreationDate", json_time(schedule.created)},
                      {"LastModificationDate", json_time(schedule.created)},
                      {"Target", described_target(schedule)}};
}

json::object summary(const Schedule& schedule) {
  return {{"Arn", schedule.arn.str()},
          {"Name", schedule.name},
          {"GroupName", schedule.group},
          {"State", schedule.enabled ? "ENABLED" : "DISABLED"},
          {"CreationDate", json_time(schedule.created)},
          {"LastModificationDate", json_time(schedule.created)},
          {"Target", json::object{{"Arn", schedule.target}}}};
}

Output list_schedules(const Call& call, const Context& context) {
  const std::string start = schedule_arn_start(call, context);
  const auto group = call.text_or_empty("ScheduleGroup");
  const auto prefix = call.text_or_empty("NamePrefix");
  const auto state = call.text_or_empty("State");
  std::vector<const Schedule*> found;
  for (const auto& [arn, schedule] : context.account().schedules) {
    const bool fits = arn.starts_with(start) && (group.empty() || schedule.group == group) &&
                      schedule.name.starts_with(prefix) && (state.empty() || (state == "ENABLED") == schedule.enabled);
    if (fits) found.push_back(&schedule);
  }
  const auto question = fmt::format("ListSchedules {}{} {} {}", start, group, prefix, state);
  std::size_t first = 0;
  if (const auto token = call.text("NextToken")) {
    const auto from = read_continuation(question, *token);
    if (!from) return refuse("ValidationException", "Invalid NextToken.");
    first = std::min(from->position, found.size());
  }
  const std::int64_t limit = call.integer("MaxResults").value_or(100);
  if (limit < 1 || limit > 100) return invalid_schedule("maxResults", "Member must be between 1 and 100");
  const std::size_t end = std::min(found.size(), first + static_cast<std::size_t>(limit));
  json::array shown;
  for (std::size_t i = first; i < end; ++i) shown.push_back(summary(*found[i]));
  json::object output{{"Schedules", std::move(shown)}};
  if (end < found.size()) output["NextToken"] = continuation_token(question, {.position = end});
  return output;
}

}  // namespace

std::span<const Operation> schedule_operations() {
  static constexpr Operation table[] = {
      {"CreateSchedule", create_schedule},
      {"GetSchedule", get_schedule},
      {"ListSchedules", list_schedules},
  };
  return table;
}

}  // namespace rekeyer::sandbox
