// The policy of a user's secret: what is ours is compared by meaning, what others wrote is kept and named.
#include "rotation/secret_policy.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rekeyer::rotation {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

WantedPolicy ann_wishes() {
  WantedPolicy wanted;
  wanted.owner = Arn("arn:aws:iam::111111111111:user/team/ann");
  wanted.owner_id = UserId("AIDAANN");
  wanted.writers = {"arn:aws:iam::111111111111:role/rekeyer-member", "arn:aws:iam::111111111111:role/break-glass-*"};
  return wanted;
}

std::string with_statements(const std::string& statements) {
  return R"({"Version":"2012-10-17","Id":"theirs","Statement":[)" + statements + "]}";
}

std::string allow(const std::string& principal, const std::string& more = {}) {
  return fmt::format(
      R"({{"Sid":"Team","Effect":"Allow","Principal":{},"Action":"secretsmanager:GetSecretValue","Resource":"*"{}}})",
      principal, more);
}

std::string deny(const std::string& rest) { return R"({"Effect":"Deny","Resource":"*",)" + rest + "}"; }

PolicyReview reviewed(const std::optional<std::string>& policy, const WantedPolicy& wanted = ann_wishes()) {
  return review_policy(policy, wanted).value();
}

TEST(SecretPolicy, IsWrittenOnceAndThenStands) {
  const auto first = reviewed(std::nullopt);
  ASSERT_TRUE(first.wanted);
  EXPECT_FALSE(first.locked);
  const auto then = reviewed(first.wanted);
  EXPECT_TRUE(then.locked);
  EXPECT_FALSE(then.wanted);
  EXPECT_THAT(then.foreign, IsEmpty());
  EXPECT_THAT(then.hindering, IsEmpty()) << "our own Deny leaves reading open";
}

TEST(SecretPolicy, IsComparedByMeaning) {
  const auto as_aws_gives_it_back = with_statements(
      R"({"Resource":["*"],"Action":["secretsmanager:DescribeSecret","SecretsManager:GetSecretValue"],)"
      R"("Principal":{"AWS":["arn:aws:iam::111111111111:user/team/ann"]},"Effect":"Allow","Sid":"RekeyerOwnerRead",)"
      R"("Condition":{"StringEquals":{"aws:userid":["AIDAANN"]}}},)"
      R"({"Sid":"RekeyerLock","Effect":"Deny","Principal":"*","Resource":"*","NotAction":["secretsmanager:ListSecretVersionIds",)"
      R"("secretsmanager:GetResourcePolicy","secretsmanager:DescribeSecret","secretsmanager:GetSecretValue"],)"
      R"("Condition":{"ArnNotLike":{"aws:PrincipalArn":["arn:aws:iam::111111111111:role/break-glass-*",)"
      R"("arn:aws:iam::111111111111:role/rekeyer-member"]}}})");
  const auto review = reviewed(as_aws_gives_it_back);
  EXPECT_TRUE(review.locked);
  EXPECT_FALSE(review.wanted);
}

TEST(SecretPolicy, TheOwnerIsBoundByIdAndNotByNameAlone) {
  EXPECT_THAT(*reviewed(std::nullopt).wanted, HasSubstr(R"("Condition":{"StringEquals":{"aws:userid":"AIDAANN"}})"));
}

TEST(SecretPolicy, ALockThatNamesAStrangerIsNone) {
  auto squatters = ann_wishes();
  squatters.writers.emplace_back("arn:aws:iam::111111111111:user/dev");
  const auto review = reviewed(reviewed(std::nullopt, squatters).wanted);
  EXPECT_FALSE(review.locked);
  ASSERT_TRUE(review.wanted);
  EXPECT_THAT(*review.wanted, Not(HasSubstr("user/dev")));
}

TEST(SecretPolicy, ALockThatNamesOneWhoIsAFormerWriterStandsAndIsRenewed) {
  auto before = ann_wishes();
  before.writers.emplace_back("arn:aws:iam::111111111111:role/old-rekeyer");
  auto now = ann_wishes();
  now.former_writers = {"arn:aws:iam::111111111111:role/old-rekeyer"};
  const auto review = reviewed(reviewed(std::nullopt, before).wanted, now);
  EXPECT_TRUE(review.locked);
  ASSERT_TRUE(review.wanted);
  EXPECT_THAT(*review.wanted, Not(HasSubstr("old-rekeyer")));
}

