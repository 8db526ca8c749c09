// The only way to the network. The Beast transport goes through it in production, the sandbox in rehearsals and
// simulations.
#pragma once

#include "aws/http/message.hpp"
#include "base/task.hpp"

namespace rekeyer::aws {

class Transport {
 public:
  virtual ~Transport() = default;
  /// One exchange; any HTTP status is a success. Fails with
  /// - `not_sent`: no byte of the request can have been acted on (name, connect, TLS, proxy failed, or the pool was
  /// full);
  /// - `outcome_unknown`: the request may have arrived, no whole reply did (cut, timeout);
  /// - `bad_reply`: the reply is not HTTP or exceeds the body limit; the request was acted on or not, nobody knows.
  virtual ResultTask<HttpResponse> send(HttpRequest request) = 0;
};

}  // namespace rekeyer::aws
