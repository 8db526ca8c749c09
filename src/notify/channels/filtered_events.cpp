#include "notify/channels/filtered_events.hpp"

#include <algorithm>

namespace rekeyer::notify {

ResultTask<> FilteredEvents::publish(std::vector<Event> events) {
  if (!kinds_.empty()) {
    std::erase_if(events, [this](const Event& event) { return std::ranges::find(kinds_, event.kind) == kinds_.end(); });
  }
  if (events.empty()) co_return Result<>{};
  auto published = co_await channel_->publish(std::move(events));
  co_return published;
}

}  // namespace rekeyer::notify
