// The SSM client: parameters that are secrets.
#include "aws/services/ssm.hpp"

#include <gtest/gtest.h>

#include "fakes/call_bench.hpp"

namespace rekeyer::aws {
namespace {

using fakes::CallBench;

class SsmTest : public testing::Test {
 protected:
  std::string kind(const auto& result) { return result ? "ok" : std::string(name(result.error().kind)); }
  CallBench bench;
  SsmClient ssm{bench.caller, bench.principal()};
};

TEST_F(SsmTest, AParameterIsDecryptedAndShownToNobody) {
  bench.transport.reply(200, R"({"Parameter":{"Name":"/smtp","Type":"SecureString","Value":"password-of-the-relay",
    "Version":1,"LastModifiedDate":1.7723232E9,"ARN":"arn:p","DataType":"text"}})");
  const auto value = bench.run(ssm.parameter("/smtp"));
  ASSERT_TRUE(value) << describe(value.error());
  EXPECT_EQ(value->reveal(), "password-of-the-relay");
  EXPECT_EQ(bench.transport.sent.at(0).url, "https://ssm.eu-west-1.amazonaws.com/");
  EXPECT_EQ(bench.transport.sent.at(0).header("X-Amz-Target"), "AmazonSSM.GetParameter");
  EXPECT_EQ(bench.transport.sent.at(0).body, R"({"Name":"/smtp","WithDecryption":true})");
  EXPECT_EQ(bench.logged.find("password-of-the-relay"), std::string::npos);
}

TEST_F(SsmTest, WhatIsNotThereIsNotFound) {
  bench.transport.json_error(400, "ParameterNotFound");
  EXPECT_EQ(kind(bench.run(ssm.parameter("/smtp"))), "not_found");
  bench.transport.json_error(400, "InvalidKeyId");
  EXPECT_EQ(kind(bench.run(ssm.parameter("/smtp"))), "rejected");
  for (int i = 0; i < 8; ++i) bench.transport.reply(200, R"({"Parameter":{"Name":"/smtp"}})");
  EXPECT_EQ(kind(bench.run(ssm.parameter("/smtp"))), "bad_reply");
}

}  // namespace
}  // namespace rekeyer::aws
