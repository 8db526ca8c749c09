// TCP to a mail server, and TLS on it from the first byte or from later on. Every step has a time limit on the clock.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>
#include <string>

#include "aws/http/name_resolver.hpp"
#include "base/clock.hpp"
#include "base/secret.hpp"
#include "base/task.hpp"

namespace boost::asio::ssl {
class context;
}

namespace rekeyer::notify {

class SmtpStream {
 public:
  /// `server` is "host:port", for messages.
  SmtpStream(boost::asio::any_io_executor executor, Clock& clock, std::string server);
  ~SmtpStream();
  SmtpStream(const SmtpStream&) = delete;
  SmtpStream& operator=(const SmtpStream&) = delete;

  /// To the first address that answers, each with that much time. Fails with `not_sent`.
  ResultTask<> connect(aws::NameResolver::Endpoints endpoints, Milliseconds timeout);
  /// The certificate must be trusted and be the host's. Fails with `not_sent`.
  ResultTask<> start_tls(boost::asio::ssl::context* context, std::string host, Milliseconds timeout);
  bool secure() const;
  /// All of it. Fails with `not_sent` where it can't all have gone out, with `outcome_unknown` at the time limit, when
  /// nobody knows how much has.
  ResultTask<> write(WipedString bytes, Milliseconds timeout);
  /// At least one byte. Fails with `not_sent`, which speaks of these bytes only: the caller knows what they answer.
  ResultTask<std::string> read_some(Milliseconds timeout);
  /// Whether the server has closed the connection, or said what nobody asked for. Does not wait.
  bool stale();
  /// Our own address as EHLO wants it: "[192.0.2.1]", "[IPv6:2001:db8::1]".
  std::string address_literal() const;

 private:
  struct Layers;
  Error gone(const std::string& why) const;

  Clock& clock_;
  std::string server_;
  std::unique_ptr<Layers> layers_;
};

}  // namespace rekeyer::notify
