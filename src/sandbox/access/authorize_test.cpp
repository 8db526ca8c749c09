#include "sandbox/access/authorize.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json/parse.hpp>

namespace rekeyer::sandbox {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

const AccountId member{"111111111111"};
const AccountId other{"222222222222"};
const Region region{"us-east-1"};

std::string statement(std::string_view effect, std::string_view action, std::string_view resource = "*") {
  return fmt::format(R"({{"Statement":[{{"Effect":"{}","Action":"{}","Resource":"{}"}}]}})", effect, action, resource);
}
std::string allow(std::string_view action, std::string_view resource = "*") {
  return statement("Allow", action, resource);
}
std::string grant(std::string_view principal, std::string_view action = "*", std::string_view effect = "Allow") {
  return fmt::format(R"({{"Statement":[{{"Effect":"{}","Principal":{{"AWS":"{}"}},"Action":"{}","Resource":"*"}}]}})",
                     effect, principal, action);
}

class Authorize : public testing::Test {
 protected:
  Authorize() {
    world.organization.id = "o-1";
    world.organization.management = AccountId("999999999999");
    world.organization.root = OuId("r-1");
    world.organization.units[OuId("ou-1")] = {OuId("ou-1"), OuId("r-1"), "Workloads"};
    for (const auto& id : {member, other}) {
      world.account(id);
      world.organization.parent_of[id] = OuId("ou-1");
    }
    user = add_user(member, "ann", "/ci/");
    role.kind = PrincipalKind::role;
    role.account = member;
    role.role = RoleName("runner");
    role.arn = Arn("arn:aws:sts::111111111111:assumed-role/runner/run");
    role.identity_arn = Arn("arn:aws:iam::111111111111:role/runner");
    role.session = true;
    world.account(member).iam.roles["runner"].name = role.role;
  }

  Principal add_user(const AccountId& account, const std::string& name, const std::string& path = "/") {
    auto& made = world.account(account).iam.users[name];
    made.name = UserName(name);
    made.path = path;
    Principal result;
    result.kind = PrincipalKind::user;
    result.account = account;
    result.user = made.name;
    result.arn = world.user_arn(account, made);
    result.identity_arn = result.arn;
    return result;
  }

  User& ann() { return world.account(member).iam.users.at("ann"); }
  InlinePolicies& roles_policies() { return world.account(member).iam.roles.at("runner").policies; }

  StoredSecret& add_secret(const AccountId& account, const std::string& name) {
    auto& secret = world.account(account).vaults[region].secrets[name];
    secret.name = name;
    secret.arn = Arn(fmt::format("arn:aws:secretsmanager:us-east-1:{}:secret:{}-Xy12Zz", account, name));
    return secret;
  }

  KmsKey& add_key(const AccountId& account, const std::string& policy) {
    auto& key = world.account(account).vaults[region].keys["k1"];
    key.id = "k1";
    key.policy = policy;
    return key;
  }

  void add_control(const std::string& id, const std::string& document, std::vector<std::string> targets) {
    world.organization.controls[id] = {id, id, "", document, std::move(targets)};
  }

  static Call call(std::string_view service, std::string_view operation, std::string_view input = "{}") {
    Call made;
    made.service = service;
    made.operation = operation;
    made.region = region;
    made.input = boost::json::parse(input).as_object();
    return made;
  }

  /// "" where it is allowed, else the message.
  std::string why(const Principal& principal, const Call& asked) {
    const auto refusal = authorize(world, truths, asked, principal, reads, now);
    return refusal ? refusal->message : "";
  }
  bool may(const Principal& principal, const Call& asked) { return why(principal, asked).empty(); }

