// EventBridge of one account: buses, and the events that were put on them, which stay readable. Plain data.
#pragma once

#include <string>
#include <vector>

#include "base/names.hpp"
#include "base/time.hpp"

namespace rekeyer::sandbox {

struct KeptEvent {
  std::string id;
  Instant at{};    ///< when it was put
  Instant time{};  ///< as it says itself
  std::string source;
  std::string detail_type;
  std::string detail;  ///< JSON text
  std::vector<std::string> resources;
};

struct EventBus {
  Arn arn;
  std::string name;
  std::string description;
  Instant created{};
  std::vector<KeptEvent> events;
};

}  // namespace rekeyer::sandbox
