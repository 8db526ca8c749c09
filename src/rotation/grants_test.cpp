// Merging a grant into a policy: what is there stays, what is ours appears once.
#include "rotation/grants.hpp"

#include <gtest/gtest.h>

namespace rekeyer::rotation {
namespace {

const Arn secret{"arn:aws:secretsmanager:us-east-1:111111111111:secret:s-AbCdEf"};

TEST(Grants, BeginAPolicyWhereThereIsNone) {
  const auto granted = grant_to_user(std::nullopt, secret, {}).value();
  ASSERT_TRUE(granted);
  EXPECT_NE(granted->find(secret.str()), std::string::npos);
  EXPECT_NE(granted->find("2012-10-17"), std::string::npos);
}

TEST(Grants, AreMadeOnce) {
  const auto granted = grant_to_user(std::nullopt, secret, {}).value();
  EXPECT_FALSE(grant_to_user(granted, secret, {}).value());
}

TEST(Grants, KeepForeignStatements) {
  const std::string foreign =
      R"({"Version":"2012-10-17","Id":"theirs","Statement":[{"Sid":"Deny","Effect":"Deny","Principal":"*",)"
      R"("Action":"secretsmanager:DeleteSecret","Resource":"*"}]})";
  const auto granted = grant_to_user(foreign, secret, {}).value();
  ASSERT_TRUE(granted);
  EXPECT_NE(granted->find("secretsmanager:DeleteSecret"), std::string::npos);
  EXPECT_NE(granted->find("theirs"), std::string::npos);
  EXPECT_NE(granted->find(std::string(grant_sid)), std::string::npos);
}

TEST(Grants, TakeASingleStatementWithoutItsArray) {
  const std::string foreign =
      R"({"Version":"2012-10-17","Statement":{"Sid":"One","Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}})";
  const auto granted = grant_to_user(foreign, secret, {}).value();
  ASSERT_TRUE(granted);
  EXPECT_NE(granted->find("\"One\""), std::string::npos);
}

TEST(Grants, ReplaceTheirOwnOldStatement) {
  const auto old =
      grant_to_user(std::nullopt, Arn("arn:aws:secretsmanager:us-east-1:111111111111:secret:old-AbCdEf"), {}).value();
  const auto granted = grant_to_user(old, secret, {}).value();
  ASSERT_TRUE(granted);
  EXPECT_EQ(granted->find(":secret:old-"), std::string::npos);
}

TEST(Grants, LeaveWhatIsNoPolicyAlone) {
  EXPECT_EQ(grant_to_user("not json", secret, {}).error().kind, ErrorKind::bad_reply);
  EXPECT_EQ(grant_to_user("[]", secret, {}).error().kind, ErrorKind::bad_reply);
}

TEST(Grants, ToUsersNameTheSecretAndItsKey) {
  const std::string key = "arn:aws:kms:us-east-1:111111111111:key/abc";
  const auto granted = grant_to_user(std::nullopt, secret, key).value();
  ASSERT_TRUE(granted);
  EXPECT_NE(granted->find(secret.str()), std::string::npos);
  EXPECT_NE(granted->find("kms:Decrypt"), std::string::npos);
  EXPECT_FALSE(grant_to_user(granted, secret, key).value());
  EXPECT_EQ(grant_to_user(std::nullopt, secret, "").value()->find("kms:Decrypt"), std::string::npos);
}

}  // namespace
}  // namespace rekeyer::rotation
