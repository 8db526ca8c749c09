// The embedded AWS: a world, its behaviour, its faults, and the one way in. A request goes through the same stations as
// at AWS: parse, fault, rate limit, authenticate, authorize, perform, reply.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "aws/http/message.hpp"
#include "base/random.hpp"
#include "base/time.hpp"
#include "sandbox/access/authorize.hpp"
#include "sandbox/behaviour/aws_behaviour.hpp"
#include "sandbox/behaviour/rate_limits.hpp"
#include "sandbox/faults/faults.hpp"
#include "sandbox/log/call_log.hpp"
#include "sandbox/world/world.hpp"

namespace rekeyer::sandbox {

/// How the sandbox answers one request.
struct Answer {
  enum class Ending {
    reply,     ///< `response`, whole
    cut,       ///< the connection ends without a reply
    truncate,  ///< `response`, of whose body only half is sent
  };
  Ending ending = Ending::reply;
  aws::HttpResponse response;
  Milliseconds wait{0};  ///< before the ending, on top of the network's latency
  int signal = 0;        ///< to be sent to the tested process
  bool performed = false;
};

class Sandbox {
 public:
  explicit Sandbox(std::uint64_t seed = 1) : world(seed), faults(seed + 1), random_(seed + 2) {}

  World world;
  AwsBehaviour behaviour;
  Faults faults;
  RateLimits rate_limits;
  CallLog calls;
  std::vector<ValueRead> value_reads;
  /// Told after each call, performed or not: where a simulation checks its invariants.
  std::function<void(const LoggedCall&)> after_each_call;

  /// Answers at `now`. The state changes at once; waiting and cutting is the server's business.
  Answer answer(const aws::HttpRequest& request, Instant now);

  /// How long the next call is under way, there and back, drawn from the seed.
  Milliseconds draw_latency();

 private:
  Random random_;
  std::uint64_t next_request_id_ = 0;
};

}  // namespace rekeyer::sandbox
