#include "sandbox/services/secret_bench.hpp"

namespace rekeyer::sandbox {
namespace {

class Kms : public SecretBench {
 protected:
  std::string made_key() {
    const auto made = perform("CreateKey", R"({"Description":"d"})");
    return std::string(made->at("KeyMetadata").at("Arn").as_string());
  }
  KmsKey& key(const std::string& arn) {
    return world.account(home).vaults[region].keys.at(arn.substr(arn.rfind('/') + 1));
  }
  std::string create_secret(std::string_view key_id) {
    return code("CreateSecret", fmt::format(R"({{"Name":"s","SecretString":"x","KmsKeyId":"{}"}})", key_id));
  }
};

TEST_F(Kms, AKeyIsFoundByIdAndArn) {
  const std::string arn = made_key();
  EXPECT_TRUE(arn.starts_with("arn:aws:kms:us-east-1:111111111111:key/")) << arn;
  for (const auto& id : {arn, arn.substr(arn.rfind('/') + 1)}) {
    const auto shown = perform("DescribeKey", fmt::format(R"({{"KeyId":"{}"}})", id));
    ASSERT_TRUE(shown) << id;
    EXPECT_EQ(shown->at("KeyMetadata").at("Arn").as_string(), arn);
    EXPECT_EQ(shown->at("KeyMetadata").at("AWSAccountId").as_string(), "111111111111");
    EXPECT_EQ(shown->at("KeyMetadata").at("KeyState").as_string(), "Enabled");
  }
  EXPECT_EQ(code("DescribeKey", R"({"KeyId":"nothing"})"), "NotFoundException");
  EXPECT_EQ(code("DescribeKey"), "ValidationException");
}

TEST_F(Kms, AwssOwnKeyIsThereFromTheFirstSecretThatItEncrypts) {
  const std::string_view alias = R"({"KeyId":"alias/aws/secretsmanager"})";
  EXPECT_EQ(code("DescribeKey", alias), "NotFoundException");
  EXPECT_EQ(create_secret(made_key()), "done");
  EXPECT_EQ(code("DescribeKey", alias), "NotFoundException") << "a secret under a key of the account's own";
  EXPECT_EQ(code("CreateSecret", R"({"Name":"t"})"), "done");
  const auto shown = perform("DescribeKey", alias);
  ASSERT_TRUE(shown);
  const auto& key = shown->at("KeyMetadata");
  EXPECT_EQ(key.at("KeyManager").as_string(), "AWS");
  EXPECT_EQ(key.at("Arn").as_string(), "arn:aws:kms:us-east-1:111111111111:key/5ec2e750-0000-4000-8000-111111111111");
  EXPECT_EQ(perform("ListKeys")->at("Keys").as_array().size(), 1u) << "it is no key of the world's";
}

TEST_F(Kms, AKeyIsSwitchedOffAndOn) {
  const auto id = fmt::format(R"({{"KeyId":"{}"}})", made_key());
  perform("DisableKey", id);
  EXPECT_EQ(perform("DescribeKey", id)->at("KeyMetadata").at("KeyState").as_string(), "Disabled");
  perform("EnableKey", id);
  EXPECT_TRUE(perform("DescribeKey", id)->at("KeyMetadata").at("Enabled").as_bool());
  EXPECT_EQ(code("DisableKey", R"({"KeyId":"nothing"})"), "NotFoundException");
}

TEST_F(Kms, KeysAreListedInPages) {
  for (int i = 0; i < 3; ++i) made_key();
  const auto page = perform("ListKeys", R"({"Limit":2})");
  EXPECT_EQ(page->at("Keys").as_array().size(), 2u);
  EXPECT_EQ(text(page, "Truncated"), "true");
  const auto rest = perform("ListKeys", fmt::format(R"({{"Marker":"{}"}})", text(page, "NextMarker")));
  EXPECT_EQ(rest->at("Keys").as_array().size(), 1u);
  EXPECT_EQ(text(rest, "Truncated"), "false");
  EXPECT_EQ(said("ListAliases"), R"({"Aliases":[],"Truncated":false})");
}

TEST_F(Kms, AKeysPolicyBelongsToItsAccount) {
  const std::string arn = made_key();
  const std::string id = fmt::format(R"({{"KeyId":"{}"}})", arn);
  EXPECT_NE(text(perform("GetKeyPolicy", id), "Policy").find("arn:aws:iam::111111111111:root"), std::string::npos);
  const std::string document =
      R"({"Statement":[{"Effect":"Allow","Principal":"*","Action":"kms:Decrypt","Resource":"*"}]})";
  const auto put_policy = [&](const std::string& policy) {
    return code("PutKeyPolicy", boost::json::serialize(boost::json::object{{"KeyId", arn}, {"Policy", policy}}));
  };
  EXPECT_EQ(put_policy("{"), "MalformedPolicyDocumentException");
  EXPECT_EQ(put_policy(document), "done");
  EXPECT_EQ(text(perform("GetKeyPolicy", id), "Policy"), document);
  caller.account = other;
  EXPECT_EQ(code("DescribeKey", id), "done");
  EXPECT_EQ(code("GetKeyPolicy", id), "NotFoundException");
  EXPECT_EQ(put_policy(document), "NotFoundException");
}

TEST_F(Kms, ASecretNeedsAKeyThatIsThereAndEnabled) {
  const std::string arn = made_key();
  EXPECT_EQ(create_secret("nothing"), "EncryptionFailure");
  EXPECT_EQ(create_secret("alias/mine"), "EncryptionFailure");
  EXPECT_EQ(create_secret("arn:aws:kms:eu-west-1:111111111111:key/x"), "EncryptionFailure");
  EXPECT_EQ(create_secret(arn), "done");
  EXPECT_EQ(text(perform("DescribeSecret", R"({"SecretId":"s"})"), "KmsKeyId"), arn);
  key(arn).enabled = false;
  EXPECT_EQ(code("PutSecretValue", R"({"SecretId":"s","SecretString":"y"})"), "EncryptionFailure");
  EXPECT_EQ(code("GetSecretValue", R"({"SecretId":"s"})"), "DecryptionFailure");
  EXPECT_EQ(code("UpdateSecret", R"({"SecretId":"s","KmsKeyId":"nothing","Description":"new"})"), "EncryptionFailure");
  EXPECT_EQ(text(perform("DescribeSecret", R"({"SecretId":"s"})"), "Description"), "missing") << "all or nothing";
  EXPECT_EQ(code("UpdateSecret", R"({"SecretId":"s","KmsKeyId":"alias/aws/secretsmanager"})"), "done");
  EXPECT_EQ(text(perform("GetSecretValue", R"({"SecretId":"s"})"), "SecretString"), "x");
}

TEST_F(Kms, AKeyThatSignsEncryptsNothing) {
  const auto made = perform("CreateKey", R"({"KeySpec":"ECC_NIST_P256","KeyUsage":"SIGN_VERIFY"})");
  ASSERT_TRUE(made);
  const auto& shown = made->at("KeyMetadata").as_object();
  EXPECT_EQ(shown.at("KeyUsage").as_string(), "SIGN_VERIFY");
  EXPECT_EQ(shown.at("KeySpec").as_string(), "ECC_NIST_P256");
  EXPECT_EQ(boost::json::serialize(shown.at("SigningAlgorithms")), R"(["ECDSA_SHA_256"])");
  EXPECT_FALSE(shown.contains("EncryptionAlgorithms"));
  EXPECT_EQ(create_secret(std::string(shown.at("Arn").as_string())), "EncryptionFailure");
  EXPECT_EQ(code("CreateKey", R"({"KeySpec":"ECC_NIST_P256"})"), "ValidationException") << "the usage must be said";
  EXPECT_EQ(code("CreateKey", R"({"KeyUsage":"SIGN_VERIFY"})"), "ValidationException");
  EXPECT_EQ(code("CreateKey", R"({"KeySpec":"RSA_2048","KeyUsage":"SIGN_VERIFY"})"), "UnsupportedOperationException");
}

TEST_F(Kms, AnotherAccountsKeyServesByItsArn) {
  const std::string arn = made_key();
  caller.account = other;
  EXPECT_EQ(create_secret(arn.substr(arn.rfind('/') + 1)), "EncryptionFailure");
  EXPECT_EQ(create_secret(arn), "done");
}

}  // namespace
}  // namespace rekeyer::sandbox
