// The STS client: identities, roles, and tokens that nobody sees.
#include "aws/services/sts.hpp"

#include <gtest/gtest.h>

#include "fakes/call_bench.hpp"

namespace rekeyer::aws {
namespace {

using namespace std::chrono_literals;
using fakes::CallBench;

std::string identity(std::string_view account = "222222222222") {
  return fmt::format(
      "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::{0}:user/ann</Arn>"
      "<UserId>AIDA1</UserId><Account>{0}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>",
      account);
}

std::string role(std::string_view operation, std::string_view secret = "sessionsecretsessionsecretsessionsecret1") {
  return fmt::format(
      "<{0}Response><{0}Result><Credentials><AccessKeyId>ASIA1</AccessKeyId>"
      "<SecretAccessKey>{1}</SecretAccessKey><SessionToken>tokentokentokentoken</SessionToken>"
      "<Expiration>2026-03-01T01:00:00Z</Expiration></Credentials></{0}Result></{0}Response>",
      operation, secret);
}

class StsTest : public testing::Test {
 protected:
  std::string kind(const auto& result) { return result ? "ok" : std::string(name(result.error().kind)); }
  CallBench bench;
  StsClient sts{bench.caller, bench.principal()};
};

TEST_F(StsTest, SaysWhoTheCallerIs) {
  bench.transport.reply(200, identity());
  const auto who = bench.run(sts.caller_identity());
  ASSERT_TRUE(who) << describe(who.error());
  EXPECT_EQ(who->account.str(), "222222222222");
  EXPECT_EQ(who->arn.str(), "arn:aws:iam::222222222222:user/ann");
  EXPECT_EQ(who->user_id, "AIDA1");
  EXPECT_EQ(bench.transport.sent[0].url, "https://sts.eu-west-1.amazonaws.com/");
}

TEST_F(StsTest, AsksAsTheGivenKeyAndOnlyOnceWhereItIsNotYetKnown) {
  bench.transport.xml_error(403, "InvalidClientTokenId", "The security token included in the request is invalid.");
  EXPECT_EQ(kind(bench.run(sts.identity_of(fakes::bench_credentials("AKIAFRESH")))), "credentials_invalid");
  ASSERT_EQ(bench.transport.sent.size(), 1u);
  EXPECT_NE(bench.transport.sent[0].header("Authorization").find("Credential=AKIAFRESH/"), std::string::npos);
  EXPECT_NE(bench.transport.sent[0].header("Authorization").find("/eu-west-1/sts/"), std::string::npos);
  EXPECT_EQ(bench.provider->asked, 0);
}

TEST_F(StsTest, AnIdentityWithoutAnAccountIsNone) {
  for (int i = 0; i < 8; ++i) bench.transport.reply(200, identity("12"));
  EXPECT_EQ(kind(bench.run(sts.caller_identity())), "bad_reply");
}

TEST_F(StsTest, AssumesARole) {
  bench.transport.reply(200, role("AssumeRole"));
  const auto session = bench.run(sts.assume_role(
      {Arn("arn:aws:iam::222222222222:role/rekeyer-member"), "rekeyer-1", "ext+1", std::chrono::seconds{900}}));
  ASSERT_TRUE(session) << describe(session.error());
  EXPECT_EQ((*session)->id.str(), "ASIA1");
  EXPECT_EQ((*session)->secret.reveal(), "sessionsecretsessionsecretsessionsecret1");
  EXPECT_EQ((*session)->session_token.reveal(), "tokentokentokentoken");
  EXPECT_EQ((*session)->expiration, fakes::bench_start + 1h);
  const auto& sent = bench.transport.sent[0];
  EXPECT_TRUE(sent.has("Action=AssumeRole&Version=2011-06-15"));
  EXPECT_TRUE(sent.has("RoleArn=arn%3Aaws%3Aiam%3A%3A222222222222%3Arole%2Frekeyer-member"));
  EXPECT_TRUE(sent.has("RoleSessionName=rekeyer-1&DurationSeconds=900&ExternalId=ext%2B1"));
}

TEST_F(StsTest, ARefusedRoleIsDeniedWhateverTheReason) {
  bench.transport.xml_error(403, "AccessDenied", "User is not authorized to perform: sts:AssumeRole");
  EXPECT_EQ(kind(bench.run(sts.assume_role({Arn("arn:aws:iam::2:role/r"), "s", "", 900s}))), "access_denied");
  EXPECT_FALSE(bench.transport.sent[0].has("ExternalId"));
}

TEST_F(StsTest, ASwitchedOffRegionIsTheCallersRegion) {
  bench.transport.xml_error(403, "RegionDisabledException", "STS is not activated in this region for account:1.");
  const auto refused = bench.run(sts.assume_role({Arn("arn:aws:iam::2:role/r"), "s", "", 900s}));
  EXPECT_EQ(kind(refused), "access_denied");
  EXPECT_EQ(refused.error().message,
            "STS is not activated in this region for account:1.; it is about the caller's region (eu-west-1): set "
            "AWS_REGION to a region in which STS is on");
}

TEST_F(StsTest, ASwitchedOffRegionIsSaidAtTheFirstQuestionToo) {
  bench.transport.xml_error(403, "RegionDisabledException", "STS is not activated in this region for account:1.");
  EXPECT_EQ(bench.run(sts.caller_identity()).error().message,
            "STS is not activated in this region for account:1.; it is about the caller's region (eu-west-1): set "
            "AWS_REGION to a region in which STS is on");
}

TEST_F(StsTest, KeysThatNobodyKnowsMayBeOfAnotherPartition) {
  bench.transport.xml_error(403, "InvalidClientTokenId", "The security token included in the request is invalid.");
  EXPECT_EQ(bench.run(sts.caller_identity()).error().message,
            "The security token included in the request is invalid.; eu-west-1 was asked, and keys of AWS China and of "
            "GovCloud are known in regions of their own alone");
}

TEST_F(StsTest, CredentialsWithoutASecretAreNone) {
  for (int i = 0; i < 8; ++i) bench.transport.reply(200, role("AssumeRole", ""));
  EXPECT_EQ(kind(bench.run(sts.assume_role({Arn("arn:aws:iam::2:role/r"), "s", "", 900s}))), "bad_reply");
}

TEST_F(StsTest, AWebIdentityIsSentUnsignedAndShownToNobody) {
  const std::string token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJzeXN0ZW0ifQ.c2lnbmF0dXJl";
  bench.transport.reply(200, role("AssumeRoleWithWebIdentity"));
  StsClient unsigned_sts(bench.caller, {nullptr, Region("eu-west-1"), AccountId()});
  const auto assume = [&] {
    return bench.run(
        unsigned_sts.assume_role_with_web_identity({Arn("arn:aws:iam::2:role/r"), "s", "", 900s}, Secret(token)));
  };
  EXPECT_TRUE(assume());
  EXPECT_EQ(bench.transport.sent[0].header("Authorization"), "");
  EXPECT_TRUE(bench.transport.sent[0].has("WebIdentityToken=" + token));

  bench.transport.xml_error(400, "ValidationError", "Value '" + token + "' at 'webIdentityToken' failed");
  const auto refused = assume();
  ASSERT_FALSE(refused);
  EXPECT_EQ(describe(refused.error()).find(token), std::string::npos);
  bench.transport.xml_error(400, "ExpiredTokenException");
  EXPECT_EQ(kind(assume()), "credentials_expired");
  EXPECT_EQ(bench.logged.find(token), std::string::npos);
}

}  // namespace
}  // namespace rekeyer::aws
