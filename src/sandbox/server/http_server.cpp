#include "sandbox/server/http_server.hpp"

#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>

#include "sandbox/server/http_connection.hpp"

namespace rekeyer::sandbox {
namespace {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;
using boost::system::error_code;

constexpr std::size_t connection_limit = 4096;

void rethrow(std::exception_ptr thrown) {
  if (thrown) std::rethrow_exception(thrown);
}

}  // namespace

struct HttpServer::State {
  State(asio::io_context& in_context, Room the_room) : context(in_context), acceptor(in_context), room(the_room) {}

  static Task<void> serve(std::shared_ptr<State> state, tcp::socket socket) {
    ++state->open;
    co_await serve_connection(std::move(socket), state->room);
    --state->open;
  }

  static Task<void> accept(std::shared_ptr<State> state) {
    for (;;) {
      error_code failure;
      auto socket = co_await state->acceptor.async_accept(asio::redirect_error(asio::use_awaitable, failure));
      if (failure == asio::error::operation_aborted || failure == asio::error::bad_descriptor) co_return;
      if (failure) {  // out of descriptors, say: those that are open go on
        co_await state->room.host.real().sleep_for(Milliseconds{100});
        continue;
      }
      if (state->open >= connection_limit) continue;  // the socket closes as it goes
      asio::co_spawn(state->context, serve(state, std::move(socket)), rethrow);
    }
  }

  asio::io_context& context;
  tcp::acceptor acceptor;
  Room room;
  std::size_t open = 0;
};

HttpServer::HttpServer(asio::io_context& context, SandboxHost& host, TestedProcess& tested_process, Control& control)
    : state_(std::make_shared<State>(context, Room{host, tested_process, control})) {}

HttpServer::~HttpServer() {
  error_code ignored;
  state_->acceptor.close(ignored);
}

Result<> HttpServer::listen(const std::string& address, std::uint16_t port) {
  error_code failure;
  const auto parsed = asio::ip::make_address(address, failure);
  if (failure || !parsed.is_loopback()) {
    return fail(ErrorKind::usage,
                fmt::format("the sandbox listens on a loopback address only (127.0.0.1, ::1), not on `{}`", address));
  }
  const tcp::endpoint endpoint(parsed, port);
  auto& acceptor = state_->acceptor;
  acceptor.open(endpoint.protocol(), failure);
  if (!failure) acceptor.set_option(tcp::acceptor::reuse_address(true), failure);
  if (!failure) acceptor.bind(endpoint, failure);
  if (!failure) acceptor.listen(tcp::acceptor::max_listen_connections, failure);
  if (failure) {
    return fail(ErrorKind::usage, fmt::format("can't listen on {} port {}: {}", address, port, failure.message()));
  }
  asio::co_spawn(state_->context, State::accept(state_), rethrow);
  return {};
}

std::string HttpServer::url() const {
  error_code ignored;
  const auto here = state_->acceptor.local_endpoint(ignored);
  const auto address = here.address().to_string();
  return fmt::format("http://{}:{}", here.address().is_v6() ? "[" + address + "]" : address, here.port());
}

std::size_t HttpServer::open_connections() const { return state_->open; }

}  // namespace rekeyer::sandbox