TEST(SecretPolicy, ALockThatLeavesOutAWriterOrAllowsMoreIsLookedAtClosely) {
  auto fewer = ann_wishes();
  fewer.writers.pop_back();
  EXPECT_TRUE(reviewed(reviewed(std::nullopt, fewer).wanted).locked) << "it keeps off more people than it need";
  const auto open = with_statements(
      R"({"Sid":"RekeyerLock","Effect":"Deny","Principal":"*","Resource":"*","NotAction":"*",)"
      R"("Condition":{"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::111111111111:role/rekeyer-member"}}})");
  EXPECT_FALSE(reviewed(open).locked);
  const auto conditional = with_statements(
      R"({"Sid":"RekeyerLock","Effect":"Deny","Principal":"*","Resource":"*","NotAction":["secretsmanager:GetSecretValue",)"
      R"("secretsmanager:DescribeSecret","secretsmanager:GetResourcePolicy","secretsmanager:ListSecretVersionIds"],)"
      R"("Condition":{"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::111111111111:role/rekeyer-member"},)"
      R"("Bool":{"aws:SecureTransport":"false"}}})");
  EXPECT_FALSE(reviewed(conditional).locked);
}

TEST(SecretPolicy, OthersStatementsAreNamedAndKept) {
  const auto review = reviewed(with_statements(allow(R"({"AWS":"arn:aws:iam::111111111111:role/team"})")));
  EXPECT_THAT(review.foreign, ElementsAre("Allow for arn:aws:iam::111111111111:role/team (Sid Team)"));
  ASSERT_TRUE(review.wanted);
  EXPECT_THAT(*review.wanted, HasSubstr("role/team"));
  EXPECT_THAT(*review.wanted, HasSubstr("theirs"));
}

TEST(SecretPolicy, AReaderOfTheConfigurationIsNoStranger) {
  auto wanted = ann_wishes();
  wanted.readers = {"arn:aws:iam::*:role/team*"};
  EXPECT_THAT(reviewed(with_statements(allow(R"({"AWS":"arn:aws:iam::111111111111:role/team-a"})")), wanted).foreign,
              IsEmpty());
}

TEST(SecretPolicy, PrincipalsThatAreGoneAreNeverGivenBackToAws) {
  const auto review = reviewed(with_statements(allow(R"({"AWS":"AIDAQ3EXAMPLEEXAMPLE1"})")));
  EXPECT_THAT(review.foreign, IsEmpty());
  ASSERT_TRUE(review.wanted);
  EXPECT_THAT(*review.wanted, Not(HasSubstr("AIDAQ3EXAMPLE")));
}

TEST(SecretPolicy, AStatementOfTheGoneAndTheLivingIsKeptForTheLiving) {
  const auto kept = [](const std::string& statement) { return reviewed(with_statements(statement)).wanted.value(); };
  const auto mixed = kept(allow(R"({"AWS":["AROAQ3EXAMPLEEXAMPLE1","arn:aws:iam::111111111111:role/team"]})"));
  EXPECT_THAT(mixed, HasSubstr(R"("Principal":{"AWS":"arn:aws:iam::111111111111:role/team"})"));
  const auto service = kept(allow(R"({"AWS":"AROAQ3EXAMPLEEXAMPLE1","Service":"lambda.amazonaws.com"})"));
  EXPECT_THAT(service, HasSubstr(R"("Principal":{"Service":"lambda.amazonaws.com"})"));
  const auto excepted =
      kept(deny(R"("Action":"secretsmanager:DeleteSecret",)"
                R"("NotPrincipal":{"AWS":["AIDAQ3EXAMPLEEXAMPLE1","arn:aws:iam::111111111111:root"]})"));
  EXPECT_THAT(excepted, HasSubstr(R"("NotPrincipal":{"AWS":"arn:aws:iam::111111111111:root"})"));
  const auto nobody =
      kept(deny(R"("Action":"secretsmanager:DeleteSecret","NotPrincipal":{"AWS":"AIDAQ3EXAMPLEEXAMPLE1"})"));
  EXPECT_THAT(nobody, HasSubstr(R"("Principal":"*")"));
  EXPECT_THAT(nobody, Not(HasSubstr("NotPrincipal")));
  for (const auto& policy : {mixed, service, excepted, nobody}) EXPECT_THAT(policy, Not(HasSubstr("Q3EXAMPLE")));
}

TEST(SecretPolicy, WhoeverMayReadItInAllTheWorldIsNamed) {
  for (const auto* principal : {R"("*")", R"({"AWS":"*"})", R"({"AWS":["*"]})"}) {
    EXPECT_THAT(reviewed(with_statements(allow(principal))).open_to_all, ElementsAre("Allow for * (Sid Team)"))
        << principal;
  }
  const auto all_but_one =
      R"({"Effect":"Allow","NotPrincipal":{"AWS":"arn:aws:iam::1:root"},"Action":"*","Resource":"*"})";
  EXPECT_THAT(reviewed(with_statements(all_but_one)).open_to_all,
              ElementsAre("Allow for everybody but arn:aws:iam::1:root"));
  const auto bounded = allow(R"("*")", R"(,"Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-1"}})");
  EXPECT_THAT(reviewed(with_statements(bounded)).open_to_all, IsEmpty());
  EXPECT_THAT(reviewed(with_statements(bounded)).foreign, ElementsAre("Allow for * (Sid Team)"));
}

