// The SNS client: topics in other regions, subjects that SNS takes, and lost replies.
#include "aws/services/sns.hpp"

#include <gtest/gtest.h>

#include "fakes/call_bench.hpp"

namespace rekeyer::aws {
namespace {

using fakes::CallBench;

constexpr std::string_view published =
    "<PublishResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"><PublishResult><MessageId>m-1</MessageId>"
    "</PublishResult></PublishResponse>";

Publication news(std::string subject = "Keys") {
  Publication publication;
  publication.topic = Arn("arn:aws:sns:us-west-2:222222222222:keys");
  publication.subject = std::move(subject);
  publication.message = "a & b";
  return publication;
}

class SnsTest : public testing::Test {
 protected:
  std::string kind(const auto& result) { return result ? "ok" : std::string(name(result.error().kind)); }
  CallBench bench;
  SnsClient sns{bench.caller, bench.principal()};
};

TEST_F(SnsTest, PublishesInTheTopicsRegion) {
  bench.transport.reply(200, std::string(published));
  Publication publication = news();
  publication.attributes = {{"account", "111111111111"}, {"nothing", ""}, {"stage", "failed"}};
  const auto id = bench.run(sns.publish(publication));
  ASSERT_TRUE(id) << describe(id.error());
  EXPECT_EQ(*id, "m-1");
  const auto& sent = bench.transport.sent.at(0);
  EXPECT_EQ(sent.url, "https://sns.us-west-2.amazonaws.com/");
  EXPECT_NE(sent.header("Authorization").find("/us-west-2/sns/aws4_request"), std::string::npos);
  EXPECT_EQ(sent.body,
            "Action=Publish&Version=2010-03-31&TopicArn=arn%3Aaws%3Asns%3Aus-west-2%3A222222222222%3Akeys"
            "&Message=a%20%26%20b&Subject=Keys"
            "&MessageAttributes.entry.1.Name=account&MessageAttributes.entry.1.Value.DataType=String"
            "&MessageAttributes.entry.1.Value.StringValue=111111111111"
            "&MessageAttributes.entry.2.Name=stage&MessageAttributes.entry.2.Value.DataType=String"
            "&MessageAttributes.entry.2.Value.StringValue=failed");
  EXPECT_FALSE(sent.repeatable);
}

TEST_F(SnsTest, ASubjectIsMadeOneThatSnsTakes) {
  const auto subject = [&](std::string text) {
    bench.transport.reply(200, std::string(published));
    EXPECT_TRUE(bench.run(sns.publish(news(std::move(text)))));
    const auto& body = bench.transport.sent.back().body;
    const auto at = body.find("&Subject=");
    return at == std::string::npos ? std::string("none") : body.substr(at + 9);
  };
  EXPECT_EQ(subject(" Gr\xc3\xbc\xc3\x9f"
                    "e\r\n\tall "),
            "Gr%3F%3Fe%20all");
  EXPECT_EQ(subject(std::string(120, 'x')), std::string(99, 'x'));
  EXPECT_EQ(subject(" \n "), "none");
  EXPECT_EQ(subject(""), "none");
}

TEST_F(SnsTest, OnlyAFifoTopicIsToldAgain) {
  bench.transport.lost();
  EXPECT_EQ(kind(bench.run(sns.publish(news()))), "outcome_unknown");
  EXPECT_EQ(bench.transport.sent.size(), 1u);

  bench.transport.lost().reply(200, std::string(published));
  Publication publication = news();
  publication.topic = Arn("arn:aws:sns:us-west-2:222222222222:keys.fifo");
  publication.group = "keys";
  publication.deduplication_id = "e-1";
  EXPECT_EQ(kind(bench.run(sns.publish(publication))), "ok");
  EXPECT_EQ(bench.transport.sent.size(), 3u);
  EXPECT_TRUE(bench.transport.sent.back().has("&MessageGroupId=keys&MessageDeduplicationId=e-1"));
}

TEST_F(SnsTest, RefusalsAreTold) {
  bench.transport.xml_error(404, "NotFound", "Topic does not exist");
  EXPECT_EQ(kind(bench.run(sns.publish(news()))), "not_found");
  bench.transport.xml_error(403, "AuthorizationError");
  EXPECT_EQ(kind(bench.run(sns.publish(news()))), "access_denied");
  bench.transport.xml_error(400, "InvalidParameter");
  EXPECT_EQ(kind(bench.run(sns.publish(news()))), "rejected");
}

TEST_F(SnsTest, ATopicIsNamedByItsArn) {
  for (const char* arn : {"", "keys", "arn:aws:sns", "arn:aws:sns::222222222222:keys", "arn:aws:sns:us-west-2"}) {
    Publication publication = news();
    publication.topic = Arn(arn);
    EXPECT_EQ(kind(bench.run(sns.publish(publication))), "usage") << arn;
  }
  EXPECT_TRUE(bench.transport.sent.empty());
}

TEST_F(SnsTest, ATopicIsLookedAtInItsOwnRegion) {
  bench.transport.reply(200,
                        "<GetTopicAttributesResponse><GetTopicAttributesResult><Attributes>"
                        "<entry><key>SubscriptionsConfirmed</key><value>2</value></entry>"
                        "<entry><key>DisplayName</key><value/></entry>"
                        "</Attributes></GetTopicAttributesResult></GetTopicAttributesResponse>");
  const auto attributes = bench.run(sns.topic_attributes(Arn("arn:aws:sns:us-west-2:222222222222:keys")));
  ASSERT_TRUE(attributes) << describe(attributes.error());
  EXPECT_EQ(*attributes, (std::map<std::string, std::string>{{"SubscriptionsConfirmed", "2"}, {"DisplayName", ""}}));
  EXPECT_EQ(bench.transport.sent.at(0).url, "https://sns.us-west-2.amazonaws.com/");
  EXPECT_TRUE(bench.transport.sent.at(0).has("Action=GetTopicAttributes&Version=2010-03-31&TopicArn=arn%3Aaws"));
  bench.transport.xml_error(404, "NotFound", "Topic does not exist");
  EXPECT_EQ(kind(bench.run(sns.topic_attributes(Arn("arn:aws:sns:us-west-2:222222222222:keys")))), "not_found");
  EXPECT_EQ(kind(bench.run(sns.topic_attributes(Arn("keys")))), "usage");
}

}  // namespace
}  // namespace rekeyer::aws
