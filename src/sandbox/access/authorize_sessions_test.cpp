// Users' own sessions, and service control policies.
#include <gmock/gmock.h>

#include "sandbox/access/authorize_fixture.hpp"

namespace rekeyer::sandbox {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

TEST_F(Authorize, AUsersSessionOpensNeitherIamNorMoreOfSts) {
  user.session = true;
  ann().policies["p"] = allow("*");
  const auto refusal = authorize(world, behaviour, call("iam", "ListUsers"), user, reads, now);
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->code, "InvalidClientTokenId");
  EXPECT_TRUE(may(user, call("sts", "GetCallerIdentity")));
  EXPECT_TRUE(may(user, call("secretsmanager", "ListSecrets")));
  EXPECT_FALSE(may(user, call("sts", "GetAccessKeyInfo")));
  const auto assume =
      call("sts", "AssumeRole", R"({"RoleArn":"arn:aws:iam::222222222222:role/r","RoleSessionName":"x"})");
  EXPECT_TRUE(may(user, assume));
  user.federated = true;
  EXPECT_FALSE(may(user, assume));
}

TEST_F(Authorize, AFederatedUserHasWhatItsSessionLeavesOfTheUsersRights) {
  auto& secret = add_secret(member, "s");
  ann().policies["p"] = allow("secretsmanager:*");
  user.session = user.federated = true;
  user.arn = user.identity_arn = Arn("arn:aws:sts::111111111111:federated-user/guest");
  user.user_id = "111111111111:guest";
  user.identity_id = "AIDAANN";
  const auto get = call("secretsmanager", "GetSecretValue", R"({"SecretId":"s"})");
  EXPECT_THAT(why(user, get), HasSubstr("no session policy")) << "without one there are no rights";
  user.session_policy = allow("*");
  EXPECT_TRUE(may(user, get));
  EXPECT_FALSE(may(user, call("kms", "ListKeys"))) << "not the user's to give";
  secret.policy = lock(user.arn.str());
  EXPECT_FALSE(may(user, get)) << "not the owner, though the owner opened it";
  user.session_policy.clear();
  secret.policy = grant(user.arn.str());
  EXPECT_TRUE(may(user, get)) << "granted to itself";
  secret.policy = grant("arn:aws:iam::111111111111:user/ci/ann");
  secret.policy_principals = {{"arn:aws:iam::111111111111:user/ci/ann", "AIDAANN"}};
  EXPECT_FALSE(may(user, get)) << "what is granted to the user is not";
}

TEST_F(Authorize, OnlySessionsHaveATimeOfIssue) {
  const std::string revoked =
      R"({"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"*","Resource":"*",
         "Condition":{"DateLessThan":{"aws:TokenIssueTime":"2026-01-01T00:00:00Z"}}}]})";
  roles_policies()["p"] = revoked;
  ann().policies["p"] = revoked;
  const auto list = call("secretsmanager", "ListSecrets");
  role.issued = *parse_iso8601("2025-12-31T23:59:59Z");
  EXPECT_FALSE(may(role, list));
  role.issued = *parse_iso8601("2026-01-01T00:00:00Z");
  EXPECT_TRUE(may(role, list));
  EXPECT_TRUE(may(user, list)) << "long-term keys have none";
}

TEST_F(Authorize, ServiceControlDeniesWhateverElseAllows) {
  roles_policies()["p"] = allow("*");
  add_control("p-full", allow("*"), {"r-1", "ou-1", member.str()});
  EXPECT_TRUE(may(role, call("iam", "CreateAccessKey", R"({"UserName":"ann"})")));
  add_control("p-deny", statement("Deny", "iam:CreateAccessKey"), {"ou-1"});
  EXPECT_THAT(why(role, call("iam", "CreateAccessKey", R"({"UserName":"ann"})")),
              EndsWith("with an explicit deny in a service control policy"));
  EXPECT_TRUE(may(role, call("iam", "UpdateAccessKey", R"({"UserName":"ann"})")));
}

TEST_F(Authorize, EveryLevelWithServiceControlsMustAllow) {
  roles_policies()["p"] = allow("*");
  add_control("p-some", allow("secretsmanager:*"), {"r-1"});
  EXPECT_THAT(why(role, call("iam", "ListUsers")),
              EndsWith("because no service control policy allows the iam:ListUsers action"));
  EXPECT_TRUE(may(role, call("secretsmanager", "ListSecrets")));
  EXPECT_FALSE(allowed_by_service_control(world, member, {"iam:ListUsers", "*", {}}));
  EXPECT_TRUE(allowed_by_service_control(world, member, {"secretsmanager:ListSecrets", "*", {}}));
  EXPECT_TRUE(allowed_by_service_control(world, world.organization.management, {"iam:ListUsers", "*", {}}));
  EXPECT_TRUE(allowed_by_service_control(world, AccountId("333333333333"), {"iam:ListUsers", "*", {}})) << "no member";
}

TEST_F(Authorize, ServiceControlsAreSimulatedForWhoeverIsSupposedToCall) {
  add_control("p-full", allow("*"), {"r-1"});
  add_control("p-names",
              R"({"Statement":{"Effect":"Deny","Action":"secretsmanager:TagResource","Resource":"*",)"
              R"("Condition":{"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/rekeyer-member"}}}})",
              {"r-1"});
  const auto tags = [&](std::string principal) {
    return allowed_by_service_control(
        world, member, {"secretsmanager:TagResource", "*", {{"aws:principalarn", {std::move(principal)}}}});
  };
  EXPECT_TRUE(tags("arn:aws:iam::111111111111:role/rekeyer-member"));
  EXPECT_FALSE(tags("arn:aws:iam::111111111111:role/other"));
  EXPECT_FALSE(allowed_by_service_control(world, member, {"secretsmanager:TagResource", "*", {}})) << "nobody";
}

TEST_F(Authorize, ServiceControlMayExemptAPrincipal) {
  roles_policies()["p"] = allow("*");
  add_control("p-full", allow("*"), {"r-1"});
  add_control("p-deny",
              R"({"Statement":{"Effect":"Deny","Action":"iam:*","Resource":"*","Condition":
                 {"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/runner"}}}})",
              {"r-1"});
  ann().policies["p"] = allow("*");
  EXPECT_TRUE(may(role, call("iam", "ListUsers")));
  EXPECT_FALSE(may(user, call("iam", "ListUsers")));
}

}  // namespace
}  // namespace rekeyer::sandbox
