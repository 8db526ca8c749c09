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

TEST_F(KmsTest, WhatIsNotThereIsNotFound) {
  bench.transport.json_error(400, "NotFoundException");
  const auto key = bench.run(kms.key("k"));
  ASSERT_FALSE(key);
  EXPECT_EQ(key.error().kind, ErrorKind::not_found);
}

}  // namespace
}  // namespace rekeyer::aws
