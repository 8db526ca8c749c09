// SES's operations in both versions: who may send, what is kept, quotas and identities.
#include <fmt/format.h>

#include "sandbox/services/operation_fixture.hpp"
#include "sandbox/services/ses_raw.hpp"
#include "sandbox/wire/base64.hpp"

namespace rekeyer::sandbox {
namespace {

using boost::json::value;

class SandboxSesTest : public OperationTest {
 protected:
  SandboxSesTest() : OperationTest(ses_operations()) {
    asked.service = "ses";
    asked.region = Region("eu-west-1");
    asked.protocol = Protocol::rest_json;
  }
  void verify(const std::string& name) { messages().identities[name] = MailIdentity{.name = name}; }
  Messages& messages() { return world.account(management).messages; }
  /// Version 2 with a simple body.
  std::string send(std::string_view from, std::string_view to = "ann@example.org") {
    const value output =
        call("SendEmail",
             fmt::format(R"({{"FromEmailAddress":"{}","Destination":{{"ToAddresses":["{}"]}},"Content":{{"Simple":{{
                         "Subject":{{"Data":"Hello"}},"Body":{{"Text":{{"Data":"text"}},"Html":{{"Data":"<p>"}}}}}}}}}})",
                         from, to));
    return output.is_null() ? refusal.code : "sent";
  }
};

TEST_F(SandboxSesTest, NothingGoesOutWithoutAVerifiedIdentity) {
  EXPECT_EQ(send("keys@example.com"), "MessageRejected");
  EXPECT_TRUE(refusal.message.contains("region EU-WEST-1: keys@example.com")) << refusal.message;
  EXPECT_TRUE(messages().mails.empty());
  verify("example.com");
  EXPECT_EQ(send("keys@example.com"), "sent");
  EXPECT_EQ(send("Key rotation <keys@Mail.Example.com>"), "sent");
  EXPECT_EQ(send("keys@badexample.com"), "MessageRejected");
  verify("only@other.com");
  EXPECT_EQ(send("only@other.com"), "sent");
  EXPECT_EQ(send("another@other.com"), "MessageRejected");
  messages().identities["only@other.com"].verified = false;
  EXPECT_EQ(send("only@other.com"), "MessageRejected");
}

TEST_F(SandboxSesTest, MailIsKeptAsItWasSent) {
  verify("example.com");
  ASSERT_EQ(send("keys@example.com"), "sent");
  const SentMail& mail = messages().mails.at(0);
  EXPECT_EQ(mail.from, "keys@example.com");
  EXPECT_EQ(mail.to, (std::vector<std::string>{"ann@example.org"}));
  EXPECT_EQ(mail.subject + mail.text + mail.html, "Hellotext<p>");
  EXPECT_EQ(mail.at, now);
  EXPECT_EQ(mail.region.str(), "eu-west-1");
  EXPECT_TRUE(mail.id.starts_with("0100"));
}

TEST_F(SandboxSesTest, InSesOwnSandboxRecipientsMustBeVerifiedToo) {
  verify("example.com");
  messages().mail_sandbox = true;
  EXPECT_EQ(send("keys@example.com", "ann@example.org"), "MessageRejected");
  EXPECT_EQ(send("keys@example.com", "ann@example.com"), "sent");
  EXPECT_EQ(send("keys@example.com", "success@simulator.amazonses.com"), "sent");
  const value account = call("GetAccount");
  EXPECT_FALSE(account.at("ProductionAccessEnabled").as_bool());
  EXPECT_EQ(account.at("SendQuota").at("Max24HourSend").as_double(), 200.0);
  EXPECT_EQ(account.at("SendQuota").at("SentLast24Hours").as_double(), 2.0);
}

TEST_F(SandboxSesTest, TheDailyQuotaCountsRecipientsOfADay) {
  verify("example.com");
  messages().mail_sandbox = true;
  for (int i = 0; i < 200; ++i) ASSERT_EQ(send("keys@example.com", "ann@example.com"), "sent") << i;
  EXPECT_EQ(send("keys@example.com", "ann@example.com"), "LimitExceededException");
  now += std::chrono::hours(24);
  EXPECT_EQ(send("keys@example.com", "ann@example.com"), "sent");
}

TEST_F(SandboxSesTest, AddressesAreChecked) {
  verify("example.com");
  for (const std::string_view to : {"nobody", "@example.org", "ann@", "a b@example.org", "Ann Ö <ann@example.org>"}) {
    EXPECT_EQ(send("keys@example.com", to), "BadRequestException") << to;
  }
  EXPECT_EQ(outcome("SendEmail", R"({"FromEmailAddress":"keys@example.com","Content":{"Simple":{"Subject":{"Data":"x"},
                                     "Body":{"Text":{"Data":"y"}}}}})"),
            "BadRequestException");
  EXPECT_EQ(outcome("SendEmail", R"({"FromEmailAddress":"keys@example.com","Destination":{"ToAddresses":["a@b.c"]}})"),
            "BadRequestException");
  EXPECT_TRUE(messages().mails.empty());
}