  World world;
  Truths truths;
  Instant now{std::chrono::hours{500'000}};
  std::vector<ValueRead> reads;
  Principal user;
  Principal role;
};

TEST_F(Authorize, NothingIsAllowedWithoutAPolicyAndTheTextSaysSo) {
  const auto refusal = authorize(world, truths, call("iam", "ListUsers"), role, reads, now);
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->code, "AccessDenied");
  EXPECT_EQ(refusal->status, 403);
  EXPECT_EQ(refusal->message,
            "User: arn:aws:sts::111111111111:assumed-role/runner/run is not authorized to perform: iam:ListUsers on "
            "resource: * because no identity-based policy allows the iam:ListUsers action");
  truths.strict_auth = false;
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

TEST_F(Authorize, CreatingASecretWithTagsAndReplicasNeedsMore) {
  roles_policies()["p"] = allow("secretsmanager:CreateSecret", "arn:aws:secretsmanager:*:*:secret:a-??????");
  EXPECT_TRUE(may(role, call("secretsmanager", "CreateSecret", R"({"Name":"a"})")));
  EXPECT_FALSE(may(role, call("secretsmanager", "CreateSecret", R"({"Name":"b"})")));
  const auto tagged = call("secretsmanager", "CreateSecret", R"({"Name":"a","Tags":[{"Key":"k","Value":"v"}]})");
  EXPECT_THAT(why(role, tagged), HasSubstr("secretsmanager:TagResource"));
  roles_policies()["q"] = allow("secretsmanager:TagResource");
  EXPECT_TRUE(may(role, tagged));
  const auto replicated =
      call("secretsmanager", "CreateSecret", R"({"Name":"a","AddReplicaRegions":[{"Region":"eu-west-1"}]})");
  EXPECT_THAT(why(role, replicated), HasSubstr("secretsmanager:ReplicateSecretToRegions"));
  roles_policies()["r"] = allow("secretsmanager:ReplicateSecretToRegions");
  EXPECT_TRUE(may(role, replicated));
  const auto own_key = call("secretsmanager", "CreateSecret",
                            R"({"Name":"a","AddReplicaRegions":[{"Region":"eu-west-1","KmsKeyId":"k2"}]})");
  EXPECT_THAT(why(role, own_key),
              HasSubstr("kms:GenerateDataKey on resource: arn:aws:kms:eu-west-1:111111111111:key/k2"));
}

TEST_F(Authorize, SecretOfAReplicasRegionIsThePrimarys) {
  auto& secret = add_secret(member, "s");
  secret.replicas.push_back({Region("eu-west-1"), "", "InSync", ""});
  secret.policy = grant(role.identity_arn.str(), "secretsmanager:*", "Deny");
  roles_policies()["p"] = allow("*");
  auto asked = call("secretsmanager", "DescribeSecret", R"({"SecretId":"s"})");
  asked.region = Region("eu-west-1");
  EXPECT_THAT(why(role, asked), HasSubstr("arn:aws:secretsmanager:eu-west-1:111111111111:secret:s-Xy12Zz with an "
                                          "explicit deny in a resource-based policy"));
  asked.region = Region("ap-south-1");
  EXPECT_TRUE(may(role, asked)) << "no replica there: the service says that there is none";
}

TEST_F(Authorize, AnotherAccountsSecretTakesBothSides) {
  auto& secret = add_secret(other, "s");
  const auto asked = call("secretsmanager", "DescribeSecret",
                          R"({"SecretId":"arn:aws:secretsmanager:us-east-1:222222222222:secret:s-Xy12Zz"})");
  roles_policies()["p"] = allow("*");
  EXPECT_THAT(why(role, asked), HasSubstr("no resource-based policy"));
  secret.policy = grant("arn:aws:iam::111111111111:root");
  EXPECT_TRUE(may(role, asked));
  roles_policies().clear();
  EXPECT_THAT(why(role, asked), HasSubstr("no identity-based policy"));
}

TEST_F(Authorize, InOneAccountAResourcesPolicyGrantsByNameOnly) {
  auto& secret = add_secret(member, "s");
  const auto asked = call("secretsmanager", "DescribeSecret", R"({"SecretId":"s"})");
  secret.policy = grant(user.arn.str());
  EXPECT_TRUE(may(user, asked));
  secret.policy = grant("111111111111");
  EXPECT_FALSE(may(user, asked)) << "the account leaves it to its identity policies";
}

TEST_F(Authorize, WritingUnderACustomersKeyNeedsTheKeyAsWell) {
  add_secret(member, "s").kms_key_id = "k1";
  add_key(member, grant("arn:aws:iam::111111111111:root", "kms:*"));
  const auto put = call("secretsmanager", "PutSecretValue", R"({"SecretId":"s","SecretString":"x"})");
  roles_policies()["p"] = allow("secretsmanager:*");
  EXPECT_THAT(why(role, put), HasSubstr("kms:GenerateDataKey"));
  roles_policies()["q"] =
      R"({"Statement":{"Effect":"Allow","Action":["kms:GenerateDataKey","kms:Decrypt"],"Resource":"*",
         "Condition":{"StringEquals":{"kms:ViaService":"secretsmanager.us-east-1.amazonaws.com"}}}})";
  EXPECT_TRUE(may(role, put));
  EXPECT_FALSE(may(role, call("kms", "Decrypt", R"({"KeyId":"k1"})"))) << "not through Secrets Manager";
  add_key(member, R"({"Statement":[]})");
  EXPECT_THAT(why(role, put), HasSubstr("no resource-based policy")) << "nothing without the key's policy";
  add_key(member, grant(role.identity_arn.str()));
  roles_policies().erase("q");
  EXPECT_TRUE(may(role, put)) << "the key's policy may name the role";
  EXPECT_TRUE(may(role, call("secretsmanager", "DescribeSecret", R"({"SecretId":"s"})")));
}

