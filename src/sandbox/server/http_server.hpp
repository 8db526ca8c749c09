// The sandbox over HTTP/1.1 on the loopback address, with control calls under /_sandbox/.
#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <memory>
#include <string>

#include "base/error.hpp"
#include "sandbox/server/control.hpp"
#include "sandbox/server/sandbox_host.hpp"
#include "sandbox/server/tested_process.hpp"

namespace rekeyer::sandbox {

class HttpServer {
 public:
  /// Everything passed must outlive the context's run.
  HttpServer(boost::asio::io_context& context, SandboxHost& host, TestedProcess& tested_process, Control& control);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  /// Listens from now on; connections are served while the context runs. Port 0: any free one. Fails with `usage` for
  /// an address that other machines could reach (whoever reaches the server is the world's master), or one that is
  /// taken.
  Result<> listen(const std::string& address, std::uint16_t port);
  /// "http://127.0.0.1:5000"
  std::string url() const;
  std::size_t open_connections() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace rekeyer::sandbox
