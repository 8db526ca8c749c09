// Events to an Amazon EventBridge bus, each as an event of its own that rules match by detail-type.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "aws/services/eventbridge.hpp"
#include "notify/model/channel.hpp"

namespace rekeyer::notify {

/// `partition` is that of the account's ARN: "aws", "aws-cn". Pure.
aws::BusEvent bus_event(const Event& event, const std::string& bus, std::string_view partition);

class EventBridgeChannel final : public EventChannel {
 public:
  struct Target {
    std::string name;  ///< of the channel
    std::string bus;   ///< name or ARN; empty: the default bus
    std::string partition = "aws";
  };
  EventBridgeChannel(aws::EventBridgeClient client, Target target)
      : client_(std::move(client)), target_(std::move(target)) {}
  const std::string& name() const override { return target_.name; }
  /// Events that AWS refuses one by one are sent once more; an error then says how many of how many failed. A call that
  /// failed as a whole is not: it was repeated already where that is safe.
  ResultTask<> publish(std::vector<Event> events) override;

 private:
  struct Round {
    std::vector<aws::BusEvent> refused;  ///< by an answer that took the others
    std::size_t lost = 0;                ///< of calls that failed as a whole
    std::optional<Error> first;
  };
  Task<Round> put(std::vector<aws::BusEvent> events);

  aws::EventBridgeClient client_;
  Target target_;
};

}  // namespace rekeyer::notify
