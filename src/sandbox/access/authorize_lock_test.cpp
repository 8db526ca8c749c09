// Wide rights to secrets, and what stops them: locks, tags, whom a policy means and from when on.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "sandbox/access/authorize_fixture.hpp"

namespace rekeyer::sandbox {
namespace {

using testing::EndsWith;

TEST_F(Authorize, PowerUsersDoEverythingWithSecretsUntilADenyStopsThem) {
  auto& secret = add_secret(member, "s");
  const std::string_view operations[] = {
      "GetSecretValue",      "PutSecretValue", "DescribeSecret",       "UpdateSecretVersionStage", "TagResource",
      "PutResourcePolicy",   "DeleteSecret",   "DeleteResourcePolicy", "ReplicateSecretToRegions", "RestoreSecret",
      "ListSecretVersionIds"};
  for (const char* policy : {"PowerUserAccess", "AdministratorAccess"}) {
    ann().attached = {fmt::format("arn:aws:iam::aws:policy/{}", policy)};
    world.account(member).iam.roles.at("runner").attached = ann().attached;
    for (const Principal& principal : {user, role}) {
      for (const auto operation : operations) {
        const auto asked = call("secretsmanager", operation, R"({"SecretId":"s"})");
        secret.policy.reset();
        EXPECT_TRUE(may(principal, asked)) << operation;
        secret.policy = grant("*", "secretsmanager:*", "Deny");
        EXPECT_THAT(why(principal, asked), EndsWith("with an explicit deny in a resource-based policy")) << operation;
      }
    }
  }
}

TEST_F(Authorize, ALockLeavesChangesToTheNamedRolesAndReadingToTheOwner) {
  auto& secret = add_secret(member, "s");
  secret.policy = lock(user.arn.str());
  user.user_id = user.identity_id = ann().id = "AIDAANN";
  Principal bob = add_user(member, "bob");
  bob.user_id = "AIDABOB";
  world.account(member).iam.users.at("bob").policies["p"] = allow("*");
  roles_policies()["p"] = allow("*");
  const auto put = call("secretsmanager", "PutSecretValue", R"({"SecretId":"s"})");
  const auto get = call("secretsmanager", "GetSecretValue", R"({"SecretId":"s"})");
  const auto describe = call("secretsmanager", "DescribeSecret", R"({"SecretId":"s"})");
  EXPECT_FALSE(may(bob, put));
  EXPECT_FALSE(may(bob, get));
  EXPECT_TRUE(may(bob, describe));
  EXPECT_TRUE(may(user, get));
  EXPECT_FALSE(may(user, put));
  EXPECT_FALSE(may(role, put)) << "its path is another";
  role.identity_arn = Arn("arn:aws:iam::111111111111:role/keys/runner");
  EXPECT_TRUE(may(role, put));
  EXPECT_FALSE(may(role, get));
  role.identity_arn = Arn("arn:aws:iam::111111111111:role/aws-reserved/sso/admin_0123");
  EXPECT_TRUE(may(role, put));
  role.identity_arn = Arn("arn:aws:iam::111111111111:role/keys/reader");
  EXPECT_TRUE(may(role, get));
  EXPECT_FALSE(may(role, put));
  user.user_id = "AIDASECOND";
  EXPECT_FALSE(may(user, get)) << "another user of the owner's name";
}

TEST_F(Authorize, TagsDecideForWhomTheyAreAskedOf) {
  auto& secret = add_secret(member, "s");
  secret.tags["team"] = "core";
  const auto when = [](std::string_view key, std::string_view value) {
    return fmt::format(R"({{"Statement":{{"Effect":"Allow","Action":"secretsmanager:*","Resource":"*","Condition":
                       {{"StringEquals":{{"{}":"{}"}}}}}}}})",
                       key, value);
  };
  const auto get = call("secretsmanager", "GetSecretValue", R"({"SecretId":"s"})");
  const auto create =
      call("secretsmanager", "CreateSecret", R"({"Name":"new","Tags":[{"Key":"team","Value":"core"}]})");
  for (const auto* key : {"aws:ResourceTag/team", "secretsmanager:ResourceTag/team"}) {
    roles_policies()["p"] = when(key, "core");
    EXPECT_TRUE(may(role, get)) << key;
    EXPECT_FALSE(may(role, create)) << key;
    roles_policies()["p"] = when(key, "other");
    EXPECT_FALSE(may(role, get)) << key;
  }
  roles_policies()["p"] = when("aws:RequestTag/team", "core");
  EXPECT_TRUE(may(role, create));
  EXPECT_FALSE(may(role, get)) << "a read brings no tags";
  EXPECT_FALSE(
      may(role, call("secretsmanager", "TagResource", R"({"SecretId":"s","Tags":[{"Key":"team","Value":"other"}]})")));
}

TEST_F(Authorize, NobodysPolicyIsAboutASecretThatIsToBeCreated) {
  auto& secret = add_secret(member, "s");
  secret.policy = grant("*", "*", "Deny");
  roles_policies()["p"] = allow("secretsmanager:*");
  EXPECT_TRUE(may(role, call("secretsmanager", "CreateSecret", R"({"Name":"s"})")))
      << "the service says that it is there";
}

