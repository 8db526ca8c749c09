// The SES client: what a mail looks like on the wire, and which failures are final.
#include "aws/services/ses.hpp"

#include <gtest/gtest.h>

#include "aws/services/display_name.hpp"
#include "fakes/call_bench.hpp"

namespace rekeyer::aws {
namespace {

using fakes::CallBench;

Email mail() {
  Email email;
  email.from = "Key rotation <keys@example.com>";
  email.to = {"ann@example.com"};
  email.subject = "Grüße";
  email.text = "Hello";
  return email;
}

class SesTest : public testing::Test {
 protected:
  std::string kind(const auto& result) { return result ? "ok" : std::string(name(result.error().kind)); }
  std::string sending() { return kind(bench.run(ses.send_email(mail()))); }
  void refuse(int status, const std::string& code, const std::string& message) {
    bench.transport.reply(status, fmt::format(R"({{"message":"{}"}})", message), {{"x-amzn-ErrorType", code}});
  }
  CallBench bench;
  SesClient ses{bench.caller, bench.principal()};
};

TEST_F(SesTest, SendsOneMail) {
  bench.transport.reply(200, R"({"MessageId":"0100-1"})");
  const auto id = bench.run(ses.send_email(mail()));
  ASSERT_TRUE(id) << describe(id.error());
  EXPECT_EQ(*id, "0100-1");
  const auto& sent = bench.transport.sent.at(0);
  EXPECT_EQ(sent.method, "POST");
  EXPECT_EQ(sent.url, "https://email.eu-west-1.amazonaws.com/v2/email/outbound-emails");
  EXPECT_EQ(sent.header("Content-Type"), "application/json");
  EXPECT_EQ(sent.header("X-Amz-Target"), "");
  EXPECT_NE(sent.header("Authorization").find("/eu-west-1/ses/aws4_request"), std::string::npos);
  EXPECT_FALSE(sent.repeatable);
  EXPECT_EQ(sent.body, R"({"FromEmailAddress":"Key rotation <keys@example.com>",)"
                       R"("Destination":{"ToAddresses":["ann@example.com"]},)"
                       R"("Content":{"Simple":{"Subject":{"Data":"Grüße","Charset":"UTF-8"},)"
                       R"("Body":{"Text":{"Data":"Hello","Charset":"UTF-8"}}}}})");
}

TEST_F(SesTest, EverythingThatAMailMayHave) {
  bench.transport.reply(200, R"({"MessageId":"1"})");
  Email email = mail();
  email.from = "Schlüssel <keys@example.com>";
  email.reply_to = {"help@example.com"};
  email.html = "<p>";
  email.configuration_set = "set";
  email.identity_arn = "arn:aws:ses:eu-west-1:222222222222:identity/example.com";
  ASSERT_TRUE(bench.run(ses.send_email(email)));
  const auto& sent = bench.transport.sent.at(0);
  EXPECT_TRUE(sent.has(R"("FromEmailAddress":"=?UTF-8?B?U2NobMO8c3NlbA==?= <keys@example.com>")")) << sent.body;
  EXPECT_TRUE(sent.has(R"("FromEmailAddressIdentityArn":"arn:aws:ses:eu-west-1:222222222222:identity/example.com")"));
  EXPECT_TRUE(sent.has(R"("ReplyToAddresses":["help@example.com"])"));
  EXPECT_TRUE(sent.has(R"("Html":{"Data":"<p>","Charset":"UTF-8"})"));
  EXPECT_TRUE(sent.has(R"("ConfigurationSetName":"set")"));
}

TEST_F(SesTest, NothingIsSentTwiceWhereItMayHaveGoneOut) {
  bench.transport.lost();
  EXPECT_EQ(sending(), "outcome_unknown");
  refuse(500, "InternalFailure", "");
  EXPECT_EQ(sending(), "outcome_unknown");
  bench.transport.reply(200, "{}");
  EXPECT_EQ(sending(), "outcome_unknown");
  EXPECT_EQ(bench.transport.sent.size(), 3u);
}

TEST_F(SesTest, WhatWasNotSentIsSentAgain) {
  bench.transport.not_sent();
  refuse(429, "TooManyRequestsException", "Too many requests");
  refuse(400, "Throttling", "Maximum sending rate exceeded.");
  refuse(400, "BadRequestException", "Maximum sending rate exceeded.");
  bench.transport.reply(200, R"({"MessageId":"1"})");
  EXPECT_EQ(sending(), "ok");
  EXPECT_EQ(bench.transport.sent.size(), 5u);
  EXPECT_LT(bench.limiter.rate(AccountId("111111111111"), "ses:send"), 10);
}

TEST_F(SesTest, RefusalsForGoodAreNotTriedAgain) {
  for (const char* code : {"MessageRejected", "MailFromDomainNotVerifiedException", "BadRequestException",
                           "SendingPausedException", "AccountSuspendedException"}) {
    refuse(400, code, "Email address is not verified.");
    EXPECT_EQ(sending(), "rejected") << code;
  }
  refuse(404, "NotFoundException", "no such set");
  EXPECT_EQ(sending(), "not_found");
  refuse(429, "TooManyRequestsException", "Daily message quota exceeded.");
  EXPECT_EQ(sending(), "limit_exceeded");
  EXPECT_EQ(bench.transport.sent.size(), 7u);
}

TEST_F(SesTest, TellsWhatTheAccountMaySend) {
  bench.transport.reply(200, R"({"ProductionAccessEnabled":true,"SendingEnabled":false,
    "SendQuota":{"Max24HourSend":50000.0,"MaxSendRate":14.5,"SentLast24Hours":3}})");
  const auto account = bench.run(ses.sending_account());
  ASSERT_TRUE(account) << describe(account.error());
  EXPECT_TRUE(account->production);
  EXPECT_FALSE(account->enabled);
  EXPECT_EQ(account->per_second, 14.5);
  EXPECT_EQ(account->per_day, 50000);
  const auto& sent = bench.transport.sent.at(0);
  EXPECT_EQ(sent.method, "GET");
  EXPECT_EQ(sent.url, "https://email.eu-west-1.amazonaws.com/v2/email/account");
  EXPECT_EQ(sent.body, "");
  EXPECT_EQ(sent.header("Content-Type"), "");
}

TEST(DisplayName, OnlyANameThatIsNotAsciiIsEncoded) {
  EXPECT_EQ(encoded_address("ann@example.com"), "ann@example.com");
  EXPECT_EQ(encoded_address("\"Keys, rotated\" <k@example.com>"), "\"Keys, rotated\" <k@example.com>");
  EXPECT_EQ(encoded_address("Jörg <j@example.com>"), "=?UTF-8?B?SsO2cmc=?= <j@example.com>");
  EXPECT_EQ(encoded_address("\"Jörg \\\"J\\\"\" <j@example.com>"), "=?UTF-8?B?SsO2cmcgIkoi?= <j@example.com>");
}

TEST(DisplayName, ALongNameIsSeveralWords) {
  std::string name;
  for (int i = 0; i < 40; ++i) name += "ü";
  EXPECT_EQ(encoded_address(name + " <j@example.com>"),
            "=?UTF-8?B?w7zDvMO8w7zDvMO8w7zDvMO8w7zDvMO8w7zDvMO8w7zDvMO8w7w=?= "
            "=?UTF-8?B?w7zDvMO8w7zDvMO8w7zDvMO8w7zDvMO8w7zDvMO8w7zDvMO8w7w=?= =?UTF-8?B?w7zDvA==?= <j@example.com>");
}

TEST_F(SesTest, TellsWhetherAnIdentityIsVerified) {
  bench.transport.reply(200, R"({"IdentityType":"DOMAIN","VerifiedForSendingStatus":false,
    "VerificationStatus":"PENDING","Tags":[]})");
  const auto identity = bench.run(ses.identity("a b@example.com"));
  ASSERT_TRUE(identity) << describe(identity.error());
  EXPECT_FALSE(identity->verified);
  EXPECT_EQ(identity->verification, "PENDING");
  EXPECT_EQ(bench.transport.sent.at(0).method, "GET");
  EXPECT_EQ(bench.transport.sent.at(0).url,
            "https://email.eu-west-1.amazonaws.com/v2/email/identities/a%20b%40example.com");
  refuse(404, "NotFoundException", "Email identity does not exist.");
  EXPECT_EQ(kind(bench.run(ses.identity("example.com"))), "not_found");
  EXPECT_EQ(kind(bench.run(ses.identity(""))), "usage");
  EXPECT_EQ(bench.transport.sent.size(), 2u);
}

}  // namespace
}  // namespace rekeyer::aws
