// The one file that speaks through Beast: its tcp_stream for time limits, its parser for replies.
#include "aws/http/connection.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cerrno>
#include <optional>
#include <utility>

#include "aws/http/request_text.hpp"
#include "aws/http/tls_peer.hpp"
#include "base/json_text.hpp"
#include "base/text.hpp"
#include "base/try.hpp"

namespace rekeyer::aws {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using tcp = asio::ip::tcp;
using boost::system::error_code;

constexpr std::uint32_t header_limit = 64 * 1024;
constexpr std::size_t read_size = std::size_t{32} * 1024;
constexpr int interim_limit = 16;

using TlsStream = asio::ssl::stream<beast::tcp_stream&>;
/// TLS to the server inside TLS to an https:// proxy.
using TlsInTlsStream = asio::ssl::stream<TlsStream&>;

using WipedBody = http::basic_string_body<char, std::char_traits<char>, WipingAllocator<char>>;
using ReplyParser = http::response_parser<WipedBody, WipingAllocator<char>>;
using WipedBuffer = beast::basic_flat_buffer<WipingAllocator<char>>;

struct Transfer {
  error_code failure;
  std::size_t bytes = 0;
};

std::string host_and_port(const std::string& host, std::uint16_t port) {
  const bool ipv6 = host.find(':') != std::string::npos;
  return ipv6 ? fmt::format("[{}]:{}", host, port) : fmt::format("{}:{}", host, port);
}

bool is_timeout(const error_code& failure) { return failure == beast::error::timeout; }

/// TCP, and up to two layers of TLS on it.
class Layers {
 public:
  explicit Layers(const asio::any_io_executor& executor) : tcp_(executor) {}

  beast::tcp_stream& tcp() { return tcp_; }
  SSL* begin_tls(asio::ssl::context& context) {
    if (tls_) {
      inner_.emplace(*tls_, context);
      return inner_->native_handle();
    }
    tls_.emplace(tcp_, context);
    return tls_->native_handle();
  }
  Task<error_code> handshake() {
    error_code failure;
    auto done = asio::redirect_error(asio::use_awaitable, failure);
    if (inner_) {
      co_await inner_->async_handshake(asio::ssl::stream_base::client, done);
    } else {
      co_await tls_->async_handshake(asio::ssl::stream_base::client, done);
    }
    co_return failure;
  }
  Task<Transfer> write(asio::const_buffer bytes) {
    Transfer result;
    auto done = asio::redirect_error(asio::use_awaitable, result.failure);
    if (inner_) {
      result.bytes = co_await asio::async_write(*inner_, bytes, done);
    } else if (tls_) {
      result.bytes = co_await asio::async_write(*tls_, bytes, done);
    } else {
      result.bytes = co_await asio::async_write(tcp_, bytes, done);
    }
    co_return result;
  }
  Task<Transfer> read_some(asio::mutable_buffer bytes) {
    Transfer result;
    auto done = asio::redirect_error(asio::use_awaitable, result.failure);
    if (inner_) {
      result.bytes = co_await inner_->async_read_some(bytes, done);
    } else if (tls_) {
      result.bytes = co_await tls_->async_read_some(bytes, done);
    } else {
      result.bytes = co_await tcp_.async_read_some(bytes, done);
    }
    co_return result;
  }