TEST_F(SandboxSesTest, RawMailNamesItsPeopleInItsHeader) {
  verify("example.com");
  // "From: Keys <keys@example.com>\r\nTo: ann@example.org,\r\n \"Bob, B.\" <bob@example.org>\r\nSubject:
  // Hi\r\n\r\nbody"
  const value output = call("SendEmail", R"({"Content":{"Raw":{"Data":
      "RnJvbTogS2V5cyA8a2V5c0BleGFtcGxlLmNvbT4NClRvOiBhbm5AZXhhbXBsZS5vcmcsDQogIkJvYiwgQi4iIDxib2JAZXhhbXBsZS5vcmc+DQpTdWJqZWN0OiBIaQ0KDQpib2R5"}}})");
  ASSERT_FALSE(output.is_null()) << refusal.message;
  const SentMail& mail = messages().mails.at(0);
  EXPECT_EQ(mail.from, "Keys <keys@example.com>");
  EXPECT_EQ(mail.to, (std::vector<std::string>{"ann@example.org", "\"Bob, B.\" <bob@example.org>"}));
  EXPECT_EQ(mail.subject, "Hi");
  EXPECT_TRUE(mail.raw.ends_with("\r\n\r\nbody"));
  EXPECT_EQ(outcome("SendEmail", R"({"Content":{"Raw":{"Data":"%%%"}}})"), "BadRequestException");
}

TEST_F(SandboxSesTest, Base64IsReadStrictly) {
  EXPECT_EQ(decode_base64("aGVsbG8="), "hello");
  EXPECT_EQ(decode_base64("aGVs\r\nbG8h"), "hello!");
  EXPECT_EQ(decode_base64(""), "");
  for (const std::string_view wrong : {"a", "aGVsbG8", "aGVs=G8=", "a===", "aGVs bG8="}) {
    EXPECT_FALSE(decode_base64(wrong)) << wrong;
  }
}

TEST_F(SandboxSesTest, VersionTwoKeepsIdentities) {
  EXPECT_EQ(text(call("CreateEmailIdentity", R"({"EmailIdentity":"Example.com"})").at("IdentityType")), "DOMAIN");
  EXPECT_EQ(outcome("CreateEmailIdentity", R"({"EmailIdentity":"example.com"})"), "AlreadyExistsException");
  EXPECT_TRUE(call("CreateEmailIdentity", R"({"EmailIdentity":"a@b.org"})").at("VerifiedForSendingStatus").as_bool());
  EXPECT_EQ(text(call("GetEmailIdentity", R"({"EmailIdentity":"a@b.org"})").at("VerificationStatus")), "SUCCESS");
  const value first = call("ListEmailIdentities", R"({"PageSize":"1"})");
  EXPECT_EQ(text(first.at("EmailIdentities").at(0).at("IdentityName")), "a@b.org");
  const value second =
      call("ListEmailIdentities", fmt::format(R"({{"PageSize":"1","NextToken":"{}"}})", text(first.at("NextToken"))));
  EXPECT_EQ(text(second.at("EmailIdentities").at(0).at("IdentityName")), "example.com");
  EXPECT_FALSE(second.as_object().contains("NextToken"));
  EXPECT_EQ(outcome("DeleteEmailIdentity", R"({"EmailIdentity":"a@b.org"})"), "{}");
  EXPECT_EQ(outcome("GetEmailIdentity", R"({"EmailIdentity":"a@b.org"})"), "NotFoundException");
  EXPECT_EQ(refusal.status, 404);
  EXPECT_EQ(outcome("DeleteEmailIdentity", R"({"EmailIdentity":"a@b.org"})"), "NotFoundException");
  EXPECT_EQ(outcome("CreateEmailIdentity", R"({"EmailIdentity":"nothing"})"), "BadRequestException");
}

TEST_F(SandboxSesTest, VersionOneSpeaksItsOwnNames) {
  asked.protocol = Protocol::query;
  constexpr std::string_view mail =
      R"({"Source":"a@b.org","Destination":{"ToAddresses":["c@d.org"],"BccAddresses":["e@f.org"]},
          "Message":{"Subject":{"Data":"s"},"Body":{"Text":{"Data":"t"}}}})";
  EXPECT_EQ(outcome("SendEmail", mail), "MessageRejected");
  EXPECT_EQ(outcome("VerifyEmailIdentity", R"({"EmailAddress":"a@b.org"})"), "{}");
  EXPECT_EQ(outcome("VerifyEmailIdentity", R"({"EmailAddress":"b.org"})"), "InvalidParameterValue");
  EXPECT_EQ(outcome("ListIdentities"), R"({"Identities":["a@b.org"]})");
  EXPECT_EQ(outcome("ListIdentities", R"({"IdentityType":"Domain"})"), R"({"Identities":[]})");
  EXPECT_FALSE(call("SendEmail", mail).is_null()) << refusal.message;
  EXPECT_EQ(outcome("SendRawEmail", R"({"Destinations":[],"RawMessage":{"Data":""}})"), "InvalidParameterValue");
  // "Subject: Hi\n\nbody"
  EXPECT_FALSE(call("SendRawEmail", R"({"Source":"a@b.org","Destinations":["c@d.org"],
                                        "RawMessage":{"Data":"U3ViamVjdDogSGkKCmJvZHk="}})")
                   .is_null())
      << refusal.message;
  EXPECT_EQ(messages().mails.at(1).subject, "Hi");
  EXPECT_EQ(outcome("GetSendQuota"), R"({"Max24HourSend":"50000.0","MaxSendRate":"14.0","SentLast24Hours":"3.0"})");
  EXPECT_EQ(
      outcome("GetSendStatistics"),
      R"({"SendDataPoints":[{"Timestamp":"2026-03-01T12:00:00Z","DeliveryAttempts":"2","Bounces":"0","Complaints":"0","Rejects":"0"}]})");
}

}  // namespace
}  // namespace rekeyer::sandbox
