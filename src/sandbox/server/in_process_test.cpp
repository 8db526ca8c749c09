#include "sandbox/server/in_process.hpp"

#include <gtest/gtest.h>

#include <optional>

#include "fakes/virtual_time.hpp"

namespace rekeyer::sandbox {
namespace {

aws::HttpRequest anyones_request() {
  aws::HttpRequest request;
  request.timeout = Milliseconds(1'000);
  return request;
}

using Reply = Result<aws::HttpResponse>;

Task<void> exchange(aws::Transport* transport, aws::HttpRequest request, std::optional<Reply>* into) {
  Reply reply = co_await transport->send(std::move(request));
  into->emplace(std::move(reply));
}

/// Requests that nobody signed: what comes back is a refusal, which is reply enough here.
class InProcess : public testing::Test {
 protected:
  Reply send(aws::HttpRequest request = anyones_request()) {
    sent = time.clock.now();
    std::optional<Reply> reply;
    time.run(exchange(&transport, std::move(request), &reply));
    took = time.clock.now() - sent;
    return std::move(reply).value();
  }

  void order(FaultKind kind, Milliseconds wait) {
    FaultRule rule;
    rule.kind = kind;
    rule.wait = wait;
    sandbox.faults.add(rule);
  }

  fakes::VirtualTime time;
  Sandbox sandbox;
  InProcessTransport transport{sandbox, time.clock};
  Instant sent{};
  Milliseconds took{0};
};

TEST_F(InProcess, AnswersAtOnceWithoutLatency) {
  const auto reply = send();
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 403);
  EXPECT_EQ(took, Milliseconds(0));
}

TEST_F(InProcess, ACallArrivesHalfWayThroughItsLatency) {
  sandbox.behaviour.latency = Milliseconds(100);
  ASSERT_TRUE(send());
  EXPECT_EQ(took, Milliseconds(100));
  EXPECT_EQ(sandbox.calls.entries().at(0).at, sent + Milliseconds(50));
}

TEST_F(InProcess, ACutLeavesTheOutcomeUnknown) {
  order(FaultKind::cut, Milliseconds(0));
  const auto reply = send();
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().kind, ErrorKind::outcome_unknown);
}

TEST_F(InProcess, HalfABodyLeavesTheOutcomeUnknown) {
  order(FaultKind::truncate, Milliseconds(0));
  const auto reply = send();
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().kind, ErrorKind::outcome_unknown);
}

TEST_F(InProcess, AHangTakesTheRequestsTimeoutAndNoMore) {
  order(FaultKind::hang, std::chrono::hours(1));
  const auto reply = send();
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().kind, ErrorKind::outcome_unknown);
  EXPECT_EQ(took, Milliseconds(1'000));
}

TEST_F(InProcess, ALatencyBeyondTheTimeoutLosesTheReplyOfACallThatArrived) {
  sandbox.behaviour.latency = Milliseconds(1'500);
  const auto reply = send();
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().kind, ErrorKind::outcome_unknown);
  EXPECT_EQ(took, Milliseconds(1'000));
  EXPECT_EQ(sandbox.calls.count(), 1U);
}

TEST_F(InProcess, ABodyBeyondTheLimitIsABadReply) {
  auto request = anyones_request();
  request.body_limit = 10;
  const auto reply = send(std::move(request));
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().kind, ErrorKind::bad_reply);
}

}  // namespace
}  // namespace rekeyer::sandbox
