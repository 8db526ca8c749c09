// The setting `events` of a channel, in the one place where it is applied.
#pragma once

#include <memory>
#include <vector>

#include "notify/model/channel.hpp"

namespace rekeyer::notify {

/// Passes on only events of these kinds, and calls the channel only where any is left.
class FilteredEvents final : public EventChannel {
 public:
  FilteredEvents(std::unique_ptr<EventChannel> channel, std::vector<policy::NoticeKind> kinds)
      : channel_(std::move(channel)), kinds_(std::move(kinds)) {}
  const std::string& name() const override { return channel_->name(); }
  ResultTask<> publish(std::vector<Event> events) override;

 private:
  std::unique_ptr<EventChannel> channel_;
  std::vector<policy::NoticeKind> kinds_;  ///< empty: all
};

}  // namespace rekeyer::notify
