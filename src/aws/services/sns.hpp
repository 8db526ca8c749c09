// Amazon SNS: publishing to a topic, and looking at one.
#pragma once

#include <map>
#include <string>

#include "aws/call/caller.hpp"
#include "base/task.hpp"

namespace rekeyer::aws {

struct Publication {
  Arn topic;
  std::string subject;                            ///< printable ASCII, at most 99; what is not is replaced or cut
  std::string message;                            ///< at most 256 KiB with the attributes
  std::map<std::string, std::string> attributes;  ///< for subscriptions' filters
  std::string group;                              ///< FIFO topics: MessageGroupId; empty: a standard topic
  std::string deduplication_id;                   ///< FIFO topics
};

class SnsClient {
 public:
  SnsClient(Caller& caller, Principal principal) : caller_(caller), principal_(std::move(principal)) {}
  /// The message id. SNS Publish, in the topic's region. Not idempotent (but on FIFO topics).
  ResultTask<std::string> publish(Publication publication);
  /// The topic's attributes by AWS's names (SubscriptionsConfirmed, KmsMasterKeyId, …). `not_found` where there is no
  /// such topic. SNS GetTopicAttributes, in the topic's region.
  ResultTask<std::map<std::string, std::string>> topic_attributes(Arn topic);

 private:
  Caller& caller_;
  Principal principal_;
};

}  // namespace rekeyer::aws
