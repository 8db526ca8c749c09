// EventBridge over AWS JSON 1.1.
#include "aws/services/eventbridge.hpp"

#include <fmt/format.h>

#include "aws/services/exchange.hpp"
#include "base/try.hpp"

namespace rekeyer::aws {
namespace {

using Refusals = std::vector<std::optional<std::string>>;

void write_event(JsonWriter& body, const BusEvent& event) {
  body.begin_object();
  if (event.time != Instant{}) {
    body.member("Time", std::chrono::floor<std::chrono::seconds>(event.time).time_since_epoch().count());
  }
  body.member("Source", event.source).member("DetailType", event.detail_type).member("Detail", event.detail);
  if (!event.resources.empty()) {
    body.begin_array("Resources");
    for (const auto& resource : event.resources) body.value(resource);
    body.end();
  }
  if (!event.bus.empty()) body.member("EventBusName", event.bus);
  body.end();
}

/// The reply tells the fate of each event by its place alone, so a list of another length tells nothing.
Result<Refusals> read_refusals(const JsonValue& json, std::size_t sent) {
  TRY(const auto entries, json.array("Entries"));
  if (entries.size() != sent) {
    return fail(ErrorKind::bad_reply,
                fmt::format("{} events were sent, and the reply is about {}", sent, entries.size()));
  }
  Refusals refusals;
  for (const JsonValue& entry : entries) {
    TRY(const auto code, text_or_empty(entry, "ErrorCode"));
    TRY(const auto message, text_or_empty(entry, "ErrorMessage"));
    if (code.empty()) {
      TRY_VOID(required_text(entry, "EventId"));
      refusals.emplace_back();
    } else {
      refusals.emplace_back(fmt::format("{}: {}", code, message));
    }
  }
  return refusals;
}

}  // namespace

ResultTask<std::vector<std::optional<std::string>>> EventBridgeClient::put_events(std::vector<BusEvent> events) {
  JsonWriter body;
  body.begin_object().begin_array("Entries");
  for (const auto& event : events) write_event(body, event);
  body.end().end();
  auto read = [sent = events.size()](const JsonValue& json) { return read_refusals(json, sent); };
  // A bus delivers at least once whatever we do, so its consumers expect an event twice.
  return json_exchange<Refusals>(caller_, principal_,
                                 json_call(services::eventbridge, "PutEvents", std::move(body), Idempotent::yes),
                                 std::move(read));
}

ResultTask<Arn> EventBridgeClient::bus(std::string bus) {
  JsonWriter body;
  body.begin_object();
  if (!bus.empty()) body.member("Name", bus);
  body.end();
  auto read = [](const JsonValue& json) -> Result<Arn> {
    TRY(auto arn, required_text(json, "Arn"));
    return Arn(std::move(arn));
  };
  return json_exchange<Arn>(caller_, principal_, json_call(services::eventbridge, "DescribeEventBus", std::move(body)),
                            std::move(read));
}

}  // namespace rekeyer::aws
