#include "notify/channels/eventbridge_channel.hpp"

#include <fmt/format.h>

#include <utility>

#include "notify/channels/event_json.hpp"

namespace rekeyer::notify {
namespace {

constexpr std::size_t most_entries = 10;
/// AWS takes 256 KiB of source, detail-type, detail, resources and time.
constexpr std::size_t largest_batch = std::size_t{250} * 1024;
constexpr std::size_t time_size = 14;

std::size_t size_of(const aws::BusEvent& event) {
  std::size_t size = time_size + event.source.size() + event.detail_type.size() + event.detail.size();
  for (const auto& resource : event.resources) size += resource.size();
  return size;
}

std::vector<std::vector<aws::BusEvent>> batches(std::vector<aws::BusEvent> events) {
  std::vector<std::vector<aws::BusEvent>> result;
  std::size_t size = 0;
  for (auto& event : events) {
    const auto own = size_of(event);
    if (result.empty() || result.back().size() == most_entries || size + own > largest_batch) {
      result.emplace_back();
      size = 0;
    }
    size += own;
    result.back().push_back(std::move(event));
  }
  return result;
}

}  // namespace

aws::BusEvent bus_event(const Event& event, const std::string& bus, std::string_view partition) {
  aws::BusEvent result;
  result.bus = bus;
  result.source = "rekeyer";
  result.detail_type = title(event.kind);
  result.detail = event_json(event);
  // The user's ARN holds his path, which an event does not know: the account is what is known for certain.
  result.resources = {fmt::format("arn:{}:iam::{}:root", partition, event.account)};
  result.time = event.at;
  return result;
}

Task<EventBridgeChannel::Round> EventBridgeChannel::put(std::vector<aws::BusEvent> events) {
  Round round;
  for (auto& batch : batches(std::move(events))) {
    auto answer = co_await client_.put_events(batch);
    if (answer && answer->size() != batch.size()) {
      answer = fail(ErrorKind::bad_reply, "EventBridge answered for another number of events than it was sent");
    }
    if (!answer) {
      round.lost += batch.size();
      if (!round.first) round.first = answer.error();
      continue;
    }
    for (std::size_t i = 0; i < batch.size(); ++i) {
      const auto& refusal = (*answer)[i];
      if (!refusal) continue;
      if (!round.first) round.first = Error{ErrorKind::rejected, *refusal, {}, "events:PutEvents", {}};
      round.refused.push_back(std::move(batch[i]));
    }
  }
  co_return round;
}

ResultTask<> EventBridgeChannel::publish(std::vector<Event> events) {
  std::vector<aws::BusEvent> entries;
  entries.reserve(events.size());
  for (const auto& event : events) entries.push_back(bus_event(event, target_.bus, target_.partition));
  auto round = co_await put(std::move(entries));
  const auto again = co_await put(std::move(round.refused));
  const auto failed = round.lost + again.lost + again.refused.size();
  if (failed == 0) co_return Result<>{};
  const auto& why = round.lost > 0 ? *round.first : *again.first;
  co_return fail(in_context(why, fmt::format("{} of {} events were not put on the bus", failed, events.size())));
}

}  // namespace rekeyer::notify
