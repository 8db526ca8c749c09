// KMS: what a key is, and its policy.
#include "aws/services/kms.hpp"

#include <gtest/gtest.h>

#include "fakes/call_bench.hpp"

namespace rekeyer::aws {
namespace {

using fakes::CallBench;

class KmsTest : public testing::Test {
 protected:
  CallBench bench;
  KmsClient kms{bench.caller, bench.principal()};
};

TEST_F(KmsTest, AKeyIsDescribed) {
  bench.transport.reply(200, R"({"KeyMetadata":{"AWSAccountId":"111111111111","KeyId":"k","Arn":"arn:aws:kms:k",
    "CreationDate":1.7E9,"Enabled":false,"KeyUsage":"ENCRYPT_DECRYPT","KeyState":"PendingDeletion",
    "KeySpec":"SYMMETRIC_DEFAULT","KeyManager":"CUSTOMER"}})");
  const auto key = bench.run(kms.key("alias/keys"));
  ASSERT_TRUE(key) << describe(key.error());
  EXPECT_EQ(key->arn.str(), "arn:aws:kms:k");
  EXPECT_EQ(key->account.str(), "111111111111");
  EXPECT_FALSE(key->enabled);
  EXPECT_EQ(key->state + " " + key->usage + " " + key->spec + " " + key->manager,
            "PendingDeletion ENCRYPT_DECRYPT SYMMETRIC_DEFAULT CUSTOMER");
  const auto& sent = bench.transport.sent.at(0);
  EXPECT_EQ(sent.url, "https://kms.eu-west-1.amazonaws.com/");
  EXPECT_EQ(sent.header("X-Amz-Target"), "TrentService.DescribeKey");
  EXPECT_EQ(sent.header("Content-Type"), "application/x-amz-json-1.1");
  EXPECT_EQ(sent.body, R"({"KeyId":"alias/keys"})");
}

TEST_F(KmsTest, APolicyIsTextOfItsOwn) {
  bench.transport.reply(200, R"({"Policy":"{\"Statement\":[]}","PolicyName":"default"})");
  const auto policy = bench.run(kms.key_policy("k"));
  ASSERT_TRUE(policy) << describe(policy.error());
  EXPECT_EQ(*policy, R"({"Statement":[]})");
  EXPECT_EQ(bench.transport.sent.at(0).body, R"({"KeyId":"k","PolicyName":"default"})");
}

TEST_F(KmsTest, ASignatureAndAPublicKeyAreBlobs) {
  bench.transport.reply(200, R"({"KeyId":"k","Signature":"AQID","SigningAlgorithm":"ECDSA_SHA_256"})");
  EXPECT_EQ(bench.run(kms.sign("k", "what is signed")).value(), "\x01\x02\x03");
  EXPECT_EQ(bench.transport.sent.at(0).header("X-Amz-Target"), "TrentService.Sign");
  EXPECT_EQ(bench.transport.sent.at(0).body,
            R"({"KeyId":"k","Message":"d2hhdCBpcyBzaWduZWQ=","MessageType":"RAW","SigningAlgorithm":"ECDSA_SHA_256"})");
  bench.transport.reply(200, R"({"KeyId":"k","PublicKey":"BAUG","KeySpec":"ECC_NIST_P256"})");
  EXPECT_EQ(bench.run(kms.public_key("k")).value(), "\x04\x05\x06");
  EXPECT_EQ(bench.transport.sent.at(1).header("X-Amz-Target"), "TrentService.GetPublicKey");
  for (const auto* body : {R"({"KeyId":"k"})", R"({"Signature":"%%%"})", R"({"Signature":""})"}) {
    for (int i = 0; i < 8; ++i) bench.transport.reply(200, body);
    const auto signature = bench.run(kms.sign("k", "m"));
    ASSERT_FALSE(signature) << body;
    EXPECT_EQ(signature.error().kind, ErrorKind::bad_reply) << body;
  }
}

TEST_F(KmsTest, WhatIsNotThereIsNotFound) {
  bench.transport.json_error(400, "NotFoundException");
  const auto key = bench.run(kms.key("k"));
  ASSERT_FALSE(key);
  EXPECT_EQ(key.error().kind, ErrorKind::not_found);
}

}  // namespace
}  // namespace rekeyer::aws
