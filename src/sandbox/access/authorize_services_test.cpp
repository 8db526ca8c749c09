// What services of messages, parameters, objects and contacts ask for.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "sandbox/access/authorize_fixture.hpp"

namespace rekeyer::sandbox {
namespace {

using testing::HasSubstr;

TEST_F(Authorize, MailsAndTopicsAreAskedByIdentityAndTopic) {
  roles_policies()["p"] = allow("ses:SendEmail", "arn:aws:ses:us-east-1:111111111111:identity/example.com");
  const auto send = call("ses", "SendEmail", R"({"FromEmailAddress":"Keys <keys@example.com>"})");
  EXPECT_THAT(why(role, send), HasSubstr("identity/keys@example.com"));
  world.account(member).messages.identities["example.com"].name = "example.com";
  EXPECT_TRUE(may(role, send));
  roles_policies()["q"] = allow("sns:Publish", "arn:aws:sns:us-east-1:111111111111:keys");
  EXPECT_TRUE(may(role, call("sns", "Publish", R"({"TopicArn":"arn:aws:sns:us-east-1:111111111111:keys"})")));
  EXPECT_FALSE(may(role, call("sns", "Publish", R"({"TopicArn":"arn:aws:sns:us-east-1:111111111111:other"})")));
  roles_policies()["r"] = allow("organizations:ListAccounts");
  EXPECT_TRUE(may(role, call("organizations", "ListAccounts")));
  EXPECT_FALSE(may(role, call("organizations", "ListRoots")));
  roles_policies()["t"] = allow("organizations:ListTagsForResource", "arn:aws:organizations::*:account/*");
  EXPECT_TRUE(may(role, call("organizations", "ListTagsForResource", R"({"ResourceId":"222222222222"})")));
  EXPECT_FALSE(may(role, call("organizations", "ListTagsForResource", R"({"ResourceId":"ou-ab12-cdef3456"})")));
}

TEST_F(Authorize, AConfigurationSetIsAskedForBesideTheIdentity) {
  world.account(member).messages.identities["example.com"].name = "example.com";
  roles_policies()["p"] = allow("ses:SendEmail", "arn:aws:ses:us-east-1:111111111111:identity/example.com");
  const auto send =
      call("ses", "SendEmail", R"({"FromEmailAddress":"keys@example.com","ConfigurationSetName":"bounces"})");
  EXPECT_THAT(why(role, send), HasSubstr("configuration-set/bounces"));
  roles_policies()["c"] = allow("ses:SendEmail", "arn:aws:ses:us-east-1:111111111111:configuration-set/bounces");
  EXPECT_TRUE(may(role, send));
}

TEST_F(Authorize, AMailIsAskedForOnAllThatItTouches) {
  auto& identities = world.account(member).messages.identities;
  identities["example.com"] = {.name = "example.com", .configuration_set = "bounces"};
  identities["ann@example.org"] = {.name = "ann@example.org"};
  const auto on = [](std::string_view what) { return fmt::format("arn:aws:ses:us-east-1:111111111111:{}", what); };
  const auto send = call("ses", "SendEmail",
                         R"({"FromEmailAddress":"Keys <keys@mail.example.com>","Destination":)"
                         R"({"ToAddresses":["bob@example.net"],"CcAddresses":["ann@example.org"]}})");
  roles_policies()["p"] = allow("ses:SendEmail", on("identity/example.com"));
  EXPECT_THAT(why(role, send), HasSubstr("identity/ann@example.org")) << "a recipient who is an identity";
  roles_policies()["q"] = allow("ses:SendEmail", on("identity/ann@example.org"));
  EXPECT_THAT(why(role, send), HasSubstr("configuration-set/bounces")) << "which the sender's identity goes by";
  roles_policies()["r"] = allow("ses:SendEmail", on("configuration-set/*"));
  EXPECT_TRUE(may(role, send)) << "below a domain that is verified";
}

TEST_F(Authorize, WhoMaySendIsAskedByTheSendersAddress) {
  world.account(member).messages.identities["example.com"] = {.name = "example.com"};
  roles_policies()["p"] = R"({"Statement":{"Effect":"Allow","Action":"ses:SendEmail","Resource":"*",)"
                          R"("Condition":{"StringEquals":{"ses:FromAddress":"keys@example.com"}}}})";
  EXPECT_TRUE(may(role, call("ses", "SendEmail", R"({"FromEmailAddress":"Keys <keys@example.com>"})")));
  EXPECT_FALSE(may(role, call("ses", "SendEmail", R"({"FromEmailAddress":"Keys <boss@example.com>"})")));
}

TEST_F(Authorize, ASimulationIsAskedForOnTheOneItIsAbout) {
  roles_policies()["p"] = allow("iam:SimulatePrincipalPolicy", "arn:aws:iam::*:role/runner");
  const auto about = [](std::string_view whom) {
    return call("iam", "SimulatePrincipalPolicy",
                fmt::format(R"({{"PolicySourceArn":"arn:aws:iam::111111111111:role/{}"}})", whom));
  };
  EXPECT_TRUE(may(role, about("runner")));
  EXPECT_FALSE(may(role, about("other")));
}

TEST_F(Authorize, EventsParametersObjectsAndContactsAreAskedByTheirArns) {
  const auto asks = [&](std::string_view service, std::string_view operation, std::string_view input) {
    return why(role, call(service, operation, input));
  };
  EXPECT_THAT(asks("events", "PutEvents", R"({"Entries":[{"EventBusName":"keys"}]})"),
              HasSubstr("events:PutEvents on resource: arn:aws:events:us-east-1:111111111111:event-bus/keys"));
  EXPECT_THAT(asks("events", "PutEvents", R"({"Entries":[{}]})"), HasSubstr("event-bus/default"));
  EXPECT_THAT(asks("ssm", "GetParameter", R"({"Name":"/smtp/password:3"})"),
              HasSubstr("ssm:GetParameter on resource: arn:aws:ssm:us-east-1:111111111111:parameter/smtp/password "));
  EXPECT_THAT(asks("ssm", "GetParameters", R"({"Names":["plain"]})"), HasSubstr(":parameter/plain "));
  EXPECT_THAT(asks("s3", "HeadObject", R"({"Bucket":"b","Key":"a/k"})"),
              HasSubstr("s3:GetObject on resource: arn:aws:s3:::b/a/k "));
  EXPECT_THAT(asks("account", "GetAlternateContact", R"({"AlternateContactType":"SECURITY"})"),
              HasSubstr("account:GetAlternateContact on resource: arn:aws:account::111111111111:account "));
  EXPECT_THAT(asks("account", "GetAlternateContact", R"({"AccountId":"222222222222"})"),
              HasSubstr("arn:aws:account::111111111111:account/o-1/222222222222 "));
}

TEST_F(Authorize, AParameterUnderTheCustomersKeyTakesThatKey) {
  roles_policies()["p"] = allow("ssm:GetParameter");
  auto& parameter = world.account(member).vaults[region].parameters["p"];
  parameter.kms_key_id = "k1";
  add_key(member, grant("arn:aws:iam::111111111111:root", "kms:*"));
  EXPECT_TRUE(may(role, call("ssm", "GetParameter", R"({"Name":"p"})")));
  const auto decrypted = call("ssm", "GetParameter", R"({"Name":"p","WithDecryption":true})");
  EXPECT_THAT(why(role, decrypted), HasSubstr("kms:Decrypt"));
  roles_policies()["k"] = allow("kms:Decrypt");
  EXPECT_TRUE(may(role, decrypted));
}

TEST_F(Authorize, ThatAnObjectIsMissingIsToldToThoseWhoMayListOnly) {
  roles_policies()["p"] = allow("s3:GetObject");
  world.account(member).buckets["b"].objects["there"] = {};
  EXPECT_TRUE(may(role, call("s3", "GetObject", R"({"Bucket":"b","Key":"there"})")));
  EXPECT_FALSE(may(role, call("s3", "GetObject", R"({"Bucket":"b","Key":"not"})")));
  roles_policies()["q"] = allow("s3:ListBucket", "arn:aws:s3:::b");
  EXPECT_TRUE(may(role, call("s3", "GetObject", R"({"Bucket":"b","Key":"not"})")));
}

}  // namespace
}  // namespace rekeyer::sandbox
