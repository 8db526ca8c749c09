#include "sandbox/behaviour/rate_limits.hpp"

#include <gtest/gtest.h>

namespace rekeyer::sandbox {
namespace {

const Instant start{std::chrono::days(20'000)};
const AccountId one("111111111111");
const AccountId other("222222222222");

Call regional_call(std::string service, std::string operation, std::string region = "us-east-1") {
  Call call;
  call.service = std::move(service);
  call.operation = std::move(operation);
  call.region = Region(std::move(region));
  return call;
}

/// How many of `tries` calls at that instant are let through.
int admitted(RateLimits& limits, const Call& call, const AccountId& caller, int tries, Instant now,
             double iam_rate = 20) {
  int count = 0;
  for (int i = 0; i < tries; ++i) count += limits.admit(call, caller, iam_rate, now) ? 1 : 0;
  return count;
}

TEST(RateLimits, ABucketHoldsItsBurstAndFillsAtItsRate) {
  RateLimits limits;
  const Call call = regional_call("organizations", "ListAccounts");
  EXPECT_EQ(admitted(limits, call, one, 30, start), 12);
  EXPECT_EQ(admitted(limits, call, one, 30, start + Milliseconds(1'000)), 8);
  EXPECT_EQ(admitted(limits, call, one, 30, start + Milliseconds(1'125)), 1);
  EXPECT_EQ(admitted(limits, call, one, 30, start + std::chrono::hours(1)), 12);
}

TEST(RateLimits, TheOrganisationsBucketIsSharedByItsAccounts) {
  RateLimits limits;
  const Call call = regional_call("organizations", "ListAccounts");
  EXPECT_EQ(admitted(limits, call, one, 12, start), 12);
  EXPECT_EQ(admitted(limits, call, other, 12, start), 3);
  EXPECT_EQ(admitted(limits, regional_call("organizations", "ListRoots"), other, 12, start), 2);
}

TEST(RateLimits, ARefusedCallTakesNothingFromAnyBucket) {
  RateLimits limits;
  const Call call = regional_call("organizations", "ListAccounts");
  admitted(limits, call, one, 12, start);
  // The account's own bucket is empty: many more tries must leave the other three of the shared one.
  EXPECT_EQ(admitted(limits, call, one, 50, start), 0);
  EXPECT_EQ(admitted(limits, call, other, 50, start), 3);
}

TEST(RateLimits, IamCountsPerAccountAtTheGivenRate) {
  RateLimits limits;
  EXPECT_EQ(admitted(limits, regional_call("iam", "ListUsers"), one, 30, start, 5), 5);
  EXPECT_EQ(admitted(limits, regional_call("iam", "GetUser"), one, 30, start, 5), 0);
  EXPECT_EQ(admitted(limits, regional_call("iam", "GetUser"), other, 30, start, 5), 5);
}

TEST(RateLimits, SecretsManagersGroupsCountPerRegion) {
  RateLimits limits;
  EXPECT_EQ(admitted(limits, regional_call("secretsmanager", "PutSecretValue"), one, 40, start), 40);
  EXPECT_EQ(admitted(limits, regional_call("secretsmanager", "UpdateSecretVersionStage"), one, 40, start), 10);
  EXPECT_EQ(admitted(limits, regional_call("secretsmanager", "CreateSecret"), one, 60, start), 50);
  EXPECT_EQ(admitted(limits, regional_call("secretsmanager", "PutSecretValue", "eu-west-1"), one, 60, start), 50);
  EXPECT_EQ(admitted(limits, regional_call("secretsmanager", "GetRandomPassword"), one, 500, start), 500);
}

TEST(RateLimits, StsIsSharedByItsCalls) {
  RateLimits limits;
  EXPECT_EQ(admitted(limits, regional_call("sts", "AssumeRole"), one, 500, start), 500);
  EXPECT_EQ(admitted(limits, regional_call("sts", "GetCallerIdentity"), one, 500, start), 100);
}

TEST(RateLimits, AClockThatGoesBackFillsNothing) {
  RateLimits limits;
  const Call call = regional_call("iam", "ListUsers");
  EXPECT_EQ(admitted(limits, call, one, 30, start), 20);
  EXPECT_EQ(admitted(limits, call, one, 30, start - std::chrono::hours(1)), 0);
}

}  // namespace
}  // namespace rekeyer::sandbox
