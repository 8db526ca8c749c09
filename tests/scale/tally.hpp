// What an execution is billed for and how long its states took, as Step Functions counts: every state entered is a
// transition, every retry another one, and a child of a STANDARD map counts its own.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "base/time.hpp"

namespace rekeyer::scale {

/// One state, whichever execution entered it.
struct StateTally {
  std::uint64_t entered = 0;
  std::uint64_t retries = 0;
  std::uint64_t caught = 0;  ///< how often Catch took an error
  std::map<std::string, std::uint64_t> errors;
  Instant first_entered{};
  Instant last_left{};
  Milliseconds longest{0};

  Milliseconds span() const { return last_left - first_entered; }
};

/// One run of a map.
struct MapTally {
  std::size_t items = 0;
  std::size_t succeeded = 0;
  std::size_t failed = 0;
  std::size_t most_running = 0;
  Milliseconds longest_child{0};
  Milliseconds all_children{0};  ///< summed up
};

struct ExecutionTally {
  std::uint64_t child_executions = 0;
  std::uint64_t reads = 0;   ///< S3 GET by item readers
  std::uint64_t writes = 0;  ///< S3 PUT by result writers
  std::map<std::string, StateTally> states;
  std::map<std::string, MapTally> maps;

  /// Entered states and retries; and each child's start, which the price list's examples count too.
  std::uint64_t transitions() const {
    std::uint64_t sum = child_executions;
    for (const auto& [name, state] : states) sum += state.entered + state.retries;
    return sum;
  }
};

}  // namespace rekeyer::scale
