// EventBridge: buses, and events that are put on them. Nothing is routed: there are no rules, and every event is kept.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

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

constexpr std::size_t most_entries = 10;
constexpr std::size_t largest_request = 262'144;

std::string arn_start(const Call& call, const Context& context) {
  return fmt::format("arn:{}:events:{}:{}:event-bus/", context.world.partition, call.region, context.caller.account);
}

/// The default bus is everywhere without having been made.
EventBus& default_bus(const Call& call, const Context& context) {
  const std::string arn = arn_start(call, context) + "default";
  const auto [place, made] = context.account().buses.try_emplace(arn);
  if (made) place->second = EventBus{Arn(arn), "default", {}, context.account().joined, {}};
  return place->second;
}

/// By name or ARN; null where there is none.
EventBus* find_bus(const Call& call, const Context& context, std::string_view name) {
  const std::string start = arn_start(call, context);
  if (name.starts_with(start)) name.remove_prefix(start.size());
  if (name.empty() || name == "default") return &default_bus(call, context);
  auto& buses = context.account().buses;
  const auto found = buses.find(start + std::string(name));
  return found == buses.end() ? nullptr : &found->second;
}

ServiceResult<EventBus*> wanted_bus(const Call& call, const Context& context) {
  EventBus* const bus = find_bus(call, context, call.text_or_empty("Name"));
  if (bus == nullptr) {
    return refuse("ResourceNotFoundException", fmt::format("Event bus {} does not exist.", call.text_or_empty("Name")));
  }
  return bus;
}

json::object describe_bus(const EventBus& bus) {
  json::object shown{{"Name", bus.name},
                     {"Arn", bus.arn.str()},
                     {"CreationTime", json_time(bus.created)},
                     {"LastModifiedTime", json_time(bus.created)}};
  if (!bus.description.empty()) shown["Description"] = bus.description;
  return shown;
}

Output create_event_bus(const Call& call, const Context& context) {
  const std::string name(call.text_or_empty("Name"));
  const auto fits = [](char c) { return is_alnum(c) || std::string_view("._-").contains(c); };
  if (name.empty() || name.size() > 256 || !std::ranges::all_of(name, fits)) {
    return refuse("ValidationException",
                  fmt::format("1 validation error detected: Value '{}' at 'name' failed to satisfy constraint: Member "
                              "must satisfy regular expression pattern: [/\\.\\-_A-Za-z0-9]+",
                              name));
  }
  if (find_bus(call, context, name) != nullptr) {
    return refuse("ResourceAlreadyExistsException", fmt::format("Event bus {} already exists.", name));
  }
  EventBus bus{
      Arn(arn_start(call, context) + name), name, std::string(call.text_or_empty("Description")), context.now, {}};
  json::object output{{"EventBusArn", bus.arn.str()}};
  if (!bus.description.empty()) output["Description"] = bus.description;
  auto arn = bus.arn.str();
  context.account().buses.emplace(std::move(arn), std::move(bus));
  return output;
}

Output describe_event_bus(const Call& call, const Context& context) {
  TRY(const EventBus* const bus, wanted_bus(call, context));
  return describe_bus(*bus);
}

/// One that is not there is deleted already.
Output delete_event_bus(const Call& call, const Context& context) {
  const EventBus* const bus = find_bus(call, context, call.text_or_empty("Name"));
  if (bus == nullptr) return json::object{};
  if (bus->name == "default") return refuse("ValidationException", "Cannot delete event bus default.");
  const std::string arn = bus->arn.str();
  context.account().buses.erase(arn);
  return json::object{};
}

Output list_event_buses(const Call& call, const Context& context) {
  default_bus(call, context);
  const std::string start = arn_start(call, context) + std::string(call.text_or_empty("NamePrefix"));
  std::vector<const EventBus*> found;
  for (const auto& [arn, bus] : context.account().buses) {
    if (arn.starts_with(start)) found.push_back(&bus);
  }
  const std::string question = "ListEventBuses " + start;
  std::size_t first = 0;
  if (const auto token = call.text("NextToken")) {
    const auto from = read_continuation(question, *token);
    if (!from) return refuse("ValidationException", "Parameter NextToken is not valid.");
    first = std::min(from->position, found.size());
  }
  const std::int64_t limit = call.integer("Limit").value_or(100);
  if (limit < 1 || limit > 100) return refuse("ValidationException", "Parameter Limit must be 1 to 100.");
  const std::size_t end = std::min(found.size(), first + static_cast<std::size_t>(limit));
  json::array shown;
  for (std::size_t i = first; i < end; ++i) shown.push_back(describe_bus(*found[i]));
  json::object output{{"EventBuses", std::move(shown)}};
  if (end < found.size()) output["NextToken"] = continuation_token(question, {.position = end});
  return output;
}

