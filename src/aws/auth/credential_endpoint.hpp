// Requests to the credential endpoints beside us (container agent, instance metadata): near, quick, and never by a
// proxy.
#pragma once

#include "aws/http/transport.hpp"
#include "base/clock.hpp"

namespace rekeyer::aws {

struct EndpointLimits {
  Milliseconds timeout = std::chrono::seconds{2};  ///< for one attempt
  int attempts = 3;
  Milliseconds pause = std::chrono::seconds{1};  ///< between two attempts
  bool use_proxy = false;                        ///< off for what is link-local
};

class CredentialEndpoint {
 public:
  CredentialEndpoint(Transport& transport, Clock& clock, EndpointLimits limits)
      : transport_(transport), clock_(clock), limits_(limits) {}
  /// The first answer that is neither 429 nor 5xx, or the last attempt's outcome. Fails as Transport::send does.
  ResultTask<HttpResponse> send(HttpRequest request);

 private:
  Transport& transport_;
  Clock& clock_;
  EndpointLimits limits_;
};

}  // namespace rekeyer::aws
