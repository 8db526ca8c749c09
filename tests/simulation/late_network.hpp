// A network that delivers some requests minutes late, after their sender has given up: what the leases of the protocol
// are for (docs/design/0004-protocol.md).
#pragma once

#include <chrono>

#include "aws/http/transport.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"

namespace rekeyer::simulation {

/// Later than a signature is good for, so that AWS's refusal is met as well.
inline constexpr std::chrono::minutes longest_delay{8};

class LateNetwork final : public aws::Transport {
 public:
  /// `chance` of a request to be late. All references outlive what is still under way.
  LateNetwork(aws::Transport& network, Clock& clock, std::uint64_t seed, double chance)
      : network_(network), clock_(clock), random_(seed), chance_(chance) {}
  ResultTask<aws::HttpResponse> send(aws::HttpRequest request) override;

 private:
  Task<void> deliver(aws::HttpRequest request, Milliseconds delay);

  aws::Transport& network_;
  Clock& clock_;
  Random random_;
  double chance_;
};

}  // namespace rekeyer::simulation
