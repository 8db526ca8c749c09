#include "aws/auth/credential_endpoint.hpp"

namespace rekeyer::aws {

ResultTask<HttpResponse> CredentialEndpoint::send(HttpRequest request) {
  request.timeout = limits_.timeout;
  request.headers.set("Host", request.url.host_header());
  request.use_proxy = limits_.use_proxy;
  request.repeatable = limits_.attempts > 1;
  request.body_limit = std::size_t{64} << 10;
  for (int attempt = 1;; ++attempt) {
    auto response = co_await transport_.send(request);
    const bool passing = !response || response->status == 429 || response->status >= 500;
    if (!passing || attempt >= limits_.attempts) co_return response;
    co_await clock_.sleep_for(limits_.pause);
  }
}

}  // namespace rekeyer::aws
