// Each step runs beside a sleep on the clock: whichever ends first cancels the other.
#include "notify/channels/smtp/stream.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <sys/socket.h>

#include <array>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>
#include <optional>
#include <utility>

#include "aws/http/tls_peer.hpp"

namespace rekeyer::notify {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

struct SmtpStream::Layers {
  explicit Layers(const asio::any_io_executor& executor) : tcp(executor) {}

  tcp::socket tcp;
  std::optional<asio::ssl::stream<tcp::socket&>> tls;
};

namespace {

/// The task's result; nothing where the clock was first, and then the task was cancelled.
template <class T>
Task<std::optional<T>> within(Clock* clock, Milliseconds timeout, Task<T> task) {
  using namespace asio::experimental::awaitable_operators;
  auto first = co_await (std::move(task) || clock->sleep_for(timeout));
  if (first.index() == 0) co_return std::get<0>(std::move(first));
  co_return std::nullopt;
}

Task<error_code> connect_to(tcp::socket* socket, tcp::endpoint endpoint) {
  error_code failure;
  co_await socket->async_connect(endpoint, asio::redirect_error(asio::use_awaitable, failure));
  co_return failure;
}

template <class Tls>
Task<error_code> handshake(Tls* tls) {
  error_code failure;
  co_await tls->async_handshake(asio::ssl::stream_base::client, asio::redirect_error(asio::use_awaitable, failure));
  co_return failure;
}

template <class Stream>
Task<error_code> write_all(Stream* stream, const WipedString* bytes) {
  error_code failure;
  co_await asio::async_write(*stream, asio::buffer(*bytes), asio::redirect_error(asio::use_awaitable, failure));
  co_return failure;
}

struct Received {
  error_code failure;
  std::size_t bytes = 0;
};

template <class Stream>
Task<Received> receive(Stream* stream, asio::mutable_buffer buffer) {
  Received result;
  result.bytes = co_await stream->async_read_some(buffer, asio::redirect_error(asio::use_awaitable, result.failure));
  co_return result;
}

std::string describe(Milliseconds timeout) {
  return fmt::format("no answer within {:g} s", static_cast<double>(timeout.count()) / 1000.0);
}

std::string describe(const error_code& failure) {
  return aws::is_cut(failure) ? "the server closed the connection" : failure.message();
}

}  // namespace

SmtpStream::SmtpStream(asio::any_io_executor executor, Clock& clock, std::string server)
    : clock_(clock), server_(std::move(server)), layers_(std::make_unique<Layers>(executor)) {}
SmtpStream::~SmtpStream() = default;

Error SmtpStream::gone(const std::string& why) const {
  return {ErrorKind::not_sent, fmt::format("the mail server {}: {}", server_, why), {}, {}, {}};
}

ResultTask<> SmtpStream::connect(aws::NameResolver::Endpoints endpoints, Milliseconds timeout) {
  std::string why = "the name has no address";
  for (const auto& endpoint : endpoints) {
    const auto failure = co_await within(&clock_, timeout, connect_to(&layers_->tcp, endpoint));
    error_code ignored;
    if (failure && !*failure) {
      layers_->tcp.set_option(tcp::no_delay(true), ignored);
      co_return Result<>{};
    }
    why = failure ? failure->message() : describe(timeout);
    layers_->tcp.close(ignored);
  }
  co_return fail(gone("connecting failed: " + why));
}

ResultTask<> SmtpStream::start_tls(asio::ssl::context* context, std::string host, Milliseconds timeout) {
  auto& tls = layers_->tls.emplace(layers_->tcp, *context);
  if (!aws::expect_host(tls.native_handle(), host)) {
    ERR_clear_error();
    co_return fail(gone("TLS failed: the host name can't be used"));
  }
  const auto failure = co_await within(&clock_, timeout, handshake(&tls));
  if (failure && !*failure) co_return Result<>{};
  const auto why = failure ? aws::describe_handshake(tls.native_handle(), *failure) : describe(timeout);
  ERR_clear_error();
  co_return fail(gone("TLS failed: " + why));
}

bool SmtpStream::secure() const { return layers_->tls.has_value(); }

ResultTask<> SmtpStream::write(WipedString bytes, Milliseconds timeout) {
  auto writing = layers_->tls ? write_all(&*layers_->tls, &bytes) : write_all(&layers_->tcp, &bytes);
  const auto failure = co_await within(&clock_, timeout, std::move(writing));
  if (!failure) {
    auto error = gone(describe(timeout));
    error.kind = ErrorKind::outcome_unknown;
    co_return fail(std::move(error));
  }
  if (*failure) co_return fail(gone(describe(*failure)));
  co_return Result<>{};
}

ResultTask<std::string> SmtpStream::read_some(Milliseconds timeout) {
  std::array<char, 4096> buffer{};
  auto reading =
      layers_->tls ? receive(&*layers_->tls, asio::buffer(buffer)) : receive(&layers_->tcp, asio::buffer(buffer));
  const auto received = co_await within(&clock_, timeout, std::move(reading));
  if (!received) co_return fail(gone(describe(timeout)));
  if (received->bytes == 0) co_return fail(gone(describe(received->failure)));
  co_return std::string(buffer.data(), received->bytes);
}

bool SmtpStream::stale() {
  char byte = 0;
  const auto peeked = ::recv(layers_->tcp.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  // Only "nothing yet" is well: an end, an error, and data that nobody asked for all mean that it is of no use.
  return !(peeked < 0 && (errno == EAGAIN || errno == EWOULDBLOCK));
}

std::string SmtpStream::address_literal() const {
  error_code failure;
  const auto address = layers_->tcp.local_endpoint(failure).address();
  if (failure) return "[127.0.0.1]";
  if (address.is_v4()) return fmt::format("[{}]", address.to_string());
  // Without the zone of a link-local address.
  const auto text = address.to_string();
  return fmt::format("[IPv6:{}]", text.substr(0, text.find('%')));
}

}  // namespace rekeyer::notify
