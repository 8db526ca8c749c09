// Who may do what by policies of users, groups, roles and sessions; who may assume a role.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "sandbox/access/authorize_fixture.hpp"

namespace rekeyer::sandbox {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

TEST_F(Authorize, NothingIsAllowedWithoutAPolicyAndTheTextSaysSo) {
  const auto refusal = authorize(world, behaviour, call("iam", "ListUsers"), role, reads, now);
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->code, "AccessDenied");
  EXPECT_EQ(refusal->status, 403);
  EXPECT_EQ(refusal->message,
            "User: arn:aws:sts::111111111111:assumed-role/runner/run is not authorized to perform: iam:ListUsers on "
            "resource: * because no identity-based policy allows the iam:ListUsers action");
  behaviour.strict_auth = false;
  EXPECT_TRUE(may(role, call("iam", "ListUsers")));
}

TEST_F(Authorize, WhoOneIsNeedsNoPermissionAndAdministratorsNeedNone) {
  EXPECT_TRUE(may(role, call("sts", "GetCallerIdentity")));
  Principal administrator;
  administrator.kind = PrincipalKind::administrator;
  EXPECT_TRUE(may(administrator, call("iam", "DeleteUser", R"({"UserName":"ann"})")));
  EXPECT_TRUE(may(administrator, call("secretsmanager", "GetSecretValue", R"({"SecretId":"s"})")));
  EXPECT_TRUE(reads.empty());
}

TEST_F(Authorize, AnAdministratorIsStoppedByASecretsOwnDenialAlone) {
  Principal administrator;
  administrator.kind = PrincipalKind::administrator;
  administrator.account = member;
  administrator.arn = Arn("arn:aws:sts::111111111111:assumed-role/sandbox-administrator/sandbox");
  administrator.identity_arn = Arn("arn:aws:iam::111111111111:role/sandbox-administrator");
  auto& secret = add_secret(member, "locked");
  secret.policy = R"({"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Resource":"*",)"
                  R"("NotAction":"secretsmanager:GetSecretValue","Condition":{"ArnNotLike":)"
                  R"({"aws:PrincipalArn":"arn:aws:iam::*:role/rekeyer-member"}}}]})";
  const auto tag = call("secretsmanager", "TagResource", R"({"SecretId":"locked","Tags":[]})");
  EXPECT_FALSE(may(administrator, tag));
  EXPECT_TRUE(may(administrator, call("secretsmanager", "GetSecretValue", R"({"SecretId":"locked"})")));
  secret.policy.reset();
  EXPECT_TRUE(may(administrator, tag));
}

TEST_F(Authorize, UsersArnsHoldTheirPath) {
  roles_policies()["p"] = allow("iam:*", "arn:aws:iam::111111111111:user/ci/*");
  EXPECT_TRUE(may(role, call("iam", "ListAccessKeys", R"({"UserName":"ann"})")));
  EXPECT_TRUE(may(role, call("iam", "CreateUser", R"({"UserName":"new","Path":"/ci/"})")));
  EXPECT_FALSE(may(role, call("iam", "ListAccessKeys", R"({"UserName":"nobody"})")));
  EXPECT_FALSE(may(role, call("iam", "ListUsers")));
  EXPECT_FALSE(may(role, call("iam", "GetGroup", R"({"GroupName":"g"})")));
}

TEST_F(Authorize, LastUseIsAskedOfTheKeysOwner) {
  AccessKey key;
  key.id = AccessKeyId("AKIAANN");
  world.add_key(member, UserName("ann"), key);
  const auto asked = call("iam", "GetAccessKeyLastUsed", R"({"AccessKeyId":"AKIAANN"})");
  roles_policies()["p"] = allow("iam:GetAccessKeyLastUsed", "arn:aws:iam::*:user/ci/ann");
  EXPECT_TRUE(may(role, asked));
  roles_policies()["p"] = allow("iam:GetAccessKeyLastUsed", "arn:aws:iam::*:user/ci/bob");
  EXPECT_FALSE(may(role, asked));
}

TEST_F(Authorize, UserWithoutANameMeansItself) {
  ann().policies["p"] = allow("iam:CreateAccessKey", "arn:aws:iam::111111111111:user/ci/ann");
  EXPECT_TRUE(may(user, call("iam", "CreateAccessKey")));
  ann().policies["p"] = allow("iam:CreateAccessKey", "arn:aws:iam::*:user/ci/${aws:username}");
  EXPECT_TRUE(may(user, call("iam", "CreateAccessKey", R"({"UserName":"ann"})")));
}

