// The transport of production: HTTP/1.1 over TCP and TLS with kept connections, proxies and time limits.
#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>

#include "aws/http/proxy.hpp"
#include "aws/http/tls_trust.hpp"
#include "aws/http/transport.hpp"
#include "base/clock.hpp"

namespace rekeyer::aws {

struct TransportSettings {
  TlsSettings tls;
  ProxySettings proxies;
  /// Exchanges at a time with one host; further ones wait for their turn within their time limit.
  std::size_t max_connections_per_host = 64;
  /// Idle connections in all.
  std::size_t max_idle = 128;
  /// Shorter than load balancers' usual 60 s and servers' usual 24 s, so that we close first.
  Milliseconds idle_time{20'000};
};

/// AWS_CA_BUNDLE, SSL_CERT_FILE, LAMBDA_TASK_ROOT and the proxy variables. Fails with `usage` where a proxy's URL is
/// wrong.
Result<TransportSettings> transport_settings_from_environment(const ProxySettings::Environment& environment);

/// Sends on one io_context, which must outlive it, as it must outlive its sends.
/// A request that is not `repeatable` always gets a fresh connection: on a kept one, a server that closes it just then
/// would leave the outcome unknown. A repeatable one is sent once more where a kept connection breaks before the first
/// byte of a reply; apart from that nothing is sent twice.
class BeastTransport final : public Transport {
 public:
  /// `clock` only ages idle connections; time limits are the machine's own.
  BeastTransport(boost::asio::io_context& context, Clock& clock, TransportSettings settings);
  ~BeastTransport() override;

  ResultTask<HttpResponse> send(HttpRequest request) override;
  /// How many connections wait for their next use; for tests and logs.
  std::size_t idle_connections() const;

 private:
  class Sender;
  std::unique_ptr<Sender> sender_;
};

}  // namespace rekeyer::aws
