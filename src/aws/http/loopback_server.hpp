// For tests: a server on the loopback address that follows a script, wire byte by wire byte, in plain or in TLS; and
// throw-away certificates. Its code is loopback_server_test.cpp, so that it is never part of the library.
#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/task.hpp"

namespace rekeyer::aws {

/// One accepted connection, as the script sees it.
class Peer {
 public:
  virtual ~Peer() = default;
  /// The next request, head and body; empty where the client closed.
  virtual Task<std::string> request() = 0;
  /// Whatever comes next; empty at the end.
  virtual Task<std::string> bytes() = 0;
  virtual Task<void> send(std::string text) = 0;
  /// Goes on as a TLS server with that certificate; false where the client refused it.
  virtual Task<bool> start_tls(std::string certificate_file) = 0;
  /// The name that the client asked for in the TLS handshake.
  virtual std::string server_name() const = 0;
  /// Carries bytes both ways between the client and another loopback port until either ends.
  virtual Task<void> relay_to(std::uint16_t port) = 0;
  /// Closes at once; with TLS, without saying goodbye.
  virtual void close() = 0;
  /// 1 for the server's first connection.
  virtual int number() const = 0;
};

class LoopbackServer {
 public:
  /// Runs once for each connection; the connection is closed when it returns.
  using Script = std::function<Task<void>(Peer&)>;

  LoopbackServer(boost::asio::io_context& context, Script script);
  ~LoopbackServer();
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;

  std::uint16_t port() const;
  int connections() const;
  int open_connections() const;
  int most_open_connections() const;
  void stop_listening();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

/// A port on which nobody listens.
std::uint16_t closed_port(boost::asio::io_context& context);

/// A folder of its own with a CA and certificates that it signed; removed at the end.
class TestCertificates {
 public:
  struct Wish {
    std::string alternative_names = "DNS:localhost,IP:127.0.0.1";
    int from_days = -1;
    int until_days = 30;
  };
  TestCertificates();
  ~TestCertificates();
  TestCertificates(const TestCertificates&) = delete;
  TestCertificates& operator=(const TestCertificates&) = delete;

  const std::string& folder() const { return folder_; }
  /// The CA's certificate, PEM.
  std::string ca_file() const { return folder_ + "/ca.pem"; }
  /// Certificate and key of a server in one PEM file.
  std::string issue(const std::string& name, const Wish& wish);
  std::string issue(const std::string& name) { return issue(name, Wish{}); }

 private:
  struct Keys;
  std::string folder_;
  std::unique_ptr<Keys> keys_;
};

}  // namespace rekeyer::aws
