// One connection to a server or proxy: opening it (name, TCP, proxy, TLS) and exchanging messages over it.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>
#include <string>

#include "aws/http/message.hpp"
#include "aws/http/name_resolver.hpp"
#include "aws/http/proxy.hpp"
#include "aws/http/tls_trust.hpp"
#include "base/task.hpp"

namespace rekeyer::aws {

/// Where a connection leads. The proxy (nullptr: none) belongs to the transport's settings and outlives it.
struct Route {
  std::string scheme;
  std::string host;
  std::uint16_t port = 0;
  const ProxyServer* proxy = nullptr;

  bool tls() const { return scheme == "https"; }
  /// "host:port", IPv6 in brackets.
  std::string authority() const;
  /// For messages: "host:port" or "host:port through the proxy p:3128".
  std::string describe() const;
  /// Connections of one key are interchangeable.
  std::string key() const;
};

/// When an exchange must be over, and how long that was, for the message.
struct TimeLimit {
  Deadline deadline;
  Milliseconds total;
};

/// "30 s", "1.5 s".
std::string describe(const TimeLimit& limit);

class Connection {
 public:
  virtual ~Connection() = default;

  /// One request (that is not unsendable()) and its reply. Fails as Transport::send does, but never with `not_sent`
  /// once a byte was written.
  virtual ResultTask<HttpResponse> exchange(std::shared_ptr<const HttpRequest> request, TimeLimit limit) = 0;
  /// Whether the other side has closed it, or sent what nobody asked for, since the last exchange. Does not wait.
  virtual bool stale() = 0;
  /// Whether another exchange may follow: the last one ended cleanly and nobody wants to close.
  virtual bool reusable() const = 0;
  /// Whether the last exchange failed because the connection broke before the first byte of a reply.
  virtual bool broke_before_reply() const = 0;
};

/// Opens connections.
class Dialler {
 public:
  /// One address gets this long where there are others to try.
  static constexpr Milliseconds time_per_address{5'000};

  Dialler(boost::asio::any_io_executor executor, TlsSettings tls);
  /// Name, TCP to the first address that answers, tunnel through the proxy, TLS with the certificate checked for the
  /// host. Every failure is `not_sent`.
  ResultTask<std::unique_ptr<Connection>> open(Route route, TimeLimit limit);

 private:
  boost::asio::any_io_executor executor_;
  NameResolver resolver_;
  TlsTrust trust_;
};

}  // namespace rekeyer::aws
