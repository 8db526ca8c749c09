// SNS's operations: topics, subscriptions, and every rule of a message.
#include <fmt/format.h>

#include "sandbox/services/operation_fixture.hpp"

namespace rekeyer::sandbox {
namespace {

using boost::json::value;

class SandboxSnsTest : public OperationTest {
 protected:
  SandboxSnsTest() : OperationTest(sns_operations()) {
    asked.service = "sns";
    asked.region = Region("us-east-1");
    EXPECT_EQ(outcome("CreateTopic", R"({"Name":"keys","Attributes":[{"key":"DisplayName","value":"Keys"}]})"),
              fmt::format(R"({{"TopicArn":"{}"}})", arn));
  }
  static constexpr std::string_view arn = "arn:aws:sns:us-east-1:100000000000:keys";
  std::string publish(std::string_view more, std::string_view message = "text") {
    const value output = call("Publish", fmt::format(R"({{"TopicArn":"{}","Message":"{}"{}}})", arn, message, more));
    return output.is_null() ? refusal.code : "published";
  }
  std::string with_attribute(std::string_view name, std::string_view type, std::string_view text) {
    return publish(fmt::format(
        R"(,"MessageAttributes":[{{"Name":"{}","Value":{{"DataType":"{}","StringValue":"{}"}}}}])", name, type, text));
  }
  Topic& topic() { return world.account(management).messages.topics.at(std::string(arn)); }
};

TEST_F(SandboxSnsTest, TagsAreGivenWhenATopicIsMade) {
  const auto tags = [&](std::string_view name) {
    return outcome("ListTagsForResource",
                   fmt::format(R"({{"ResourceArn":"arn:aws:sns:us-east-1:100000000000:{}"}})", name));
  };
  EXPECT_EQ(tags("keys"), R"({"Tags":[]})");
  EXPECT_EQ(tags("none"), "ResourceNotFound");
  call("CreateTopic", R"({"Name":"tagged","Tags":[{"Key":"a","Value":"b"}]})");
  EXPECT_EQ(tags("tagged"), R"({"Tags":[{"Key":"a","Value":"b"}]})");
  EXPECT_EQ(outcome("CreateTopic", R"({"Name":"tagged","Tags":[{"Key":"a","Value":"c"}]})"), "InvalidParameter");
}

TEST_F(SandboxSnsTest, TopicsAreMadeOnceListedByRegionAndDeleted) {
  EXPECT_EQ(outcome("CreateTopic", R"({"Name":"keys"})"), fmt::format(R"({{"TopicArn":"{}"}})", arn));
  EXPECT_EQ(topic().display_name, "Keys");
  EXPECT_EQ(outcome("CreateTopic", R"({"Name":"no spaces"})"), "InvalidParameter");
  EXPECT_EQ(outcome("ListTopics"), fmt::format(R"({{"Topics":[{{"TopicArn":"{}"}}]}})", arn));
  asked.region = Region("eu-west-1");
  EXPECT_EQ(outcome("ListTopics"), R"({"Topics":[]})");
  EXPECT_EQ(publish(""), "InvalidParameter") << "a topic of another region";
  asked.region = Region("us-east-1");
  EXPECT_EQ(outcome("DeleteTopic", fmt::format(R"({{"TopicArn":"{}"}})", arn)), "{}");
  EXPECT_EQ(outcome("DeleteTopic", fmt::format(R"({{"TopicArn":"{}"}})", arn)), "{}");
  EXPECT_EQ(publish(""), "NotFound");
  EXPECT_EQ(refusal.status, 404);
}

TEST_F(SandboxSnsTest, ListsGoOnAfterAHundred) {
  for (int n = 0; n < 149; ++n) call("CreateTopic", fmt::format(R"({{"Name":"t{}"}})", n));
  const value first = call("ListTopics");
  EXPECT_EQ(first.at("Topics").as_array().size(), 100u);
  const value second = call("ListTopics", fmt::format(R"({{"NextToken":"{}"}})", text(first.at("NextToken"))));
  EXPECT_EQ(second.at("Topics").as_array().size(), 50u);
  EXPECT_FALSE(second.as_object().contains("NextToken"));
  EXPECT_EQ(outcome("ListTopics", R"({"NextToken":"made-up"})"), "InvalidParameter");
}

TEST_F(SandboxSnsTest, TopicsOfOthersAreForbidden) {
  EXPECT_EQ(outcome("Publish", R"({"TopicArn":"arn:aws:sns:us-east-1:200000000000:keys","Message":"x"})"),
            "AuthorizationError");
  EXPECT_EQ(refusal.status, 403);
}

TEST_F(SandboxSnsTest, AttributesAreShownAsAMap) {
  const auto input = [](std::string_view more) { return fmt::format(R"({{"TopicArn":"{}"{}}})", arn, more); };
  EXPECT_EQ(outcome("SetTopicAttributes", input(R"(,"AttributeName":"DisplayName","AttributeValue":"New")")), "{}");
  EXPECT_EQ(outcome("SetTopicAttributes", input(R"(,"AttributeName":"Policy","AttributeValue":"{}")")),
            "InvalidParameter");
  const value shown = call("GetTopicAttributes", input("")).at("Attributes").at("entry");
  EXPECT_EQ(boost::json::serialize(shown.at(2)), R"({"key":"DisplayName","value":"New"})");
}

TEST_F(SandboxSnsTest, SubscriptionsAreConfirmedAtOnce) {
  const auto input = [](std::string_view endpoint) {
    return fmt::format(R"({{"TopicArn":"{}","Protocol":"email","Endpoint":"{}"}})", arn, endpoint);
  };
  const std::string first = outcome("Subscribe", input("a@b.org"));
  EXPECT_EQ(outcome("Subscribe", input("a@b.org")), first);
  EXPECT_EQ(outcome("Subscribe", input("nobody")), "InvalidParameter");
  const std::string subscription = topic().subscriptions.at(0).arn.str();
  const std::string listed = outcome("ListSubscriptions");
  EXPECT_TRUE(listed.contains(subscription)) << listed;
  EXPECT_EQ(outcome("ListSubscriptionsByTopic", fmt::format(R"({{"TopicArn":"{}"}})", arn)), listed);
  EXPECT_EQ(outcome("Unsubscribe", fmt::format(R"({{"SubscriptionArn":"{}"}})", subscription)), "{}");
  EXPECT_EQ(outcome("Unsubscribe", fmt::format(R"({{"SubscriptionArn":"{}"}})", subscription)), "NotFound");
  EXPECT_EQ(outcome("ListSubscriptions"), R"({"Subscriptions":[]})");
}

TEST_F(SandboxSnsTest, WhatIsPublishedIsKept) {
  EXPECT_EQ(
      publish(
          R"(,"Subject":"Rotation","MessageAttributes":[{"Name":"run","Value":{"DataType":"String","StringValue":"r1"}}])"),
      "published");
  const PublishedMessage& message = topic().published.at(0);
  EXPECT_EQ(message.message, "text");
  EXPECT_EQ(message.subject, "Rotation");
  EXPECT_EQ(message.attributes.at("run"), "r1");
  EXPECT_EQ(message.at, now);
}

TEST_F(SandboxSnsTest, SubjectsAreShortPrintableAscii) {
  const auto subject = [&](std::string_view text) { return publish(fmt::format(R"(,"Subject":"{}")", text)); };
  EXPECT_EQ(subject(std::string(99, 'a')), "published");
  EXPECT_EQ(subject(std::string(100, 'a')), "InvalidParameter");
  EXPECT_EQ(subject(""), "InvalidParameter");
  EXPECT_EQ(subject(" a"), "InvalidParameter");
  EXPECT_EQ(subject("a\\nb"), "InvalidParameter");
  EXPECT_EQ(subject("für"), "InvalidParameter");
}

TEST_F(SandboxSnsTest, SizeCountsTheAttributesToo) {
  EXPECT_EQ(publish("", ""), "InvalidParameter");
  EXPECT_EQ(publish("", std::string(262'144, 'a')), "published");
  EXPECT_EQ(publish("", std::string(262'145, 'a')), "InvalidParameter");
  EXPECT_EQ(publish(R"(,"MessageAttributes":[{"Name":"n","Value":{"DataType":"String","StringValue":"v"}}])",
                    std::string(262'144, 'a')),
            "InvalidParameter");
}

TEST_F(SandboxSnsTest, AStructuredMessageHasADefault) {
  const auto structured = [&](std::string_view message) { return publish(R"(,"MessageStructure":"json")", message); };
  EXPECT_EQ(structured(R"({\"default\":\"x\",\"email\":\"y\"})"), "published");
  EXPECT_EQ(structured(R"({\"email\":\"y\"})"), "InvalidParameter");
  EXPECT_EQ(structured(R"({\"default\":1})"), "InvalidParameter");
  EXPECT_EQ(structured("text"), "InvalidParameter");
  EXPECT_EQ(publish(R"(,"MessageStructure":"xml")"), "InvalidParameter");
}

TEST_F(SandboxSnsTest, AttributesOfMessagesAreChecked) {
  EXPECT_EQ(with_attribute("a.b-c_1", "String.Array", "[1]"), "published");
  EXPECT_EQ(with_attribute("count", "Number.keys", "12.5"), "published");
  EXPECT_EQ(with_attribute("count", "Number", "many"), "ParameterValueInvalid");
  EXPECT_EQ(with_attribute("count", "Integer", "1"), "ParameterValueInvalid");
  EXPECT_EQ(with_attribute("AWS.x", "String", "x"), "ParameterValueInvalid");
  EXPECT_EQ(with_attribute("a..b", "String", "x"), "ParameterValueInvalid");
  EXPECT_EQ(with_attribute("a b", "String", "x"), "ParameterValueInvalid");
  EXPECT_EQ(with_attribute("a", "String", ""), "ParameterValueInvalid");
}

TEST_F(SandboxSnsTest, AMessageGoesToOneTopic) {
  EXPECT_EQ(outcome("Publish", R"({"Message":"x"})"), "InvalidParameter");
  EXPECT_EQ(outcome("Publish", R"({"Message":"x","PhoneNumber":"+491"})"), "InvalidParameter");
  EXPECT_EQ(publish(fmt::format(R"(,"TargetArn":"{}")", arn)), "InvalidParameter");
}

}  // namespace
}  // namespace rekeyer::sandbox
