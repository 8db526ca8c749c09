// For rehearsals and simulations: a transport into a sandbox in the same process, on any clock. Latency, hangs
// and cuts take the clock's time, so that on a virtual clock they take none.
#pragma once

#include "aws/http/transport.hpp"
#include "base/clock.hpp"
#include "sandbox/sandbox.hpp"

namespace rekeyer::sandbox {

class InProcessTransport final : public aws::Transport {
 public:
  /// `clock` is the sandbox's own time: AWS's now.
  InProcessTransport(Sandbox& sandbox, Clock& clock) : sandbox_(sandbox), clock_(clock) {}

  /// Half of the latency before the call arrives, half after. As the network's transport: fails with `outcome_unknown`
  /// for a cut, a hang, half a body, and a latency beyond the request's timeout (the call has arrived by then);
  /// `bad_reply` for a body beyond the request's limit.
  ResultTask<aws::HttpResponse> send(aws::HttpRequest request) override;

 private:
  Sandbox& sandbox_;
  Clock& clock_;
};

}  // namespace rekeyer::sandbox
