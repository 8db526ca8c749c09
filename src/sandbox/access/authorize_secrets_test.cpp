// Whose policies have a say where a secret is made, written and read: the user's, the secret's, the key's.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "sandbox/access/authorize_fixture.hpp"

namespace rekeyer::sandbox {
namespace {

using testing::HasSubstr;

// Rights are looked at before it is told that a secret is not there: on the ARN that its name gives.
TEST_F(Authorize, ASecretThatIsNotThereIsAskedForByItsNameAlone) {
  const std::string named = "arn:aws:secretsmanager:us-east-1:111111111111:secret:Account_1_User_ann_AccessKey";
  const auto with_letters = allow("secretsmanager:*", named + "-??????");
  roles_policies()["p"] = with_letters;
  const auto describe = call("secretsmanager", "DescribeSecret", R"({"SecretId":"Account_1_User_ann_AccessKey"})");
  EXPECT_THAT(why(role, describe), testing::HasSubstr("secretsmanager:DescribeSecret on resource: " + named + " "));
  EXPECT_TRUE(may(role, call("secretsmanager", "CreateSecret", R"({"Name":"Account_1_User_ann_AccessKey"})")))
      << "what is to be made has its letters";
  roles_policies()["q"] = allow("secretsmanager:DescribeSecret", named);
  EXPECT_TRUE(may(role, describe));
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
  behaviour.strict_auth = false;
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
  behaviour.strict_auth = false;
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

}  // namespace
}  // namespace rekeyer::sandbox