TEST_F(Authorize, ARequestsVersionAndFlagsAreConditionKeys) {
  add_secret(member, "s");
  const auto unless = [](std::string_view test) {
    return fmt::format(R"({{"Statement":[{{"Effect":"Allow","Action":"secretsmanager:*","Resource":"*"}},
      {{"Effect":"Deny","Action":"secretsmanager:*","Resource":"*","Condition":{}}}]}})",
                       test);
  };
  roles_policies()["p"] = unless(R"({"StringEquals":{"secretsmanager:VersionId":"v1"}})");
  EXPECT_FALSE(may(role, call("secretsmanager", "GetSecretValue", R"({"SecretId":"s","VersionId":"v1"})")));
  EXPECT_TRUE(may(role, call("secretsmanager", "GetSecretValue", R"({"SecretId":"s"})")));
  roles_policies()["p"] = unless(R"({"StringNotEquals":{"secretsmanager:VersionStage":"AWSCURRENT"}})");
  EXPECT_FALSE(may(role, call("secretsmanager", "GetSecretValue", R"({"SecretId":"s"})"))) << "what was not asked for";
  EXPECT_TRUE(may(role, call("secretsmanager", "GetSecretValue", R"({"SecretId":"s","VersionStage":"AWSCURRENT"})")));
  roles_policies()["p"] = unless(R"({"Bool":{"secretsmanager:ForceDeleteWithoutRecovery":"true"}})");
  EXPECT_FALSE(
      may(role, call("secretsmanager", "DeleteSecret", R"({"SecretId":"s","ForceDeleteWithoutRecovery":true})")));
  EXPECT_TRUE(may(role, call("secretsmanager", "DeleteSecret", R"({"SecretId":"s"})")));
  roles_policies()["p"] = unless(R"({"ForAnyValue:StringEquals":{"secretsmanager:AddReplicaRegions":"eu-west-1"}})");
  EXPECT_FALSE(
      may(role, call("secretsmanager", "ReplicateSecretToRegions",
                     R"({"SecretId":"s","AddReplicaRegions":[{"Region":"eu-west-2"},{"Region":"eu-west-1"}]})")));
}

TEST_F(Authorize, APolicyMeansWhoHadTheNameWhenItWasPut) {
  auto& secret = add_secret(member, "s");
  const std::string arn = user.arn.str();
  secret.policy = grant(arn, "secretsmanager:GetSecretValue");
  secret.policy_principals = {{arn, "AIDAFIRST"}};
  const auto get = call("secretsmanager", "GetSecretValue", R"({"SecretId":"s"})");
  user.identity_id = "AIDAFIRST";
  EXPECT_TRUE(may(user, get));
  user.arn = user.identity_arn = Arn("arn:aws:iam::111111111111:user/renamed");
  EXPECT_TRUE(may(user, get));
  user.arn = user.identity_arn = Arn(arn);
  user.identity_id = "AIDASECOND";
  EXPECT_FALSE(may(user, get));
  secret.policy = grant("AIDASECOND", "secretsmanager:GetSecretValue");
  EXPECT_FALSE(may(user, get)) << "a bare id means somebody only where it was bound";
  secret.policy_principals = {{"AIDASECOND", "AIDASECOND"}};
  EXPECT_TRUE(may(user, get));
}

TEST_F(Authorize, AFormerPolicyIsEnforcedUntilTheNewOneHasSpread) {
  auto& secret = add_secret(member, "s");
  roles_policies()["p"] = allow("*");
  secret.policy = grant("*", "*", "Deny");
  secret.former_policies = {{now + std::chrono::seconds(10), std::nullopt, {}},
                            {now + std::chrono::seconds(20), grant("*", "secretsmanager:GetSecretValue", "Deny"), {}}};
  const auto get = call("secretsmanager", "GetSecretValue", R"({"SecretId":"s"})");
  const auto put = call("secretsmanager", "PutSecretValue", R"({"SecretId":"s"})");
  EXPECT_TRUE(may(role, get));
  now += std::chrono::seconds(10);
  EXPECT_FALSE(may(role, get));
  EXPECT_TRUE(may(role, put));
  now += std::chrono::seconds(10);
  EXPECT_FALSE(may(role, put));
}

TEST_F(Authorize, AReplicaThatIsNotThereYetHasNoPolicy) {
  auto& secret = add_secret(member, "s");
  secret.policy = grant("*", "*", "Deny");
  roles_policies()["p"] = allow("*");
  auto asked = call("secretsmanager", "DescribeSecret", R"({"SecretId":"s"})");
  asked.region = Region("eu-west-1");
  secret.replicas.push_back({Region("eu-west-1"), "", "InSync", "", now + std::chrono::seconds(1)});
  EXPECT_TRUE(may(role, asked)) << "the service says that it is not there";
  now += std::chrono::seconds(1);
  EXPECT_FALSE(may(role, asked));
}

}  // namespace
}  // namespace rekeyer::sandbox