TEST(SecretPolicy, ADenialThatKeepsTheOwnerFromReadingIsNamed) {
  for (const auto* rest :
       {R"("Principal":"*","Action":"secretsmanager:*")", R"("Principal":"*","Action":["secretsmanager:Get*"])",
        R"("Principal":{"AWS":"arn:aws:iam::111111111111:user/team/ann"},"Action":"*")",
        R"("Principal":"*","NotAction":"secretsmanager:DescribeSecret")",
        R"("Principal":{"AWS":"arn:aws:iam::111111111111:root"},"Action":"*")",
        R"("Principal":{"AWS":["111111111111"]},"Action":"*")", R"("Principal":{"AWS":"AIDAANN"},"Action":"*")",
        R"("NotPrincipal":{"AWS":"arn:aws:iam::111111111111:user/team/ann"},"Action":"*")",
        R"("NotPrincipal":{"AWS":"arn:aws:iam::111111111111:role/x"},"Action":"secretsmanager:GetSecretValue")"}) {
    EXPECT_EQ(reviewed(with_statements(deny(rest))).hindering.size(), 1U) << rest;
  }
  for (
      const auto* rest :
      {R"("Principal":"*","Action":"secretsmanager:DeleteSecret")",
       R"("Principal":"*","NotAction":["secretsmanager:Get*"])",
       R"("Principal":{"AWS":"arn:aws:iam::111111111111:user/bob"},"Action":"secretsmanager:*")",
       R"("Principal":{"AWS":"arn:aws:iam::222222222222:root"},"Action":"secretsmanager:*")",
       R"("Action":"*","NotPrincipal":{"AWS":["arn:aws:iam::111111111111:user/team/ann","arn:aws:iam::111111111111:root"]})",
       R"("Principal":"*","Action":"secretsmanager:*","Condition":{"Bool":{"aws:SecureTransport":"false"}})"}) {
    EXPECT_THAT(reviewed(with_statements(deny(rest))).hindering, IsEmpty()) << rest;
  }
}

TEST(SecretPolicy, KeepsOthersFromReadingWhereThatIsWished) {
  auto wanted = ann_wishes();
  wanted.only_readers_read = true;
  wanted.readers = {"arn:aws:iam::111111111111:role/courier"};
  const auto review = reviewed(std::nullopt, wanted);
  ASSERT_TRUE(review.wanted);
  EXPECT_THAT(*review.wanted, HasSubstr(R"("Sid":"RekeyerReaders")"));
  EXPECT_THAT(*review.wanted, HasSubstr("role/courier"));
  EXPECT_FALSE(reviewed(review.wanted, wanted).wanted);
}

TEST(SecretPolicy, WithoutALockThereIsTheGrantAlone) {
  WantedPolicy wanted = ann_wishes();
  wanted.writers.clear();
  const auto review = reviewed(std::nullopt, wanted);
  ASSERT_TRUE(review.wanted);
  EXPECT_THAT(*review.wanted, Not(HasSubstr("Deny")));
  wanted.grant = false;
  EXPECT_FALSE(reviewed(std::nullopt, wanted).wanted);
}

TEST(SecretPolicy, WhatIsNoPolicyIsLeftAlone) {
  for (const auto* text : {"not json", "[]", R"({"Statement":[1]})"}) {
    EXPECT_EQ(review_policy(text, ann_wishes()).error().kind, ErrorKind::bad_reply) << text;
  }
}

TEST(SecretPolicy, ASessionsRoleIsFoundWhateverItsPath) {
  const std::vector<std::string> patterns{"arn:aws:iam::111111111111:role/security/rekeyer",
                                          "arn:aws:iam::*:role/sso/Admin_*"};
  EXPECT_TRUE(is_named(patterns, Arn("arn:aws:iam::111111111111:role/security/rekeyer"), true));
  EXPECT_FALSE(is_named(patterns, Arn("arn:aws:iam::111111111111:role/rekeyer"), true));
  EXPECT_TRUE(is_named(patterns, Arn("arn:aws:iam::111111111111:role/rekeyer"), false));
  EXPECT_FALSE(is_named(patterns, Arn("arn:aws:iam::222222222222:role/rekeyer"), false));
  EXPECT_TRUE(is_named(patterns, Arn("arn:aws:iam::222222222222:role/Admin_0a1b"), false));
}

}  // namespace
}  // namespace rekeyer::rotation