TEST_F(Authorize, SigningNeedsTheKeysPolicyAndMayBeBoundToAnAlgorithm) {
  add_key(member, grant("arn:aws:iam::111111111111:root", "kms:*"));
  const auto sign = [](std::string_view type) {
    return call("kms", "Sign",
                fmt::format(R"({{"KeyId":"k1","SigningAlgorithm":"ECDSA_SHA_256","MessageType":"{}"}})", type));
  };
  EXPECT_THAT(why(role, sign("RAW")), HasSubstr("kms:Sign on resource: arn:aws:kms:us-east-1:111111111111:key/k1"));
  roles_policies()["p"] =
      R"({"Statement":{"Effect":"Allow","Action":"kms:Sign","Resource":"arn:aws:kms:*:*:key/k1","Condition":
         {"StringEquals":{"kms:SigningAlgorithm":"ECDSA_SHA_256","kms:MessageType":"RAW"}}}})";
  EXPECT_TRUE(may(role, sign("RAW")));
  EXPECT_FALSE(may(role, sign("DIGEST")));
  EXPECT_FALSE(may(role, call("kms", "GetPublicKey", R"({"KeyId":"k1"})")));
  roles_policies()["p"] = allow("kms:*");
  EXPECT_TRUE(may(role, call("kms", "GetPublicKey", R"({"KeyId":"k1"})")));
  add_key(member, grant(user.arn.str(), "kms:GetPublicKey"));
  EXPECT_THAT(why(role, sign("RAW")), HasSubstr("no resource-based policy"))
      << "the key's policy leaves nothing to IAM";
  EXPECT_TRUE(may(user, call("kms", "GetPublicKey", R"({"KeyId":"k1"})")));
}

TEST_F(Authorize, AwsOwnKeyNeedsNothing) {
  roles_policies()["p"] = allow("secretsmanager:*");
  EXPECT_TRUE(may(role, call("secretsmanager", "CreateSecret",
                             R"({"Name":"a","SecretString":"x","KmsKeyId":"alias/aws/secretsmanager"})")));
  EXPECT_FALSE(may(role, call("secretsmanager", "CreateSecret", R"({"Name":"a","SecretString":"x","KmsKeyId":"k1"})")));
}

TEST_F(Authorize, RolesReadWhatPoliciesLetThemReadWhateverTheStrictness) {
  truths.strict_auth = false;
  auto& secret = add_secret(member, "s");
  const auto get = call("secretsmanager", "GetSecretValue", R"({"SecretId":"s"})");
  EXPECT_THAT(why(role, get), HasSubstr("secretsmanager:GetSecretValue on resource: " + secret.arn.str()));
  secret.policy = grant(role.identity_arn.str(), "secretsmanager:GetSecretValue");
  EXPECT_TRUE(may(role, get));
  secret.policy.reset();
  roles_policies()["p"] = allow("secretsmanager:GetSecretValue", secret.arn.str());
  EXPECT_TRUE(may(role, get));
  role.session_policy = allow("secretsmanager:DescribeSecret");
  EXPECT_FALSE(may(role, get));
}

TEST_F(Authorize, AReadByTheMemberRoleIsNotedWhetherItMayOrNot) {
  add_secret(member, "s");
  EXPECT_FALSE(may(role, call("secretsmanager", "GetSecretValue", R"({"SecretId":"s"})")));
  EXPECT_TRUE(reads.empty()) << "not rekeyer's own";
  world.member_role = RoleName("runner");
  EXPECT_FALSE(may(role, call("secretsmanager", "GetSecretValue", R"({"SecretId":"s"})")));
  roles_policies()["p"] = allow("*");
  EXPECT_TRUE(may(role, call("secretsmanager", "BatchGetSecretValue", R"({"SecretIdList":["s"]})")));
  ASSERT_EQ(reads.size(), 2U);
  EXPECT_EQ(reads[0].principal, role.arn.str());
  EXPECT_EQ(reads[0].operation, "GetSecretValue");
  EXPECT_EQ(reads[0].secret, "s");
  EXPECT_EQ(reads[1].operation, "BatchGetSecretValue");
}

