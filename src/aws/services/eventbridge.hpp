// Amazon EventBridge: putting events on a bus, and looking at one.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "aws/call/caller.hpp"
#include "base/task.hpp"

namespace rekeyer::aws {

struct BusEvent {
  std::string bus;  ///< name or ARN; empty: the default bus
  std::string source;
  std::string detail_type;
  std::string detail;  ///< a JSON object
  std::vector<std::string> resources;
  Instant time{};
};

class EventBridgeClient {
 public:
  EventBridgeClient(Caller& caller, Principal principal) : caller_(caller), principal_(std::move(principal)) {}
  /// At most 10 and 256 KiB a call (the caller cuts batches). For each event nothing, or AWS's "code: message" where
  /// that one was refused: PutEvents answers 200 all the same. EventBridge PutEvents.
  ResultTask<std::vector<std::optional<std::string>>> put_events(std::vector<BusEvent> events);
  /// The bus's ARN. `bus`: name or ARN; empty: the default bus. `not_found` where there is none. EventBridge
  /// DescribeEventBus.
  ResultTask<Arn> bus(std::string bus);

 private:
  Caller& caller_;
  Principal principal_;
};

}  // namespace rekeyer::aws
