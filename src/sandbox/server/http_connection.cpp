#include "sandbox/server/http_connection.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <exception>
#include <optional>

#include "base/log.hpp"
#include "sandbox/server/http_text.hpp"

namespace rekeyer::sandbox {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using tcp = asio::ip::tcp;
using boost::system::error_code;

constexpr std::uint32_t header_limit = 64 * 1024;
constexpr std::uint64_t body_limit = std::uint64_t{256} << 20;  // a dumped world of many accounts
constexpr auto idle_limit = std::chrono::minutes{5};
constexpr std::string_view control_prefix = "/_sandbox/";

using WipedBody = http::basic_string_body<char, std::char_traits<char>, WipingAllocator<char>>;
using RequestParser = http::request_parser<WipedBody, WipingAllocator<char>>;
using WipedBuffer = beast::basic_flat_buffer<WipingAllocator<char>>;

std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }

aws::HttpRequest message(RequestParser& parser) {
  auto received = parser.release();
  aws::HttpRequest request;
  request.method = view(received.method_string());
  request.url = requested_url(view(received.target()), view(received[http::field::host]));
  for (const auto& field : received) request.headers.add(view(field.name_string()), view(field.value()));
  request.body = std::move(received.body());
  return request;
}

aws::HttpResponse plain(int status, std::string_view text) {
  aws::HttpResponse response;
  response.status = status;
  response.headers.add("Content-Type", "text/plain");
  response.body = WipedString(text);
  return response;
}

/// What a connection does next after a request was read or answered.
enum class Next { go_on, close };

class Connection {
 public:
  Connection(tcp::socket socket, SandboxHost& host, TestedProcess& tested_process, Control& control)
      : stream_(std::move(socket)), host_(host), tested_process_(tested_process), control_(control) {}

  /// One request after the other, as they come, until one side has had enough.
  Task<void> serve() {
    error_code ignored;
    stream_.socket().set_option(tcp::no_delay(true), ignored);
    for (auto next = Next::go_on; next == Next::go_on;) next = co_await serve_one();
    stream_.socket().shutdown(tcp::socket::shutdown_both, ignored);
    stream_.close();
  }

 private:
  Task<Next> serve_one() {
    RequestParser parser;
    parser.header_limit(header_limit);
    parser.body_limit(body_limit);
    const auto failure = co_await read(&parser);
    if (failure) {
      if (const auto complaint = unreadable(failure)) co_await write(*complaint, complaint->body.size(), false);
      co_return Next::close;
    }
    const bool keep_alive = parser.keep_alive();
    const auto request = message(parser);
    if (request.url.path.starts_with(control_prefix)) {
      auto reply = control_.handle(request);
      const auto next = co_await write(std::move(reply), whole, keep_alive);
      co_return next;
    }
    const auto next = co_await answer(&request, keep_alive);
    co_return next;
  }

  Task<error_code> read(RequestParser* parser) {
    error_code failure;
    auto done = asio::redirect_error(asio::use_awaitable, failure);
    stream_.expires_after(idle_limit);
    co_await http::async_read_header(stream_, buffer_, *parser, done);
    if (failure) co_return failure;
    if (beast::iequals(parser->get()[http::field::expect], "100-continue")) {
      static constexpr std::string_view go_ahead = "HTTP/1.1 100 Continue\r\n\r\n";
      co_await asio::async_write(stream_, asio::buffer(go_ahead), done);
      if (failure) co_return failure;
    }
    co_await http::async_read(stream_, buffer_, *parser, done);
    stream_.expires_never();
    co_return failure;
  }

  static std::optional<aws::HttpResponse> unreadable(const error_code& failure) {
    if (failure == http::error::body_limit) return plain(413, "The body is too long.\n");
    if (failure == http::error::end_of_stream ||
        failure.category() != make_error_code(http::error::bad_method).category()) {
      return std::nullopt;  // the other side went away, or slept
    }
    return plain(400, "This is not an HTTP request: " + failure.message() + "\n");
  }

  Task<Next> answer(const aws::HttpRequest* request, bool keep_alive) {
    auto& sandbox = host_.sandbox();
    const auto latency = sandbox.draw_latency();
    // Half on the way there, half on the way back; in real time, whatever happens to the sandbox's clock meanwhile.
    if (latency > Milliseconds::zero()) co_await host_.real().sleep_for(latency / 2);
    const auto answer = performed(*request);
    const auto wait = answer.wait + (latency - latency / 2);
    if (wait > Milliseconds::zero()) co_await host_.real().sleep_for(wait);
    if (answer.signal != 0) co_await tested_process_.send(answer.signal);
    if (answer.ending == Answer::Ending::cut) co_return Next::close;
    if (answer.ending == Answer::Ending::truncate) {
      co_await write(answer.response, answer.response.body.size() / 2, keep_alive);
      co_return Next::close;
    }
    const auto next = co_await write(answer.response, whole, keep_alive);
    co_return next;
  }

  /// An exception is a bug of the sandbox: it must not take the other connections with it, nor look like AWS.
  Answer performed(const aws::HttpRequest& request) {
    try {
      return host_.sandbox().answer(request, host_.now());
    } catch (const std::exception& bug) {
      log::error("The sandbox has a bug", {{"what", bug.what()}});
      Answer answer;
      answer.response = plain(599, std::string("the sandbox has a bug: ") + bug.what() + "\n");
      return answer;
    }
  }

  static constexpr std::size_t whole = static_cast<std::size_t>(-1);

  /// Sends the head of the whole reply and so much of its body.
  Task<Next> write(aws::HttpResponse reply, std::size_t body_bytes, bool keep_alive) {
    const auto head = reply_head(reply, host_.now(), keep_alive);
    const std::array<asio::const_buffer, 2> bytes{
        asio::buffer(head.data(), head.size()),
        asio::buffer(reply.body.data(), std::min(body_bytes, reply.body.size()))};
    error_code failure;
    stream_.expires_after(idle_limit);
    co_await asio::async_write(stream_, bytes, asio::redirect_error(asio::use_awaitable, failure));
    stream_.expires_never();
    co_return keep_alive && !failure ? Next::go_on : Next::close;
  }

  beast::tcp_stream stream_;
  WipedBuffer buffer_;  // may hold the beginning of the next request already
  SandboxHost& host_;
  TestedProcess& tested_process_;
  Control& control_;
};

}  // namespace

Task<void> serve_connection(tcp::socket socket, Room room) {
  Connection connection(std::move(socket), room.host, room.tested_process, room.control);
  co_await connection.serve();
}

}  // namespace rekeyer::sandbox