 private:
  beast::tcp_stream tcp_;
  std::optional<TlsStream> tls_;
  std::optional<TlsInTlsStream> inner_;
};

/// Feeds the parser until it has a whole reply. `received` counts the bytes that came, also where it fails.
Task<error_code> read_reply(Layers* layers, ReplyParser* parser, WipedBuffer* buffer, std::size_t* received) {
  for (;;) {
    error_code failure;
    if (buffer->size() > 0) {
      const auto used = parser->put(buffer->cdata(), failure);
      buffer->consume(used);
      if (failure && failure != http::error::need_more) co_return failure;
      if (parser->is_done()) co_return error_code{};
      if (!failure && used > 0 && buffer->size() > 0) continue;
    }
    if (buffer->size() >= header_limit) co_return http::error::header_limit;
    const auto transfer = co_await layers->read_some(buffer->prepare(read_size));
    buffer->commit(transfer.bytes);
    *received += transfer.bytes;
    if (transfer.bytes > 0) continue;
    if (transfer.failure != asio::error::eof || !parser->got_some()) co_return transfer.failure;
    parser->put_eof(failure);
    co_return failure;
  }
}

void prepare(ReplyParser& parser, std::string_view method, std::size_t body_limit) {
  parser.eager(true);
  parser.header_limit(header_limit);
  parser.body_limit(body_limit);
  parser.skip(method == "HEAD" || method == "CONNECT");
}

bool is_malformed(const error_code& failure) {
  static const auto& category = http::make_error_code(http::error::bad_method).category();
  return failure.category() == category && failure != http::error::partial_message &&
         failure != http::error::end_of_stream;
}

class BeastConnection final : public Connection {
 public:
  BeastConnection(const asio::any_io_executor& executor, Route route) : route_(std::move(route)), layers_(executor) {}

  /// Dialling, in its order. Each fails with `not_sent`.
  ResultTask<> connect(NameResolver::Endpoints endpoints, std::string name, TimeLimit limit);
  ResultTask<> start_tls(asio::ssl::context* context, std::string host, TimeLimit limit);
  ResultTask<> open_tunnel(TimeLimit limit);

  ResultTask<HttpResponse> exchange(std::shared_ptr<const HttpRequest> request, TimeLimit limit) override;
  bool stale() override;
  bool reusable() const override { return reusable_; }
  bool broke_before_reply() const override { return broke_before_reply_; }

 private:
  const ProxyServer* forwarding_proxy() const { return route_.tls() ? nullptr : route_.proxy; }
  Error lost(const error_code& failure, std::size_t received, bool writing, TimeLimit limit);
  Result<HttpResponse> finish(ReplyParser& parser, const HttpRequest& request, const WipedBuffer& rest);

