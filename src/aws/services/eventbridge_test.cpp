// The EventBridge client: batches, and events that are refused although the call succeeds.
#include "aws/services/eventbridge.hpp"

#include <gtest/gtest.h>

#include "fakes/call_bench.hpp"

namespace rekeyer::aws {
namespace {

using fakes::CallBench;

BusEvent event(std::string bus = {}) {
  BusEvent made;
  made.bus = std::move(bus);
  made.source = "rekeyer";
  made.detail_type = "Access key";
  made.detail = R"({"a":1})";
  return made;
}

class EventBridgeTest : public testing::Test {
 protected:
  std::string kind(const auto& result) { return result ? "ok" : std::string(name(result.error().kind)); }
  CallBench bench;
  EventBridgeClient events{bench.caller, bench.principal()};
};

TEST_F(EventBridgeTest, EachEventsFateIsTold) {
  bench.transport.reply(200, R"({"FailedEntryCount":1,"Entries":[{"EventId":"e-1"},
    {"ErrorCode":"ThrottlingException","ErrorMessage":"Rate exceeded"}]})");
  BusEvent second = event("keys");
  second.resources = {"arn:aws:iam::111111111111:user/ann"};
  second.time = fakes::bench_start + Milliseconds{1500};
  std::vector<BusEvent> both;
  both.push_back(event());
  both.push_back(second);
  const auto fates = bench.run(events.put_events(both));
  ASSERT_TRUE(fates) << describe(fates.error());
  EXPECT_EQ(*fates, (std::vector<std::optional<std::string>>{std::nullopt, "ThrottlingException: Rate exceeded"}));
  const auto& sent = bench.transport.sent.at(0);
  EXPECT_EQ(sent.url, "https://events.eu-west-1.amazonaws.com/");
  EXPECT_EQ(sent.header("X-Amz-Target"), "AWSEvents.PutEvents");
  EXPECT_EQ(sent.body, R"({"Entries":[{"Source":"rekeyer","DetailType":"Access key","Detail":"{\"a\":1}"},)"
                       R"({"Time":1772323201,"Source":"rekeyer","DetailType":"Access key","Detail":"{\"a\":1}",)"
                       R"("Resources":["arn:aws:iam::111111111111:user/ann"],"EventBusName":"keys"}]})");
}

TEST_F(EventBridgeTest, AReplyAboutOtherEventsIsNone) {
  for (int i = 0; i < 8; ++i) bench.transport.reply(200, R"({"FailedEntryCount":0,"Entries":[]})");
  EXPECT_EQ(kind(bench.run(events.put_events({event()}))), "bad_reply");
}

TEST_F(EventBridgeTest, ALostReplyIsAskedForAgain) {
  bench.transport.lost().reply(200, R"({"FailedEntryCount":0,"Entries":[{"EventId":"e-1"}]})");
  const auto fates = bench.run(events.put_events({event("keys")}));
  ASSERT_TRUE(fates) << describe(fates.error());
  EXPECT_EQ(*fates, std::vector<std::optional<std::string>>{std::nullopt});
  ASSERT_EQ(bench.transport.sent.size(), 2U);
  EXPECT_EQ(bench.transport.sent.at(1).header("X-Amz-Target"), "AWSEvents.PutEvents");
  EXPECT_EQ(bench.transport.sent.at(1).body, bench.transport.sent.at(0).body) << "the same event, whole";
}

TEST(EventBridgeBus, IsLookedAtByName) {
  CallBench bench;
  EventBridgeClient client(bench.caller, bench.principal());
  bench.transport.reply(200, R"({"Name":"keys","Arn":"arn:aws:events:eu-west-1:1:event-bus/keys"})");
  const auto arn = bench.run(client.bus("keys"));
  ASSERT_TRUE(arn) << describe(arn.error());
  EXPECT_EQ(arn->str(), "arn:aws:events:eu-west-1:1:event-bus/keys");
  EXPECT_EQ(bench.transport.sent.at(0).header("X-Amz-Target"), "AWSEvents.DescribeEventBus");
  EXPECT_EQ(bench.transport.sent.at(0).body, R"({"Name":"keys"})");
  bench.transport.json_error(400, "ResourceNotFoundException");
  const auto none = bench.run(client.bus(""));
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().kind, ErrorKind::not_found);
  EXPECT_EQ(bench.transport.sent.at(1).body, "{}");
}

}  // namespace
}  // namespace rekeyer::aws
