// One role as IAM tells of it: tags and trust, the latter percent-encoded.
#include "aws/services/iam_role.hpp"

#include <gtest/gtest.h>

#include "fakes/call_bench.hpp"

namespace rekeyer::aws {
namespace {

using fakes::CallBench;

TEST(IamRole, HasTagsAndDecodedTrust) {
  CallBench bench;
  RoleClient client(bench.caller, bench.principal());
  bench.transport.reply(
      200,
      "<GetRoleResponse><GetRoleResult><Role><Path>/sec/</Path><RoleName>rekeyer-member</RoleName><RoleId>AROA1</"
      "RoleId>"
      "<Arn>arn:aws:iam::111111111111:role/sec/rekeyer-member</Arn><CreateDate>2026-01-02T03:04:05Z</CreateDate>"
      "<AssumeRolePolicyDocument>%7B%22Statement%22%3A%5B%5D%7D</AssumeRolePolicyDocument>"
      "<Tags><member><Key>rekeyer:role-version</Key><Value>1-apply</Value></member></Tags>"
      "</Role></GetRoleResult></GetRoleResponse>");
  const auto role = bench.run(client.role(RoleName("rekeyer-member")));
  ASSERT_TRUE(role) << describe(role.error());
  EXPECT_EQ(role->arn.str(), "arn:aws:iam::111111111111:role/sec/rekeyer-member");
  EXPECT_EQ(role->trust, R"({"Statement":[]})");
  EXPECT_EQ(role->tags, (Tags{{"rekeyer:role-version", "1-apply"}}));
  EXPECT_TRUE(bench.transport.sent.at(0).has("Action=GetRole&Version=2010-05-08&RoleName=rekeyer-member"));
}

TEST(IamRole, OneThatIsMissingIsNotFound) {
  CallBench bench;
  RoleClient client(bench.caller, bench.principal());
  bench.transport.xml_error(404, "NoSuchEntity");
  const auto role = bench.run(client.role(RoleName("nobody")));
  ASSERT_FALSE(role);
  EXPECT_EQ(role.error().kind, ErrorKind::not_found);
}

}  // namespace
}  // namespace rekeyer::aws
