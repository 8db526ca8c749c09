// Events to an Amazon SNS topic: one message for each kind of notice and account, with attributes that subscriptions
// filter by.
#pragma once

#include <string>
#include <vector>

#include "aws/services/sns.hpp"
#include "notify/model/channel.hpp"

namespace rekeyer::notify {

/// The messages of one publish, in the order of their first events. Pure. None has more than 200 KiB.
std::vector<aws::Publication> publications(const Arn& topic, const std::vector<Event>& events);

class SnsChannel final : public EventChannel {
 public:
  SnsChannel(aws::SnsClient client, std::string name, Arn topic)
      : client_(std::move(client)), name_(std::move(name)), topic_(std::move(topic)) {}
  const std::string& name() const override { return name_; }
  ResultTask<> publish(std::vector<Event> events) override;

 private:
  aws::SnsClient client_;
  std::string name_;
  Arn topic_;
};

}  // namespace rekeyer::notify
