#include "notify/channels/filtered_events.hpp"

#include <algorithm>

namespace rekeyer::notify {

ResultTask<> FilteredEvents::publish(std::vector<Event> events) {
  if (!stages_.empty()) {
    std::erase_if(events,
                  [this](const Event& event) { return std::ranges::find(stages_, event.stage) == stages_.end(); });
  }
  if (events.empty()) co_return Result<>{};
  auto published = co_await channel_->publish(std::move(events));
  co_return published;
}

}  // namespace rekeyer::notify
