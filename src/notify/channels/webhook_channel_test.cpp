#include "notify/channels/webhook_channel.hpp"

#include <gmock/gmock.h>

#include "notify/channels/channel_fixture.hpp"
#include "notify/channels/webhook_bodies.hpp"
#include "notify/channels/webhook_signature.hpp"

namespace rekeyer::notify {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr std::string_view slack_url = "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX";

class WebhookTest : public ChannelTest {
 protected:
  ChannelSettings& hook(WebhookBody body = WebhookBody::json) {
    auto& channel = add(ChannelKind::webhook, "chat");
    channel.body = body;
    channel.url = slack_url;
    return channel;
  }
  /// What is told of a failure; never the URL's secret part.
  std::string failed() {
    const auto text = outcome(publish({sample_event()}));
    EXPECT_THAT(text + bench_.logged, AllOf(Not(HasSubstr("XXXX")), Not(HasSubstr("B00000000"))));
    return text;
  }
};

TEST_F(WebhookTest, JsonIsPostedToTheUrl) {
  hook();
  transport().reply(200, "ok");
  EXPECT_EQ(outcome(publish({sample_event()})), "done");
  const auto& sent = transport().sent.at(0);
  EXPECT_EQ(sent.method, "POST");
  EXPECT_EQ(sent.url, slack_url);
  EXPECT_EQ(sent.header("Content-Type"), "application/json; charset=utf-8");
  EXPECT_EQ(sent.header("X-Rekeyer-Signature"), "");
  EXPECT_FALSE(sent.repeatable);
  const auto json = aws::JsonValue::parse(sent.body);
  ASSERT_TRUE(json) << sent.body;
  EXPECT_EQ(*json->integer("version"), 1);
  EXPECT_EQ(*json->string("run"), "0123456789abcdef");
  EXPECT_EQ(json->array("events")->size(), 1U);
}

TEST_F(WebhookTest, TheSignatureIsTheDocumentedOne) {
  // docs/events.md has the code that checks it; tests/signature_snippet_test.py runs it on this example.
  EXPECT_EQ(webhook_signature("key", 1772323200, R"({"version":1})"),
            "v1=7c2665f73ef90e95812eae527677138cc6d1337102ce9b4a2034b9e4a6697edc");
}

TEST_F(WebhookTest, TheKeyOfTheSignatureComesFromItsParameterOnce) {
  hook().hmac_parameter = "/rekeyer/hmac";
  parameter("secret-key-of-the-webhook");
  transport().reply(200, "").reply(200, "");
  EXPECT_EQ(outcome(publish({sample_event()})), "done");
  EXPECT_EQ(outcome(publish({sample_event()})), "done");
  ASSERT_EQ(transport().sent.size(), 3U);
  const auto& sent = transport().sent.at(1);
  EXPECT_EQ(sent.header("X-Rekeyer-Timestamp"), "1772323200");
  EXPECT_EQ(sent.header("X-Rekeyer-Signature"), webhook_signature("secret-key-of-the-webhook", 1772323200, sent.body));
}

TEST_F(WebhookTest, TriesItsParametersWithoutPosting) {
  ChannelSettings settings = hook();
  settings.url.clear();
  settings.url_parameter = "/chat/url";
  settings.hmac_parameter = "/chat/key";
  WebhookChannel channel({aws::SsmClient(bench_.caller, bench_.principal()), bench_.transport, bench_.shifted,
                          bench_.random, bench_.limiter},
                         settings);
  parameter(std::string(slack_url));
  parameter("key");
  EXPECT_EQ(outcome(bench_.run(channel.try_parameters())), "done");
  EXPECT_EQ(transport().sent.size(), 2U) << "both were for SSM";
  for (const auto& sent : transport().sent) EXPECT_EQ(sent.header("X-Amz-Target"), "AmazonSSM.GetParameter");
}

TEST_F(WebhookTest, TheUrlMayComeFromAParameter) {
  auto& channel = hook();
  channel.url.clear();
  channel.url_parameter = "/rekeyer/slack";
  parameter(std::string(slack_url) + "\\n");
  transport().reply(202, "");
  EXPECT_EQ(outcome(publish({sample_event()})), "done");
  EXPECT_EQ(transport().sent.at(1).url, slack_url);
}

TEST_F(WebhookTest, AUrlThatCanNotBeUsedIsNotRepeated) {
  hook().url = "https://hooks.slack.com:notaport/services/XXXXXXXXXXXX";
  EXPECT_THAT(failed(), HasSubstr("usage"));
  settings_.channels.clear();
  set_ = {};
  hook().url = "http://hooks.slack.com/services/XXXXXXXXXXXX";
  EXPECT_THAT(failed(), AllOf(HasSubstr("usage"), HasSubstr("https://")));
}

TEST_F(WebhookTest, ARefusalIsToldWithWhatTheServerSaid) {
  hook();
  transport().reply(
      403, "invalid_token for /services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX\n" + std::string(500, 'x'));
  const auto text = failed();
  EXPECT_THAT(text,
              AllOf(HasSubstr("rejected"), HasSubstr("hooks.slack.com answered 403: invalid_token for [withheld]")));
  EXPECT_LT(text.size(), 400U);
  transport().reply(302, "", {{"Location", "https://elsewhere.example.com"}});
  EXPECT_THAT(failed(), AllOf(HasSubstr("rejected"), HasSubstr("answered 302 and sends on to another address")));
}

TEST_F(WebhookTest, TooManyAndServerFaultsAreTriedThreeTimes) {
  hook();
  transport().reply(429, "slow down", {{"Retry-After", "7"}}).reply(503, "").reply(200, "ok");
  EXPECT_EQ(outcome(publish({sample_event()})), "done");
  EXPECT_GE(transport().sent.at(1).at - transport().sent.at(0).at, std::chrono::seconds{7});
  transport().reply(500, "").reply(502, "").reply(503, "no");
  EXPECT_THAT(failed(), AllOf(HasSubstr("server_fault"), HasSubstr("503: no")));
  EXPECT_TRUE(transport().finished());
}

TEST_F(WebhookTest, AnAcceptedRequestThatDeliveredNothingIsAFailureInTheServicesWords) {
  hook(WebhookBody::teams);
  const std::string told = "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error ";
  transport().reply(200, told + "413 for /services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXX \x1b[2J\u202e");
  const auto text = failed();
  EXPECT_THAT(text,
              AllOf(HasSubstr("rejected"),
                    HasSubstr("hooks.slack.com answered 200 but delivered nothing: " + told + "413 for [withheld]")));
  EXPECT_THAT(text, AllOf(Not(HasSubstr("\x1b")), Not(HasSubstr("\u202e"))));
  transport().reply(200, told + "429").reply(200, told + "502").reply(200, "1");
  EXPECT_EQ(outcome(publish({sample_event()})), "done") << "throttled and broken services are asked again";
  for (int i = 0; i < 3; ++i) transport().reply(200, told + "429 with ContextId tcid=0");
  EXPECT_THAT(failed(), HasSubstr("throttled"));
}

TEST_F(WebhookTest, AWebPageIsNoAnswerOfAWebhook) {
  hook();
  transport().reply(200, "<!DOCTYPE html>\n<html>" + std::string(3000, 'x'), {{"Content-Type", "text/html"}});
  const auto text = failed();
  EXPECT_THAT(text, AllOf(HasSubstr("rejected"), HasSubstr("answered 200 with a web page")));
  EXPECT_LT(text.size(), 500U);
}

TEST_F(WebhookTest, ALostReplyIsNeverSentAgain) {
  hook();
  transport().lost();
  EXPECT_THAT(failed(), HasSubstr("outcome_unknown"));
  transport().not_sent().reply(200, "");
  EXPECT_EQ(outcome(publish({sample_event()})), "done");
}

TEST_F(WebhookTest, EveryBodyIsTriedAndTheFirstFailureTold) {
  hook();
  std::vector<Event> events;
  for (int i = 0; i < 250; ++i) events.push_back(sample_event(i));
  transport().reply(400, "first").reply(200, "").reply(404, "third");
  EXPECT_THAT(outcome(publish(events)), HasSubstr("400: first"));
  EXPECT_EQ(transport().sent.size(), 3U);
}

TEST_F(WebhookTest, ItsRateIsBounded) {
  hook().rate = 2;
  std::vector<Event> events;
  for (int i = 0; i < 300; ++i) events.push_back(sample_event(i));
  transport().reply(200, "").reply(200, "").reply(200, "");
  EXPECT_EQ(outcome(publish(events)), "done");
  EXPECT_GE(transport().sent.at(2).at - transport().sent.at(0).at, std::chrono::milliseconds{1000});
}

TEST(WebhookBodies, SlackGetsBlocksWithinItsLimitsAndNothingTurnsIntoMarkup) {
  std::vector<Event> events;
  for (int i = 0; i < 60; ++i) events.push_back(sample_event(i));
  events[0].headline = "<!channel> & <https://evil.example.com|click>";
  events[1].detail = std::string(2999, '&') + "é";
  const auto bodies = webhook_bodies(WebhookBody::slack, events);
  ASSERT_EQ(bodies.size(), 2U);
  const auto json = aws::JsonValue::parse(bodies[0]);
  ASSERT_TRUE(json);
  EXPECT_FALSE(json->string("text")->empty());
  EXPECT_THAT(std::string(*json->string("text")), Not(HasSubstr("<")));
  const auto blocks = *json->array("blocks");
  EXPECT_EQ(blocks.size(), 50U);
  EXPECT_EQ(*blocks[0].string("type"), "header");
  for (std::size_t i = 1; i < blocks.size(); ++i) {
    const std::string text(*blocks[i].object("text")->string("text"));
    EXPECT_LE(text.size(), 3002U) << "characters, of which one may take three bytes";
    EXPECT_THAT(text, Not(HasSubstr("<")));
  }
  const std::string first(*blocks[1].object("text")->string("text"));
  EXPECT_THAT(first, HasSubstr("&lt;!channel&gt; &amp; &lt;https://evil.example.com|click&gt;"));
  const std::string second(*blocks[2].object("text")->string("text"));
  EXPECT_TRUE(second.ends_with("&amp;…")) << second.substr(second.size() - 20);
}

TEST(WebhookBodies, TeamsGetsAnAdaptiveCardOfPlainTextWithinItsSize) {
  std::vector<Event> events;
  for (int i = 0; i < 30; ++i) events.push_back(sample_event(i));
  for (auto& event : events) event.detail = std::string(5000, 'x');
  std::size_t containers = 0;
  for (const auto& body : webhook_bodies(WebhookBody::teams, events)) {
    EXPECT_LE(body.size(), std::size_t{28} * 1024);
    const auto json = aws::JsonValue::parse(body);
    ASSERT_TRUE(json);
    EXPECT_EQ(*json->string("type"), "message");
    const auto attachment = json->array("attachments")->at(0);
    EXPECT_EQ(*attachment.string("contentType"), "application/vnd.microsoft.card.adaptive");
    EXPECT_EQ(*attachment.object("content")->string("type"), "AdaptiveCard");
    containers += attachment.object("content")->array("body")->size() - 1;
    EXPECT_THAT(body, Not(HasSubstr("\"TextBlock\"")));
  }
  EXPECT_EQ(containers, 30U);
}

TEST(WebhookBodies, JsonHoldsAHundredEventsAtMost) {
  std::vector<Event> events;
  for (int i = 0; i < 201; ++i) events.push_back(sample_event(i));
  const auto bodies = webhook_bodies(WebhookBody::json, events);
  EXPECT_EQ(bodies.size(), 3U);
  EXPECT_TRUE(webhook_bodies(WebhookBody::json, {}).empty());
}

}  // namespace
}  // namespace rekeyer::notify
