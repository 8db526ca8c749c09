// ARNs are taken apart, and what is none is known as such.
#include "sandbox/world/arn.hpp"

#include <gtest/gtest.h>

namespace rekeyer::sandbox {
namespace {

TEST(ArnParts, AreReadAndTheResourceKeepsItsColons) {
  const auto parts = arn_parts("arn:aws:sns:eu-west-1:123456789012:alarms:sub");
  ASSERT_TRUE(parts);
  EXPECT_EQ(parts->service, "sns");
  EXPECT_EQ(parts->region, "eu-west-1");
  EXPECT_EQ(parts->account, "123456789012");
  EXPECT_EQ(parts->resource, "alarms:sub");
}

TEST(ArnParts, MayBeEmpty) {
  const auto parts = arn_parts("arn:aws:iam::123456789012:user/ann");
  ASSERT_TRUE(parts);
  EXPECT_EQ(parts->region, "");
  EXPECT_EQ(parts->resource, "user/ann");
}

TEST(ArnParts, AreNoneOfWhatIsNoArn) {
  EXPECT_FALSE(arn_parts(""));
  EXPECT_FALSE(arn_parts("rekeyer/ann"));
  EXPECT_FALSE(arn_parts("arn:aws:iam::123456789012"));
  EXPECT_FALSE(arn_parts("nra:aws:iam::123456789012:user/ann"));
}

TEST(SecretAddress, HasTheNameWithItsEnding) {
  const auto address = secret_address("arn:aws:secretsmanager:eu-west-1:123456789012:secret:rekeyer/ann-Ab1Cd2");
  ASSERT_TRUE(address);
  EXPECT_EQ(address->region, "eu-west-1");
  EXPECT_EQ(address->account, "123456789012");
  EXPECT_EQ(address->rest, "rekeyer/ann-Ab1Cd2");
}

TEST(SecretAddress, IsNoneOfOtherServicesThingsAndNames) {
  EXPECT_FALSE(secret_address("arn:aws:kms:eu-west-1:123456789012:secret:ann"));
  EXPECT_FALSE(secret_address("arn:aws:secretsmanager:eu-west-1:123456789012:key:ann"));
  EXPECT_FALSE(secret_address("arn:aws:secretsmanager:eu-west-1:123456789012:secret:"));
  EXPECT_FALSE(secret_address("arn:aws:secretsmanager:eu-west-1:123456789012:secret"));
}

}  // namespace
}  // namespace rekeyer::sandbox