TEST_F(Authorize, GroupsAndManagedPoliciesCount) {
  auto& iam = world.account(member).iam;
  auto& group = iam.groups["g"];
  group.members = {UserName("ann")};
  group.policies["p"] = allow("iam:ListUsers");
  EXPECT_TRUE(may(user, call("iam", "ListUsers")));
  group.members.clear();
  EXPECT_FALSE(may(user, call("iam", "ListUsers")));
  iam.policies["arn:own"].document = allow("iam:ListRoles");
  ann().attached = {"arn:own"};
  EXPECT_TRUE(may(user, call("iam", "ListRoles")));
  ann().attached = {"arn:aws:iam::aws:policy/AdministratorAccess"};
  EXPECT_TRUE(may(user, call("iam", "ListGroups")));
  ann().policies["no"] = statement("Deny", "iam:ListGroups");
  EXPECT_THAT(why(user, call("iam", "ListGroups")), EndsWith("with an explicit deny in an identity-based policy"));
}

TEST_F(Authorize, TagsOfIdentitySessionAndResourceAreConditionKeys) {
  ann().tags = {{"Team", "core"}};
  ann().policies["p"] =
      R"({"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":
         {"aws:PrincipalTag/team":"core","aws:PrincipalOrgID":"o-1","aws:ResourceTag/Team":"core"}}}})";
  EXPECT_TRUE(may(user, call("iam", "GetUser", R"({"UserName":"ann"})")));
  EXPECT_FALSE(may(user, call("iam", "ListUsers")));
  user.session_tags = {{"team", "other"}};
  EXPECT_FALSE(may(user, call("iam", "GetUser", R"({"UserName":"ann"})")));
}

TEST_F(Authorize, SessionPolicyNarrows) {
  roles_policies()["p"] = allow("*");
  role.session_policy = allow("iam:ListUsers");
  EXPECT_TRUE(may(role, call("iam", "ListUsers")));
  EXPECT_THAT(why(role, call("iam", "ListRoles")),
              EndsWith("because no session policy allows the iam:ListRoles action"));
  roles_policies()["p"] = allow("iam:ListRoles");
  EXPECT_THAT(why(role, call("iam", "ListUsers")), HasSubstr("no identity-based policy"));
}

TEST_F(Authorize, ASessionHasNothingOfTheNextRoleOfItsName) {
  roles_policies()["p"] = allow("*");
  EXPECT_TRUE(may(role, call("iam", "ListUsers")));
  world.account(member).iam.roles.at("runner").id = "AROASECOND";
  EXPECT_THAT(why(role, call("iam", "ListUsers")), HasSubstr("no identity-based policy"));
}

TEST_F(Authorize, CallerMustBeAllowedToAssume) {
  const auto asked =
      call("sts", "AssumeRole", R"({"RoleArn":"arn:aws:iam::222222222222:role/r","RoleSessionName":"x"})");
  ann().policies["p"] = allow("sts:AssumeRole", "arn:aws:iam::*:role/r");
  EXPECT_TRUE(may(user, asked));
  ann().policies["p"] = allow("sts:AssumeRole", "arn:aws:iam::*:role/another");
  EXPECT_FALSE(may(user, asked));
}

class Trust : public Authorize {
 protected:
  bool trusted(const std::string& document, std::optional<std::string_view> external_id = std::nullopt) {
    Role target;
    target.name = RoleName("member");
    target.trust = document;
    return trusts(world, other, target, user, "run", external_id);
  }
  static std::string document(std::string_view principal, std::string_view condition = "{}") {
    return fmt::format(
        R"({{"Statement":{{"Effect":"Allow","Principal":{{"AWS":"{}"}},"Action":"sts:AssumeRole","Condition":{}}}}})",
        principal, condition);
  }
};

TEST_F(Trust, NamesThePrincipalOrItsAccount) {
  EXPECT_TRUE(trusted(document("arn:aws:iam::111111111111:root")));
  EXPECT_TRUE(trusted(document("111111111111")));
  EXPECT_TRUE(trusted(document("arn:aws:iam::111111111111:user/ci/ann")));
  EXPECT_FALSE(trusted(document("arn:aws:iam::111111111111:user/ci/bob")));
  EXPECT_FALSE(trusted(document("333333333333")));
  EXPECT_FALSE(trusted(""));
}

TEST_F(Trust, AsksForExternalIdAndOrganization) {
  const auto guarded =
      document("111111111111", R"({"StringEquals":{"sts:ExternalId":"orchid-7","aws:PrincipalOrgID":"o-1"}})");
  EXPECT_TRUE(trusted(guarded, "orchid-7"));
  EXPECT_FALSE(trusted(guarded, "other"));
  EXPECT_FALSE(trusted(guarded));
  world.organization.parent_of.erase(member);
  EXPECT_FALSE(trusted(guarded, "orchid-7"));
}

TEST_F(Trust, DoesNotReachIntoSuspendedAccounts) {
  world.account(other).state = "SUSPENDED";
  EXPECT_FALSE(trusted(document("111111111111")));
}

}  // namespace
}  // namespace rekeyer::sandbox