TEST_F(Authorize, UsersReadWhatAPolicyLetsThemReadWhateverTheStrictness) {
  truths.strict_auth = false;
  auto& secret = add_secret(member, "s");
  const auto get = call("secretsmanager", "GetSecretValue", R"({"SecretId":"s"})");
  EXPECT_THAT(why(user, get), HasSubstr("secretsmanager:GetSecretValue on resource: " + secret.arn.str()));
  secret.policy = grant(user.arn.str(), "secretsmanager:GetSecretValue");
  EXPECT_TRUE(may(user, get));
  secret.policy.reset();
  ann().policies["p"] = allow("secretsmanager:GetSecretValue", secret.arn.str());
  EXPECT_TRUE(may(user, get));
  EXPECT_FALSE(may(user, call("secretsmanager", "GetSecretValue", R"({"SecretId":"none"})")))
      << "whether it is there is not told to everybody";
  const auto batch = call("secretsmanager", "BatchGetSecretValue", R"({"SecretIdList":["s"]})");
  EXPECT_FALSE(may(user, batch));
  ann().policies["q"] = allow("secretsmanager:BatchGetSecretValue");
  EXPECT_TRUE(may(user, batch));
  EXPECT_TRUE(reads.empty());
  EXPECT_FALSE(refuse_value(world, batch, user, "s", now));
  EXPECT_TRUE(refuse_value(world, batch, user, "none", now));
  const auto filtered = call("secretsmanager", "BatchGetSecretValue", R"({"Filters":[]})");
  EXPECT_THAT(why(user, filtered), HasSubstr("secretsmanager:ListSecrets"));
}

TEST_F(Authorize, AnotherAccountsSecretIsReadOnlyUnderACustomersKey) {
  auto& secret = add_secret(other, "s");
  secret.policy = grant(user.arn.str());
  ann().policies["p"] = allow("secretsmanager:GetSecretValue");
  const auto get = call("secretsmanager", "GetSecretValue", fmt::format(R"({{"SecretId":"{}"}})", secret.arn));
  EXPECT_THAT(why(user, get), HasSubstr("a key of another account"));
  secret.kms_key_id = "arn:aws:kms:us-east-1:222222222222:key/k1";
  EXPECT_THAT(why(user, get), HasSubstr("kms:Decrypt"));
  ann().policies["q"] = allow("kms:Decrypt", secret.kms_key_id);
  EXPECT_THAT(why(user, get), HasSubstr("no resource-based policy")) << "the key's";
  add_key(other, grant(user.arn.str(), "kms:Decrypt"));
  EXPECT_TRUE(may(user, get));
  ann().policies.clear();
  EXPECT_FALSE(may(user, get));
}

TEST_F(Authorize, ReadingUnderACustomersKeyTakesTheKeyOfThatRegion) {
  auto& secret = add_secret(member, "s");
  secret.kms_key_id = "k1";
  secret.replicas.push_back({Region("eu-west-1"), "", "InSync", ""});
  add_key(member, grant("arn:aws:iam::111111111111:root", "kms:*"));
  ann().policies["p"] = allow("secretsmanager:GetSecretValue");
  auto get = call("secretsmanager", "GetSecretValue", R"({"SecretId":"s"})");
  EXPECT_THAT(why(user, get), HasSubstr("kms:Decrypt on resource: arn:aws:kms:us-east-1:111111111111:key/k1"));
  get.region = Region("eu-west-1");
  EXPECT_TRUE(may(user, get)) << "the replica's is AWS's own";
  get.region = region;
  ann().policies["q"] = allow("kms:Decrypt");
  EXPECT_TRUE(may(user, get));
}

// --- wide rights, and what stops them

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

/// What only the named roles may do, and the owner's grant.
std::string lock(std::string_view owner) {
  return fmt::format(
      R"({{"Statement":[
        {{"Effect":"Deny","Principal":"*","Resource":"*","NotAction":["secretsmanager:GetSecretValue",
          "secretsmanager:DescribeSecret","secretsmanager:GetResourcePolicy","secretsmanager:ListSecretVersionIds"],
          "Condition":{{"ArnNotLike":{{"aws:PrincipalArn":["arn:aws:iam::111111111111:role/keys/runner",
            "arn:aws:iam::111111111111:role/aws-reserved/*"]}}}}}},
        {{"Effect":"Deny","Principal":"*","Resource":"*","Action":"secretsmanager:GetSecretValue","Condition":
          {{"StringNotEquals":{{"aws:userid":"AIDAANN"}},
            "ArnNotLike":{{"aws:PrincipalArn":"arn:aws:iam::111111111111:role/keys/reader"}}}}}},
        {{"Effect":"Allow","Principal":{{"AWS":"{}"}},"Action":"secretsmanager:GetSecretValue","Resource":"*"}}]}})",
      owner);
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

// --- users' own sessions

TEST_F(Authorize, AUsersSessionOpensNeitherIamNorMoreOfSts) {
  user.session = true;
  ann().policies["p"] = allow("*");
  const auto refusal = authorize(world, truths, call("iam", "ListUsers"), user, reads, now);
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