std::unexpected<ServiceError> invalid_argument(std::string_view what) {
  return refuse("InvalidArgument",
                fmt::format("Parameter {0} is not valid. Reason: {0} is a required argument.", what));
}

ServiceResult<Instant> event_time(const json::object& entry, Instant now) {
  const json::value* time = entry.if_contains("Time");
  if (time == nullptr || time->is_null()) return now;
  if (time->is_number()) return from_epoch_seconds(time->to_number<double>());
  const auto read = parse_iso8601(member_text(entry, "Time"));
  if (!read) return refuse("InvalidArgument", "Parameter Time is not valid.");
  return *read;
}

/// Each event stands for itself: what is wrong with one is told in its place, and the others are put.
ServiceResult<std::string> put_event(const Call& call, const Context& context, const json::object& entry) {
  KeptEvent event;
  event.source = member_text(entry, "Source");
  event.detail_type = member_text(entry, "DetailType");
  event.detail = member_text(entry, "Detail");
  if (event.source.empty()) return invalid_argument("Source");
  if (event.detail_type.empty()) return invalid_argument("DetailType");
  if (event.detail.empty()) return invalid_argument("Detail");
  if (folded(event.source).starts_with("aws.")) {
    return refuse("NotAuthorizedForSourceException", "Not authorized for the source.");
  }
  boost::system::error_code problem;
  const json::value detail = json::parse(event.detail, problem);
  if (problem || !detail.is_object()) return refuse("MalformedDetail", "Detail is malformed.");
  if (const auto* resources = entry.if_contains("Resources"); resources != nullptr && resources->is_array()) {
    for (const auto& each : resources->get_array()) {
      if (each.is_string()) event.resources.emplace_back(each.get_string());
    }
  }
  TRY(event.time, event_time(entry, context.now));
  const auto name = member_text(entry, "EventBusName");
  EventBus* const bus = find_bus(call, context, name);
  if (bus == nullptr) return refuse("ResourceNotFoundException", fmt::format("Event bus {} does not exist.", name));
  event.id = context.world.ids.uuid();
  event.at = context.now;
  bus->events.push_back(std::move(event));
  return bus->events.back().id;
}

std::size_t size_of(const json::object& entry) {
  std::size_t size = entry.contains("Time") ? 14 : 0;
  for (const std::string_view member : {"Source", "DetailType", "Detail"}) size += member_text(entry, member).size();
  return size;
}

Output put_events(const Call& call, const Context& context) {
  const json::array* entries = call.list("Entries");
  if (entries == nullptr || entries->empty() || entries->size() > most_entries) {
    return refuse("ValidationException",
                  "1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have "
                  "length between 1 and 10");
  }
  std::size_t size = 0;
  for (const auto& entry : *entries) size += entry.is_object() ? size_of(entry.get_object()) : 0;
  if (size > largest_request) {
    return refuse("ValidationException", "Total size of the entries in the request is over the limit.");
  }
  json::array fates;
  int failed = 0;
  for (const auto& entry : *entries) {
    auto id = put_event(call, context, entry.is_object() ? entry.get_object() : json::object());
    if (id) {
      fates.push_back(json::object{{"EventId", *id}});
    } else {
      ++failed;
      fates.push_back(json::object{{"ErrorCode", id.error().code}, {"ErrorMessage", id.error().message}});
    }
  }
  return json::object{{"FailedEntryCount", failed}, {"Entries", std::move(fates)}};
}

}  // namespace

std::span<const Operation> event_operations() {
  static constexpr Operation table[] = {
      {"CreateEventBus", create_event_bus},
      {"DescribeEventBus", describe_event_bus},
      {"DeleteEventBus", delete_event_bus},
      {"ListEventBuses", list_event_buses},
      {"PutEvents", put_events},
  };
  return table;
}

}  // namespace rekeyer::sandbox
