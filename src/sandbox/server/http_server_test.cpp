// The sandbox over HTTP, byte by byte on a real connection.
#include "sandbox/server/http_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace rekeyer::sandbox {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

/// A client that sends what it is told and reads until so much came, or the end.
Task<void> converse(std::uint16_t port, std::string sent, std::string* received, std::size_t replies) {
  tcp::socket socket(co_await asio::this_coro::executor);
  co_await socket.async_connect({asio::ip::address_v4::loopback(), port}, asio::use_awaitable);
  co_await asio::async_write(socket, asio::buffer(sent), asio::use_awaitable);
  for (;;) {
    std::size_t whole = 0;
    for (auto at = received->find("}\n"); at != std::string::npos; at = received->find("}\n", at + 1)) ++whole;
    if (replies != 0 && whole >= replies) co_return;
    std::string more(65536, '\0');
    error_code failure;
    const auto count =
        co_await socket.async_read_some(asio::buffer(more), asio::redirect_error(asio::use_awaitable, failure));
    received->append(more, 0, count);
    if (failure) co_return;
  }
}

class HttpServerTest : public testing::Test {
 protected:
  HttpServerTest() {
    const boost::json::object member{{"id", "111111111111"}};
    EXPECT_TRUE(host.build({{"accounts", boost::json::array{member}}}));
    EXPECT_TRUE(server.listen("127.0.0.1", 0));
    const auto url = server.url();
    port = static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
  }

  /// Everything that came until the server closed, or so many replies of control calls were there.
  std::string say(const std::string& bytes, std::size_t replies = 0) {
    std::string received;
    bool failed = false;
    asio::co_spawn(context, converse(port, bytes, &received, replies), [&](std::exception_ptr thrown) {
      failed = thrown != nullptr;
      context.stop();
    });
    context.restart();
    context.run();
    EXPECT_FALSE(failed);
    return received;
  }

  static std::string post(const std::string& what, const std::string& body, const std::string& headers = {}) {
    return "POST /_sandbox/" + what + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + headers +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  }
  /// An unsigned call: refused, but a fault comes before that.
  static std::string call(const std::string& operation) {
    const auto body = "Action=" + operation + "&Version=2010-05-08";
    return "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
           "Authorization: AWS4-HMAC-SHA256 Credential=AKIAUNKNOWN/20260102/us-east-1/iam/aws4_request, "
           "SignedHeaders=host;x-amz-date, Signature=00\r\n"
           "Content-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + body;
  }
  void fault(const boost::json::object& rule) { host.sandbox().faults.add(*parse_fault(rule)); }

  RealClock real;
  SandboxHost host{real, 1};
  TestedProcess tested_process{real};
  Control control{host, tested_process};
  asio::io_context context{1};
  HttpServer server{context, host, tested_process, control};
  std::uint16_t port = 0;
};

TEST_F(HttpServerTest, AnswersSeveralRequestsOnOneConnectionAlsoWhenTheyComeAtOnce) {
  const auto replies = say(post("ping", "{}") + post("clock", "{\"days\": 3}") + post("ping", ""), 3);
  EXPECT_THAT(replies, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(replies, HasSubstr("\"epoch\""));
  EXPECT_THAT(replies, EndsWith("{\"ready\":true}\n"));
  EXPECT_THAT(replies, HasSubstr("Connection: keep-alive\r\n"));
}

TEST_F(HttpServerTest, ClosesWhereTheClientWantsItTo) {
  const auto reply = say(post("ping", "{}", "Connection: close\r\n"));
  EXPECT_THAT(reply, HasSubstr("Connection: close\r\n"));
  EXPECT_THAT(reply, EndsWith("{\"ready\":true}\n"));
}

TEST_F(HttpServerTest, LetsAHesitantClientSendItsBody) {
  EXPECT_THAT(say(post("ping", "{}", "Expect: 100-continue\r\n"), 1),
              StartsWith("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n"));
}

TEST_F(HttpServerTest, SaysSoWhereItIsNoHttp) {
  EXPECT_THAT(say("EHLO mail\r\n\r\n"), StartsWith("HTTP/1.1 400 Bad Request\r\n"));
}

TEST_F(HttpServerTest, RefusalsComeInTheServicesOwnWords) {
  const auto reply = say(call("ListUsers") + post("ping", ""), 1);
  EXPECT_THAT(reply, StartsWith("HTTP/1.1 403 Forbidden\r\n"));
  EXPECT_THAT(reply, HasSubstr("<Code>InvalidClientTokenId</Code>"));
}

TEST_F(HttpServerTest, ACutEndsTheConnectionWithoutAByte) {
  fault({{"op", "ListUsers"}, {"kind", "cut"}});
  EXPECT_EQ(say(call("ListUsers") + post("ping", "")), "");
}

TEST_F(HttpServerTest, ATruncatedReplyAnnouncesTheWholeAndBringsHalf) {
  fault({{"op", "ListUsers"}, {"kind", "truncate"}});
  const auto reply = say(call("ListUsers"));
  const auto length = reply.find("Content-Length: ");
  ASSERT_NE(length, std::string::npos);
  const auto announced = std::stoul(reply.substr(length + 16));
  EXPECT_EQ(reply.size() - reply.find("\r\n\r\n") - 4, announced / 2);
}

TEST_F(HttpServerTest, AHangWaitsInRealTimeWhateverTheSandboxsClockDoes) {
  fault({{"op", "ListUsers"}, {"kind", "hang"}, {"seconds", 0.2}});
  const auto begun = real.now();
  EXPECT_EQ(say(call("ListUsers")), "");
  EXPECT_GE(real.now() - begun, Milliseconds(200));
}

TEST_F(HttpServerTest, TheDateFollowsTheSandboxsClock) {
  host.clock().set_offset(std::chrono::days{365 * 20});
  const auto reply = say(post("ping", ""), 1);
  const auto date = reply.find("Date: ");
  ASSERT_NE(date, std::string::npos);
  const auto shown = parse_http_date(reply.substr(date + 6, 29));
  ASSERT_TRUE(shown);
  EXPECT_LT(std::chrono::abs(*shown - host.now()), std::chrono::seconds{5});
}

TEST_F(HttpServerTest, ASignalWaitsForNobodyForEver) {
  EXPECT_FALSE(tested_process.set(1));
  EXPECT_FALSE(tested_process.set(0));
  EXPECT_FALSE(tested_process.set(-5));
  EXPECT_EQ(tested_process.signalled(), 0);
}

TEST_F(HttpServerTest, ListensWhereOnlyThisMachineReachesIt) {
  HttpServer other(context, host, tested_process, control);
  for (const auto* const address : {"0.0.0.0", "::", "192.0.2.1", "example.com", ""}) {
    const auto refused = other.listen(address, 0);
    ASSERT_FALSE(refused) << address;
    EXPECT_EQ(refused.error().kind, ErrorKind::usage);
    EXPECT_THAT(refused.error().message, HasSubstr("loopback"));
  }
}

TEST_F(HttpServerTest, SaysThatAPortIsTaken) {
  HttpServer other(context, host, tested_process, control);
  const auto taken = other.listen("127.0.0.1", port);
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().kind, ErrorKind::usage);
  EXPECT_THAT(taken.error().message, HasSubstr(std::to_string(port)));
}

}  // namespace
}  // namespace rekeyer::sandbox
