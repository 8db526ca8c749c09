// What the transport promises over plain HTTP: reuse, what is never sent twice, and which failure means what.
#include "aws/http/beast_transport.hpp"

#include <gmock/gmock.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "aws/http/transport_fixture.hpp"
#include "base/text.hpp"

namespace rekeyer::aws {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

/// Answers every request with "connection/request".
Task<void> answer_all(Peer& peer) {
  for (int i = 1;; ++i) {
    const auto request = co_await peer.request();
    if (request.empty()) co_return;
    co_await peer.send(ok_reply(std::to_string(peer.number()) + "/" + std::to_string(i)));
  }
}

TEST_F(TransportTest, RepeatableRequestsShareOneConnection) {
  const auto& server = serve(answer_all);
  EXPECT_EQ(body_of(send(request(server.port()))), "1/1");
  EXPECT_EQ(body_of(send(request(server.port()))), "1/2");
  EXPECT_EQ(body_of(send(request(server.port()))), "1/3");
  EXPECT_EQ(server.connections(), 1);
  EXPECT_EQ(transport().idle_connections(), 1U);
}

TEST_F(TransportTest, ARequestThatMayNotBeRepeatedNeverGetsAKeptConnection) {
  const auto& server = serve(answer_all);
  EXPECT_EQ(body_of(send(request(server.port()))), "1/1");
  auto once = request(server.port());
  once.repeatable = false;
  EXPECT_EQ(body_of(send(std::move(once))), "2/1");
  EXPECT_EQ(transport().idle_connections(), 2U) << "its connection serves others afterwards";
}

TEST_F(TransportTest, TheRequestGoesOutAsItWasSigned) {
  std::string seen;
  const auto& server = serve([&](Peer& peer) -> Task<void> {
    seen = co_await peer.request();
    co_await peer.send(ok_reply("x"));
  });
  auto wanted = request(server.port());
  wanted.method = "POST";
  wanted.url.path = "/a%20b";
  wanted.url.query = "c=d%2F";
  wanted.headers.add("X-Amz-Date", "20260102T030405Z");
  wanted.headers.add("content-type", "text/plain");
  wanted.headers.add("Content-Length", "999");
  wanted.body = "body";
  EXPECT_EQ(body_of(send(std::move(wanted))), "x");
  EXPECT_EQ(seen, "POST /a%20b?c=d%2F HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(server.port()) +
                      "\r\nX-Amz-Date: 20260102T030405Z\r\ncontent-type: text/plain\r\nContent-Length: 4\r\n\r\nbody");
}

TEST_F(TransportTest, AnEmptyPostSaysItsLengthAndAHostHeaderIsKept) {
  std::string seen;
  const auto& server = serve([&](Peer& peer) -> Task<void> {
    seen = co_await peer.request();
    co_await peer.send(ok_reply("x"));
  });
  auto wanted = request(server.port());
  wanted.method = "POST";
  wanted.headers.add("host", "signed.example");
  EXPECT_EQ(body_of(send(std::move(wanted))), "x");
  EXPECT_EQ(seen, "POST / HTTP/1.1\r\nhost: signed.example\r\nContent-Length: 0\r\n\r\n");
}

TEST_F(TransportTest, AConnectionThatTheServerClosedWhileIdleIsNotUsed) {
  int requests = 0;
  const auto& server = serve([&](Peer& peer) -> Task<void> {
    const auto seen = co_await peer.request();
    if (!seen.empty()) ++requests;
    co_await peer.send(ok_reply(std::to_string(peer.number())));
  });
  EXPECT_EQ(body_of(send(request(server.port()))), "1");
  run_until([&] { return server.open_connections() == 0; });
  EXPECT_EQ(body_of(send(request(server.port()))), "2");
  EXPECT_EQ(requests, 2);
}

TEST_F(TransportTest, AReplyThatNobodyAskedForIsNotTakenForTheNextOne) {
  const std::string evil = ok_reply("evil");
  const auto& together = serve([&](Peer& peer) -> Task<void> {
    co_await peer.request();
    co_await peer.send(ok_reply("good") + evil);
    co_await peer.request();
  });
  bool poisoned = false;
  const auto& later = serve([&](Peer& peer) -> Task<void> {
    co_await peer.request();
    co_await peer.send(ok_reply("good"));
    boost::asio::steady_timer timer(context_, Milliseconds{30});
    co_await timer.async_wait(boost::asio::use_awaitable);
    co_await peer.send(evil);
    poisoned = true;
    co_await peer.request();
  });
  EXPECT_EQ(body_of(send(request(together.port()))), "good");
  EXPECT_EQ(body_of(send(request(together.port()))), "good");
  EXPECT_EQ(together.connections(), 2);
  EXPECT_EQ(body_of(send(request(later.port()))), "good");
  EXPECT_EQ(transport().idle_connections(), 1U);
  run_until([&] { return poisoned; });
  EXPECT_EQ(body_of(send(request(later.port()))), "good");
  EXPECT_EQ(later.connections(), 2);
}

TEST_F(TransportTest, ARepeatableRequestIsSentOnceMoreWhereAKeptConnectionBreaks) {
  int requests = 0;
  const auto& server = serve([&](Peer& peer) -> Task<void> {
    for (;;) {
      const auto seen = co_await peer.request();
      if (seen.empty()) co_return;
      ++requests;
      if (requests == 2) co_return;  // closes at the very moment at which the second request arrives
      co_await peer.send(ok_reply(std::to_string(peer.number())));
    }
  });
  EXPECT_EQ(body_of(send(request(server.port()))), "1");
  EXPECT_EQ(body_of(send(request(server.port()))), "2");
  EXPECT_EQ(requests, 3);
}

TEST_F(TransportTest, ItIsSentOnlyOnceMore) {
  int requests = 0;
  const auto& server = serve([&](Peer& peer) -> Task<void> {
    for (;;) {
      const auto seen = co_await peer.request();
      if (seen.empty()) co_return;
      if (++requests > 1) co_return;
      co_await peer.send(ok_reply("x"));
    }
  });
  EXPECT_EQ(body_of(send(request(server.port()))), "x");
  const auto lost = send(request(server.port()));
  EXPECT_EQ(failure_of(lost), "outcome_unknown");
  EXPECT_EQ(requests, 3);
}

TEST_F(TransportTest, AReplyThatHasBegunIsNotAskedForAgain) {
  int requests = 0;
  const auto& server = serve([&](Peer& peer) -> Task<void> {
    for (;;) {
      const auto seen = co_await peer.request();
      if (seen.empty()) co_return;
      co_await peer.send(++requests == 1 ? ok_reply("x") : "H");
      if (requests > 1) co_return;
    }
  });
  EXPECT_EQ(body_of(send(request(server.port()))), "x");
  EXPECT_EQ(failure_of(send(request(server.port()))), "outcome_unknown");
  EXPECT_EQ(requests, 2);
}

TEST_F(TransportTest, AReplyCutAnywhereLeavesTheOutcomeUnknown) {
  const auto whole = ok_reply("twelve bytes");
  std::size_t length = 0;
  int requests = 0;
  const auto& server = serve([&](Peer& peer) -> Task<void> {
    co_await peer.request();
    ++requests;
    co_await peer.send(whole.substr(0, length));
  });
  for (length = 0; length < whole.size(); ++length) {
    requests = 0;
    auto once = request(server.port());
    once.repeatable = length % 2 == 0;
    const auto result = send(std::move(once));
    EXPECT_EQ(failure_of(result), "outcome_unknown") << "cut after " << length;
    EXPECT_EQ(requests, 1) << "cut after " << length;
  }
  EXPECT_EQ(body_of(send(request(server.port()))), "twelve bytes");
}

TEST_F(TransportTest, ACutChunkedReplyLeavesTheOutcomeUnknown) {
  const std::string whole =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nT: u\r\n\r\n";
  std::size_t length = 0;
  const auto& server = serve([&](Peer& peer) -> Task<void> {
    co_await peer.request();
    for (const char c : whole.substr(0, length)) co_await peer.send(std::string(1, c));
  });
  for (length = 40; length < whole.size(); ++length) {
    EXPECT_EQ(failure_of(send(request(server.port()))), "outcome_unknown") << "cut after " << length;
  }
  EXPECT_EQ(body_of(send(request(server.port()))), "abcde");
}

TEST_F(TransportTest, ARefusedConnectionIsNotSentAndSaysWhere) {
  const auto port = closed_port(context_);
  const auto result = send(request(port));
  EXPECT_EQ(failure_of(result), "not_sent");
  EXPECT_THAT(message_of(result), HasSubstr("127.0.0.1:" + std::to_string(port)));
  EXPECT_THAT(message_of(result), HasSubstr("refused"));
}

TEST_F(TransportTest, ANameWithoutAddressIsNotSentAndIsNamed) {
  const auto result = send(request(80, "http", "bad..name"));
  EXPECT_EQ(failure_of(result), "not_sent");
  EXPECT_THAT(message_of(result), HasSubstr("bad..name"));
}

TEST_F(TransportTest, ManyRequestsThatWantOneNameAreAllAnswered) {
  const auto& server = serve(answer_all);
  std::vector<HttpRequest> requests;
  for (int i = 0; i < 20; ++i) requests.push_back(request(server.port(), "http", "localhost"));
  const auto results = send_all(std::move(requests));
  ASSERT_EQ(results.size(), 20U);
  for (const auto& result : results) EXPECT_THAT(body_of(result), HasSubstr("/1"));
}

TEST_F(TransportTest, ASilentServerIsGivenUpAtTheTimeLimit) {
  const auto& server = serve([](Peer& peer) -> Task<void> {
    co_await peer.request();
    co_await peer.request();
  });
  auto hurried = request(server.port());
  hurried.timeout = Milliseconds{150};
  const auto result = send(std::move(hurried));
  EXPECT_EQ(failure_of(result), "outcome_unknown");
  EXPECT_THAT(message_of(result), HasSubstr("0.15 s"));
  EXPECT_EQ(transport().idle_connections(), 0U);
  run_until([&] { return server.open_connections() == 0; });
}

TEST_F(TransportTest, ATimeLimitOnAKeptConnectionIsNotRetried) {
  int requests = 0;
  const auto& server = serve([&](Peer& peer) -> Task<void> {
    for (;;) {
      const auto seen = co_await peer.request();
      if (seen.empty()) co_return;
      if (++requests == 1) co_await peer.send(ok_reply("x"));
    }
  });
  EXPECT_EQ(body_of(send(request(server.port()))), "x");
  auto hurried = request(server.port());
  hurried.timeout = Milliseconds{150};
  EXPECT_EQ(failure_of(send(std::move(hurried))), "outcome_unknown");
  EXPECT_EQ(requests, 2);
  EXPECT_EQ(transport().idle_connections(), 0U);
}

TEST_F(TransportTest, TheTimeLimitIsForTheWholeExchange) {
  const auto& server = serve([&](Peer& peer) -> Task<void> {
    co_await peer.request();
    co_await peer.send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
    // Never silent for long, and never done.
    boost::asio::steady_timer timer(context_);
    for (int i = 0; i < 100; ++i) {
      timer.expires_after(Milliseconds{20});
      co_await timer.async_wait(boost::asio::use_awaitable);
      co_await peer.send("x");
    }
  });
  auto hurried = request(server.port());
  hurried.timeout = Milliseconds{200};
  EXPECT_EQ(failure_of(send(std::move(hurried))), "outcome_unknown");
}

TEST_F(TransportTest, ABodyOverTheLimitIsABadReply) {
  const auto& server = serve([](Peer& peer) -> Task<void> {
    const auto seen = co_await peer.request();
    const bool chunked = seen.find("/chunked") != std::string::npos;
    co_await peer.send(
        chunked ? "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n6\r\nfghijk\r\n0\r\n\r\n"
                : ok_reply("abcdefghijk"));
  });
  for (const auto* path : {"/", "/chunked"}) {
    auto small = request(server.port());
    small.url.path = path;
    small.body_limit = 10;
    const auto result = send(std::move(small));
    EXPECT_EQ(failure_of(result), "bad_reply") << path;
    EXPECT_THAT(message_of(result), HasSubstr("longer"));
    auto enough = request(server.port());
    enough.url.path = path;
    enough.body_limit = 11;
    EXPECT_EQ(body_of(send(std::move(enough))), "abcdefghijk");
  }
}

TEST_F(TransportTest, GarbageIsABadReply) {
  std::string reply;
  const auto& server = serve([&](Peer& peer) -> Task<void> {
    co_await peer.request();
    co_await peer.send(reply);
    co_await peer.request();
  });
  for (const std::string text :
       {"SSH-2.0-OpenSSH_9.2\r\n\r\n", "HTTP/1.1 abc OK\r\n\r\n", "<html></html>\r\n\r\n",
        "HTTP/1.1 200 OK\r\nBad Header\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"}) {
    reply = text;
    EXPECT_EQ(failure_of(send(request(server.port()))), "bad_reply") << text;
  }
  reply = "HTTP/1.1 200 OK\r\nX: " + std::string(100'000, 'x');
  EXPECT_EQ(failure_of(send(request(server.port()))), "bad_reply");
  reply = "HTTP/1.1 101 Switching Protocols\r\n\r\n";
  EXPECT_EQ(failure_of(send(request(server.port()))), "bad_reply");
  reply.clear();
  for (int i = 0; i < 100; ++i) reply += "HTTP/1.1 100 Continue\r\n\r\n";
  EXPECT_EQ(failure_of(send(request(server.port()))), "bad_reply");
  EXPECT_EQ(transport().idle_connections(), 0U);
}

TEST_F(TransportTest, InterimRepliesAreSkipped) {
  const auto& server = serve([](Peer& peer) -> Task<void> {
    co_await peer.request();
    co_await peer.send("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + ok_reply("final"));
    co_await peer.request();
    co_await peer.send("HTTP/1.1 100 Continue\r\n\r\n");
    co_await peer.send(ok_reply("again"));
    co_await peer.request();
  });
  EXPECT_EQ(body_of(send(request(server.port()))), "final");
  EXPECT_EQ(body_of(send(request(server.port()))), "again");
  EXPECT_EQ(server.connections(), 1);
}

TEST_F(TransportTest, RepliesWithoutABodyEndAtTheirHeaders) {
  std::string head;
  const auto& server = serve([&](Peer& peer) -> Task<void> {
    for (;;) {
      const auto seen = co_await peer.request();
      if (seen.empty()) co_return;
      co_await peer.send(head);
    }
  });
  auto headers_only = request(server.port());
  headers_only.method = "HEAD";
  head = "HTTP/1.1 200 OK\r\nContent-Length: 12345\r\n\r\n";
  const auto result = send(std::move(headers_only));
  EXPECT_EQ(body_of(result), "");
  EXPECT_EQ(result->headers.find("content-length"), "12345");
  for (const int status : {204, 304}) {
    head = "HTTP/1.1 " + std::to_string(status) + " X\r\n\r\n";
    const auto empty = send(request(server.port()));
    ASSERT_TRUE(empty);
    EXPECT_EQ(empty->status, status);
  }
  EXPECT_EQ(server.connections(), 1);
}

TEST_F(TransportTest, EveryStatusIsASuccessAndRepeatedHeadersAreKept) {
  const auto& server = serve([](Peer& peer) -> Task<void> {
    co_await peer.request();
    co_await peer.send("HTTP/1.1 503 Slow Down\r\nContent-Length: 4\r\nA: 1\r\na: 2\r\n\r\nbusy");
  });
  const auto result = send(request(server.port()));
  EXPECT_EQ(body_of(result), "busy");
  EXPECT_EQ(result->status, 503);
  std::vector<std::string> values;
  for (const auto& field : result->headers.fields()) {
    if (equal_ignoring_case(field.name, "a")) values.push_back(field.value);
  }
  EXPECT_THAT(values, ElementsAre("1", "2"));
}

TEST_F(TransportTest, AReplyUntilTheEndIsReadAndItsConnectionNotKept) {
  const auto& server = serve([](Peer& peer) -> Task<void> {
    co_await peer.request();
    co_await peer.send("HTTP/1.1 200 OK\r\n\r\nall of ");
    co_await peer.send("it");
  });
  EXPECT_EQ(body_of(send(request(server.port()))), "all of it");
  EXPECT_EQ(transport().idle_connections(), 0U);
}

TEST_F(TransportTest, ConnectionCloseIsHonoured) {
  const auto& server = serve([](Peer& peer) -> Task<void> {
    co_await peer.request();
    co_await peer.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx");
    co_await peer.request();
  });
  EXPECT_EQ(body_of(send(request(server.port()))), "x");
  EXPECT_EQ(transport().idle_connections(), 0U);
  run_until([&] { return server.open_connections() == 0; });
}

TEST_F(TransportTest, AnIdleConnectionExpires) {
  const auto& server = serve(answer_all);
  EXPECT_EQ(body_of(send(request(server.port()))), "1/1");
  clock_.advance(Milliseconds{19'999});
  EXPECT_EQ(body_of(send(request(server.port()))), "1/2");
  clock_.advance(Milliseconds{20'000});
  EXPECT_EQ(body_of(send(request(server.port()))), "2/1");
}

TEST_F(TransportTest, IdleConnectionsAreBoundedAndTheLongestIdleOneGoes) {
  settings().max_idle = 2;
  const auto& first = serve(answer_all);
  const auto& second = serve(answer_all);
  const auto& third = serve(answer_all);
  for (const auto* server : {&first, &second, &third}) {
    EXPECT_EQ(body_of(send(request(server->port()))), "1/1");
    clock_.advance(Milliseconds{1});
  }
  EXPECT_EQ(transport().idle_connections(), 2U);
  EXPECT_EQ(body_of(send(request(second.port()))), "1/2");
  EXPECT_EQ(body_of(send(request(first.port()))), "2/1");
}

TEST_F(TransportTest, FiftyRequestsAtOnceAllGetTheirOwnReply) {
  const auto& server = serve([](Peer& peer) -> Task<void> {
    for (;;) {
      const auto seen = co_await peer.request();
      if (seen.empty()) co_return;
      co_await peer.send(ok_reply(seen.substr(0, seen.find(" HTTP"))));
    }
  });
  for (int round = 0; round < 2; ++round) {
    std::vector<HttpRequest> requests;
    for (int i = 0; i < 50; ++i) {
      requests.push_back(request(server.port()));
      requests.back().url.path = "/" + std::to_string(i);
    }
    const auto results = send_all(std::move(requests));
    for (int i = 0; i < 50; ++i) {
      EXPECT_EQ(body_of(results[static_cast<std::size_t>(i)]), "GET /" + std::to_string(i));
    }
  }
  EXPECT_EQ(server.connections(), 50) << "the second round uses the first one's connections";
}

TEST_F(TransportTest, ConnectionsToOneHostAreBoundedAndTheOthersWaitTheirTurn) {
  settings().max_connections_per_host = 4;
  const auto& server = serve(answer_all);
  std::vector<HttpRequest> requests;
  for (int i = 0; i < 50; ++i) {
    requests.push_back(request(server.port()));
    requests.back().repeatable = i % 5 != 0;
  }
  const auto results = send_all(std::move(requests));
  ASSERT_EQ(results.size(), 50U);
  for (const auto& result : results) EXPECT_THAT(body_of(result), HasSubstr("/"));
  EXPECT_LE(server.most_open_connections(), 8) << "4 in use and 4 idle";
}

TEST_F(TransportTest, WaitingForATurnEndsAtTheTimeLimit) {
  settings().max_connections_per_host = 1;
  const auto& server = serve([](Peer& peer) -> Task<void> {
    co_await peer.request();
    co_await peer.request();
  });
  std::vector<HttpRequest> requests;
  requests.push_back(request(server.port()));
  requests.back().timeout = Milliseconds{400};
  requests.push_back(request(server.port()));
  requests.back().timeout = Milliseconds{100};
  const auto results = send_all(std::move(requests));
  EXPECT_EQ(failure_of(results[0]), "outcome_unknown");
  EXPECT_EQ(failure_of(results[1]), "not_sent");
  EXPECT_THAT(message_of(results[1]), HasSubstr("came free"));
  EXPECT_EQ(server.connections(), 1);
}

TEST_F(TransportTest, ACancelledRequestGivesItsTurnBackAndItsConnectionIsNotKept) {
  settings().max_connections_per_host = 1;
  int requests = 0;
  const auto& server = serve([&](Peer& peer) -> Task<void> {
    for (;;) {
      const auto seen = co_await peer.request();
      if (seen.empty()) co_return;
      if (++requests > 1) co_await peer.send(ok_reply(std::to_string(peer.number())));
    }
  });
  boost::asio::cancellation_signal stop;
  bool ended = false;
  boost::asio::co_spawn(
      context_, transport().send(request(server.port())),
      boost::asio::bind_cancellation_slot(stop.slot(), [&](std::exception_ptr, Result<HttpResponse> result) {
        EXPECT_EQ(failure_of(result), "outcome_unknown");
        ended = true;
      }));
  run_until([&] { return requests == 1; });
  stop.emit(boost::asio::cancellation_type::terminal);
  run_until([&] { return ended; });
  EXPECT_EQ(transport().idle_connections(), 0U);
  EXPECT_EQ(body_of(send(request(server.port()))), "2");
}

TEST_F(TransportTest, AHeaderThatWouldSmuggleALineIsNotSent) {
  const auto& server = serve(answer_all);
  for (const auto& [name, value] : std::vector<std::pair<std::string, std::string>>{{"X", "a\r\nY: b"},
                                                                                    {"X", std::string("a\0b", 3)},
                                                                                    {"X: Y", "b"},
                                                                                    {"", "b"},
                                                                                    {"Transfer-Encoding", "chunked"}}) {
    auto wanted = request(server.port());
    wanted.headers.add(name, value);
    EXPECT_EQ(failure_of(send(std::move(wanted))), "not_sent") << name;
  }
  auto wanted = request(server.port());
  wanted.url.path = "/a b";
  EXPECT_EQ(failure_of(send(std::move(wanted))), "not_sent");
  wanted = request(server.port());
  wanted.url.host = "127.0.0.1\r\nX: y";
  EXPECT_EQ(failure_of(send(std::move(wanted))), "not_sent");
  wanted = request(server.port());
  wanted.method = "GET /x HTTP/1.1\r\nA:";
  EXPECT_EQ(failure_of(send(std::move(wanted))), "not_sent");
  EXPECT_EQ(server.connections(), 0);
}

TEST_F(TransportTest, ALargeBodyGoesBothWays) {
  const std::string body(3'000'000, 'b');
  const auto& server = serve([&](Peer& peer) -> Task<void> {
    const auto seen = co_await peer.request();
    co_await peer.send(ok_reply(seen.substr(seen.find("\r\n\r\n") + 4)));
  });
  auto wanted = request(server.port());
  wanted.method = "PUT";
  wanted.body = body;
  EXPECT_TRUE(body_of(send(std::move(wanted))) == body);
}

}  // namespace
}  // namespace rekeyer::aws
