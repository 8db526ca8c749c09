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

/// Whether sending once more can neither help nor harm: what AWS may have taken is not sent twice.
bool may_have_been_taken(ErrorKind kind) {
  return kind == ErrorKind::outcome_unknown || kind == ErrorKind::server_fault || kind == ErrorKind::bad_reply;
}

}  // namespace

aws::BusEvent bus_event(const Event& event, const std::string& bus, std::string_view partition) {
  aws::BusEvent result;
  result.bus = bus;
  result.source = "rekeyer";
  result.detail_type = title(event.stage);
  result.detail = event_json(event);
  // The user's ARN holds his path, which an event does not know: the account is what is known for certain.
  result.resources = {fmt::format("arn:{}:iam::{}:root", partition, event.account)};
  result.time = event.at;
  return result;
}

Task<EventBridgeChannel::Round> EventBridgeChannel::put(std::vector<aws::BusEvent> events) {
  Round round;
  const auto remember = [&round](Error error) {
    if (round.failed.empty()) round.first = std::move(error);
  };
  for (auto& batch : batches(std::move(events))) {
    auto answer = co_await client_.put_events(batch);
    if (answer && answer->size() != batch.size()) {
      answer = fail(ErrorKind::bad_reply, "EventBridge answered for another number of events than it was sent");
    }
    for (std::size_t i = 0; i < batch.size(); ++i) {
      if (answer && !(*answer)[i]) continue;
      remember(answer ? Error{ErrorKind::rejected, *(*answer)[i], {}, "events:PutEvents", {}} : answer.error());
      round.failed.push_back(std::move(batch[i]));
    }
  }
  co_return round;
}

ResultTask<> EventBridgeChannel::publish(std::vector<Event> events) {
  std::vector<aws::BusEvent> entries;
  entries.reserve(events.size());
  for (const auto& event : events) entries.push_back(bus_event(event, target_.bus, target_.partition));
  auto round = co_await put(std::move(entries));
  // A whole call that failed was repeated by the caller already where that can help.
  if (!round.failed.empty() && !may_have_been_taken(round.first.kind)) {
    auto again = co_await put(std::move(round.failed));
    round = std::move(again);
  }
  if (round.failed.empty()) co_return Result<>{};
  co_return fail(in_context(
      round.first, fmt::format("{} of {} events were not put on the bus", round.failed.size(), events.size())));
}

}  // namespace rekeyer::notify