  Route route_;
  Layers layers_;
  bool reusable_ = false;
  bool broke_before_reply_ = false;
};

ResultTask<> BeastConnection::connect(NameResolver::Endpoints endpoints, std::string name, TimeLimit limit) {
  auto& stream = layers_.tcp();
  error_code failure = asio::error::host_not_found;
  for (std::size_t i = 0; i < endpoints.size(); ++i) {
    // One dead address must not eat the time of the others.
    asio::steady_timer attempt(stream.get_executor());
    attempt.expires_after(Dialler::time_per_address);
    const bool last = i + 1 == endpoints.size();
    stream.expires_at(last ? limit.deadline : std::min(limit.deadline, attempt.expiry()));
    failure = {};
    co_await stream.async_connect(endpoints[i], asio::redirect_error(asio::use_awaitable, failure));
    if (!failure) break;
    error_code ignored;
    stream.socket().close(ignored);
    if (failure == asio::error::operation_aborted) break;
  }
  if (failure) {
    const auto why = is_timeout(failure) ? "no answer within " + describe(limit) : failure.message();
    co_return fail(ErrorKind::not_sent, fmt::format("connecting to {} failed: {}", name, why));
  }
  error_code ignored;
  stream.socket().set_option(tcp::no_delay(true), ignored);
  co_return Result<>{};
}

ResultTask<> BeastConnection::start_tls(asio::ssl::context* context, std::string host, TimeLimit limit) {
  auto* const tls = layers_.begin_tls(*context);
  if (!expect_host(tls, host)) {
    ERR_clear_error();
    co_return fail(ErrorKind::not_sent, fmt::format("TLS with {} failed: the host name can't be used", host));
  }
  layers_.tcp().expires_at(limit.deadline);
  const auto failure = co_await layers_.handshake();
  if (failure) {
    const auto why = is_timeout(failure) ? "it took too long" : describe_handshake(tls, failure);
    ERR_clear_error();
    co_return fail(ErrorKind::not_sent, fmt::format("TLS with {} failed: {}", host, why));
  }
  co_return Result<>{};
}

ResultTask<> BeastConnection::open_tunnel(TimeLimit limit) {
  const auto target = route_.authority();
  const auto proxy = host_and_port(route_.proxy->url.host, route_.proxy->url.port);
  WipedString text("CONNECT ");
  text += target;
  text += " HTTP/1.1\r\nHost: ";
  text += target;
  if (!route_.proxy->authorization.empty()) {
    text += "\r\nProxy-Authorization: ";
    text += route_.proxy->authorization.reveal();
  }
  text += "\r\n\r\n";
  layers_.tcp().expires_at(limit.deadline);
  const auto written = co_await layers_.write(asio::buffer(text));
  ReplyParser parser;
  prepare(parser, "CONNECT", read_size);
  WipedBuffer buffer;
  std::size_t received = 0;
  error_code failure = written.failure;
  if (!failure) failure = co_await read_reply(&layers_, &parser, &buffer, &received);
  if (failure) {
    const auto why = is_timeout(failure) ? "no answer within " + describe(limit) : failure.message();
    co_return fail(ErrorKind::not_sent, fmt::format("the proxy {} gave no tunnel to {}: {}", proxy, target, why));
  }
  const auto status = parser.get().result_int();
  if (status == 407) {
    co_return fail(ErrorKind::not_sent,
                   fmt::format("the proxy {} refused a tunnel to {}: 407, it wants {}", proxy, target,
                               route_.proxy->authorization.empty()
                                   ? "a user name and password (https_proxy=http://user:password@host:port)"
                                   : "another user name and password than the proxy's URL has"));
  }
  if (status / 100 != 2) {
    const auto reason = parser.get().reason();
    co_return fail(ErrorKind::not_sent,
                   fmt::format("the proxy {} refused a tunnel to {}: {} {}", proxy, target, status,
                               json_quoted({reason.data(), std::min<std::size_t>(reason.size(), 80)})));
  }
  if (buffer.size() > 0) {
    co_return fail(ErrorKind::not_sent,
                   fmt::format("the proxy {} sent data of its own into the tunnel to {}", proxy, target));
  }
  co_return Result<>{};
}

ResultTask<HttpResponse> BeastConnection::exchange(std::shared_ptr<const HttpRequest> request, TimeLimit limit) {
  reusable_ = false;
  broke_before_reply_ = false;
  const auto text = request_text(*request, forwarding_proxy());
  layers_.tcp().expires_at(limit.deadline);
  const auto written = co_await layers_.write(asio::buffer(text));
  if (written.failure) co_return fail(lost(written.failure, 0, true, limit));

  WipedBuffer buffer;
  std::size_t received = 0;
  for (int interim = 0; interim < interim_limit; ++interim) {
    ReplyParser parser;
    prepare(parser, request->method, request->body_limit);
    const auto failure = co_await read_reply(&layers_, &parser, &buffer, &received);
    if (failure) co_return fail(lost(failure, received, false, limit));
    // 100 Continue, 102, 103: the reply is still to come. 101 was never asked for.
    const auto status = parser.get().result_int();
    if (status / 100 != 1) co_return finish(parser, *request, buffer);
    if (status == 101) break;
  }
  co_return fail(ErrorKind::bad_reply, fmt::format("{} sent interim replies instead of one", route_.describe()));
}

Result<HttpResponse> BeastConnection::finish(ReplyParser& parser, const HttpRequest& request, const WipedBuffer& rest) {
  auto& reply = parser.get();
  const auto wanted = request.headers.find("Connection");
  // The parser, unlike the message, knows of a body that only the end of the connection ends.
  reusable_ = parser.keep_alive() && rest.size() == 0 && !(wanted && equal_ignoring_case(*wanted, "close"));
  HttpResponse response;
  response.status = static_cast<int>(reply.result_int());
  for (const auto& field : reply) {
    const auto name = field.name_string();
    const auto value = field.value();
    response.headers.add({name.data(), name.size()}, {value.data(), value.size()});
  }
  response.body = std::move(reply.body());
  return response;
}

/// What a failure after the first written byte means.
Error BeastConnection::lost(const error_code& failure, std::size_t received, bool writing, TimeLimit limit) {
  const auto where = route_.describe();
  if (is_malformed(failure)) {
    const bool too_long = failure == http::error::body_limit;
    const auto why = too_long ? std::string("it is longer than accepted") : failure.message();
    return {ErrorKind::bad_reply, fmt::format("the reply of {} is not usable: {}", where, why), {}, {}, {}};
  }
  const auto unknown = [](std::string message) {
    return Error{ErrorKind::outcome_unknown, std::move(message), {}, {}, {}};
  };
  if (is_timeout(failure)) return unknown(fmt::format("no whole reply from {} within {}", where, describe(limit)));
  if (failure == asio::error::operation_aborted)
    return unknown(fmt::format("the request to {} was interrupted", where));
  broke_before_reply_ = received == 0;
  if (writing)
    return unknown(fmt::format("the connection to {} broke while the request was sent: {}", where, failure.message()));
  if (received == 0) return unknown(fmt::format("{} closed the connection without a reply", where));
  return unknown(fmt::format("{} closed the connection after {} bytes of its reply", where, received));
}

bool BeastConnection::stale() {
  char byte = 0;
  const auto peeked = ::recv(layers_.tcp().socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  // Only "nothing yet" is well: an end, an error, and data that nobody asked for all mean that it is of no use.
  return !(peeked < 0 && (errno == EAGAIN || errno == EWOULDBLOCK));
}

}  // namespace

std::string Route::authority() const { return host_and_port(host, port); }

std::string Route::describe() const {
  if (proxy == nullptr) return authority();
  return fmt::format("{} through the proxy {}", authority(), host_and_port(proxy->url.host, proxy->url.port));
}

std::string Route::key() const { return fmt::format("{}://{}", scheme, describe()); }

std::string describe(const TimeLimit& limit) {
  return fmt::format("{:g} s", static_cast<double>(limit.total.count()) / 1000.0);
}

Dialler::Dialler(asio::any_io_executor executor, TlsSettings tls)
    : executor_(executor), resolver_(std::move(executor)), trust_(std::move(tls)) {}

ResultTask<std::unique_ptr<Connection>> Dialler::open(Route route, TimeLimit limit) {
  auto connection = std::make_unique<BeastConnection>(executor_, route);
  const auto* const proxy = route.proxy;
  asio::ssl::context* tls = nullptr;
  if (route.tls() || (proxy != nullptr && proxy->url.scheme == "https")) {
    CO_TRY(tls, trust_.context());
  }
  const std::string host = proxy != nullptr ? proxy->url.host : route.host;
  const std::uint16_t port = proxy != nullptr ? proxy->url.port : route.port;
  auto endpoints = co_await resolver_.resolve(host, port, limit.deadline);
  if (!endpoints) co_return fail(std::move(endpoints).error());
  const auto name = (proxy != nullptr ? "the proxy " : "") + host_and_port(host, port);
  const auto connected = co_await connection->connect(*std::move(endpoints), name, limit);
  if (!connected) co_return fail(connected.error());
  if (proxy != nullptr && proxy->url.scheme == "https") {
    const auto secured = co_await connection->start_tls(tls, host, limit);
    if (!secured) co_return fail(in_context(secured.error(), "the proxy"));
  }
  if (proxy != nullptr && route.tls()) {
    const auto tunnelled = co_await connection->open_tunnel(limit);
    if (!tunnelled) co_return fail(tunnelled.error());
  }
  if (route.tls()) {
    const auto secured = co_await connection->start_tls(tls, route.host, limit);
    if (!secured) co_return fail(secured.error());
  }
  co_return std::unique_ptr<Connection>(std::move(connection));
}

}  // namespace rekeyer::aws
