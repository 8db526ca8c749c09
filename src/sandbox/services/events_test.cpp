// EventBridge: what is put is kept, and what is wrong with one event is told in its place.
#include "sandbox/services/operation_fixture.hpp"

namespace rekeyer::sandbox {
namespace {

class Events : public OperationTest {
 protected:
  Events() : OperationTest(event_operations()) {
    asked.protocol = Protocol::json;
    asked.region = Region("eu-west-1");
  }
  const EventBus& bus(const std::string& name) {
    return world.account(management).buses.at("arn:aws:events:eu-west-1:100000000000:event-bus/" + name);
  }
};

TEST_F(Events, ArePutOnTheDefaultBusAndKept) {
  const auto put = call("PutEvents", R"({"Entries": [{"Source": "rekeyer", "DetailType": "Key", "Detail": "{\"a\": 1}",
      "Resources": ["arn:x"], "Time": 1772366400}]})");
  EXPECT_EQ(put.at("FailedEntryCount").as_int64(), 0);
  const auto& events = bus("default").events;
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].id, text(put.at("Entries").at(0).at("EventId")));
  EXPECT_EQ(events[0].source, "rekeyer");
  EXPECT_EQ(events[0].detail, R"({"a": 1})");
  EXPECT_EQ(events[0].resources, std::vector<std::string>{"arn:x"});
  EXPECT_EQ(events[0].time, from_epoch_seconds(1772366400));
  EXPECT_EQ(events[0].at, now);
}

TEST_F(Events, OneWrongEventDoesNotStopTheOthers) {
  const auto put = call("PutEvents", R"({"Entries": [
      {"Source": "s", "DetailType": "d", "Detail": "{}"}, {"DetailType": "d", "Detail": "{}"},
      {"Source": "s", "DetailType": "d", "Detail": "[]"}, {"Source": "AWS.iam", "DetailType": "d", "Detail": "{}"},
      {"Source": "s", "DetailType": "d", "Detail": "{}", "EventBusName": "none"}]})");
  EXPECT_EQ(put.at("FailedEntryCount").as_int64(), 4);
  EXPECT_TRUE(put.at("Entries").at(0).as_object().contains("EventId"));
  std::string codes;
  for (std::size_t i = 1; i < 5; ++i) codes += text(put.at("Entries").at(i).at("ErrorCode")) + " ";
  EXPECT_EQ(codes, "InvalidArgument MalformedDetail NotAuthorizedForSourceException ResourceNotFoundException ");
  EXPECT_EQ(bus("default").events.size(), 1U);
}

TEST_F(Events, ARequestHasOneToTenAndNotTooMuch) {
  EXPECT_EQ(outcome("PutEvents", R"({"Entries": []})"), "ValidationException");
  EXPECT_EQ(outcome("PutEvents", R"({"Entries": [1,2,3,4,5,6,7,8,9,10,11]})"), "ValidationException");
  EXPECT_EQ(outcome("PutEvents", R"({"Entries": [{"Source": "s", "DetailType": "d", "Detail": "{\"a\": \")" +
                                     std::string(262'144, 'x') + R"(\"}"}]})"),
            "ValidationException");
}

TEST_F(Events, BusesAreMadeShownAndDeleted) {
  EXPECT_EQ(outcome("CreateEventBus", R"({"Name": "keys", "Description": "d"})"),
            R"({"EventBusArn":"arn:aws:events:eu-west-1:100000000000:event-bus/keys","Description":"d"})");
  EXPECT_EQ(outcome("CreateEventBus", R"({"Name": "keys"})"), "ResourceAlreadyExistsException");
  EXPECT_EQ(outcome("CreateEventBus", R"({"Name": "default"})"), "ResourceAlreadyExistsException");
  EXPECT_EQ(outcome("CreateEventBus", R"({"Name": "a b"})"), "ValidationException");
  EXPECT_EQ(call("ListEventBuses").at("EventBuses").as_array().size(), 2U);
  EXPECT_EQ(call("ListEventBuses", R"({"NamePrefix": "k"})").at("EventBuses").as_array().size(), 1U);
  EXPECT_EQ(text(call("DescribeEventBus").at("Name")), "default");
  EXPECT_EQ(text(call("DescribeEventBus", R"({"Name": "keys"})").at("Description")), "d");
  EXPECT_EQ(outcome("DescribeEventBus", R"({"Name": "none"})"), "ResourceNotFoundException");
  const auto first = call("ListEventBuses", R"({"Limit": 1})");
  const auto rest = call("ListEventBuses", R"({"Limit": 1, "NextToken": ")" + text(first.at("NextToken")) + "\"}");
  EXPECT_EQ(text(rest.at("EventBuses").at(0).at("Name")), "keys");
  EXPECT_FALSE(rest.as_object().contains("NextToken"));
  EXPECT_EQ(outcome("DeleteEventBus", R"({"Name": "default"})"), "ValidationException");
  EXPECT_EQ(outcome("DeleteEventBus", R"({"Name": "keys"})"), "{}");
  EXPECT_EQ(outcome("DeleteEventBus", R"({"Name": "keys"})"), "{}");
  EXPECT_EQ(outcome("DescribeEventBus", R"({"Name": "keys"})"), "ResourceNotFoundException");
}

}  // namespace
}  // namespace rekeyer::sandbox
