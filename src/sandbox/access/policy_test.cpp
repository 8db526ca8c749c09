#include "sandbox/access/policy.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "sandbox/access/policy_document.hpp"
#include "sandbox/access/wildcard.hpp"

namespace rekeyer::sandbox {
namespace {

std::string allow_policy(std::string_view rest) {
  return fmt::format(R"({{"Version":"2012-10-17","Statement":[{{"Effect":"Allow",{}}}]}})", rest);
}
std::string deny(std::string_view rest) { return fmt::format(R"({{"Statement":{{"Effect":"Deny",{}}}}})", rest); }
std::string allow_if(std::string_view condition) {
  return allow_policy(fmt::format(R"("Action":"*","Resource":"*","Condition":{})", condition));
}

AccessDecision verdict(const std::string& document, std::string_view action = "iam:ListUsers",
                       std::string_view resource = "*", const ConditionContext& context = {}) {
  return evaluate({document}, action, resource, context);
}

TEST(Wildcard, StarAndQuestionMarkReachOverEverything) {
  EXPECT_TRUE(matches("*", ""));
  EXPECT_TRUE(matches("a*c", "abbc"));
  EXPECT_TRUE(matches("a*b*c", "aXbYbZc"));
  EXPECT_TRUE(matches("arn:aws:iam::*:user/*", "arn:aws:iam::1:user/ci/ann"));
  EXPECT_TRUE(matches("x-??????", "x-Ab1Cd2"));
  EXPECT_FALSE(matches("x-??????", "x-Ab1Cd"));
  EXPECT_FALSE(matches("a*c", "abbd"));
  EXPECT_FALSE(matches("[ab]", "a"));
  EXPECT_FALSE(matches("ABC", "abc"));
  EXPECT_TRUE(matches("iam:list*", "iam:ListUsers", Case::ignored));
}

TEST(Wildcard, StarOfAnArnStaysInItsPart) {
  EXPECT_TRUE(matches_arn("arn:aws:iam::*:role/*", "arn:aws:iam::1:role/x:y"));
  EXPECT_FALSE(matches_arn("arn:*:role/x", "arn:aws:iam::1:role/x"));
  EXPECT_TRUE(matches_arn("*", "arn:aws:iam::1:role/x"));
}

TEST(Policy, ActionAndResourceMustBothBeNamed) {
  const auto document =
      allow_policy(R"("Action":["iam:List*","sts:AssumeRole"],"Resource":"arn:aws:iam::1:user/ci/*")");
  EXPECT_EQ(verdict(document, "iam:ListAccessKeys", "arn:aws:iam::1:user/ci/ann"), AccessDecision::allow);
  EXPECT_EQ(verdict(document, "IAM:listaccesskeys", "arn:aws:iam::1:user/ci/ann"), AccessDecision::allow);
  EXPECT_EQ(verdict(document, "iam:ListUsers", "*"), AccessDecision::none);
  EXPECT_EQ(verdict(document, "iam:CreateUser", "arn:aws:iam::1:user/ci/ann"), AccessDecision::none);
}

TEST(Policy, NotActionAndNotResourceInvert) {
  const auto document = allow_policy(R"("NotAction":"iam:*","NotResource":"arn:aws:s3:::private*")");
  EXPECT_EQ(verdict(document, "s3:GetObject", "arn:aws:s3:::public"), AccessDecision::allow);
  EXPECT_EQ(verdict(document, "s3:GetObject", "arn:aws:s3:::private-1"), AccessDecision::none);
  EXPECT_EQ(verdict(document, "iam:ListUsers", "arn:aws:s3:::public"), AccessDecision::none);
}

TEST(Policy, DenyWinsWhateverTheOrder) {
  const auto everything = allow_policy(R"("Action":"*","Resource":"*")");
  const auto none_of_it = deny(R"("Action":"iam:CreateAccessKey","Resource":"*")");
  for (const auto& documents : {std::vector{everything, none_of_it}, std::vector{none_of_it, everything}}) {
    EXPECT_EQ(evaluate(documents, "iam:CreateAccessKey", "*", {}), AccessDecision::deny);
    EXPECT_EQ(evaluate(documents, "iam:UpdateAccessKey", "*", {}), AccessDecision::allow);
  }
}

struct Row {
  std::string_view condition;
  AccessDecision expected;
};

class Conditions : public testing::TestWithParam<Row> {};

TEST_P(Conditions, AreHeldAgainstTheContext) {
  const ConditionContext context{{"aws:username", {"Ann"}},
                                 {"aws:principalaccount", {"111111111111"}},
                                 {"aws:principaltag/team", {"core"}},
                                 {"aws:principalarn", {"arn:aws:iam::1:role/x/y"}},
                                 {"aws:tagkeys", {"a", "b"}},
                                 {"aws:securetransport", {"true"}},
                                 {"size", {"5"}},
                                 {"when", {"2026-01-02T03:04:05Z"}}};
  EXPECT_EQ(verdict(allow_if(GetParam().condition), "a:B", "*", context), GetParam().expected) << GetParam().condition;
}

constexpr Row rows[] = {
    {R"({"StringEquals":{"aws:PrincipalAccount":"111111111111"}})", AccessDecision::allow},
    {R"({"StringEquals":{"AWS:principalaccount":["2","111111111111"]}})", AccessDecision::allow},
    {R"({"StringEquals":{"aws:username":"ann"}})", AccessDecision::none},
    {R"({"StringEqualsIgnoreCase":{"aws:username":"ann"}})", AccessDecision::allow},
    {R"({"StringEquals":{"aws:username":"A*"}})", AccessDecision::none},
    {R"({"StringLike":{"aws:username":"A*"}})", AccessDecision::allow},
    {R"({"StringNotLike":{"aws:username":["B*","A*"]}})", AccessDecision::none},
    {R"({"StringNotEquals":{"aws:username":"Bob"}})", AccessDecision::allow},
    {R"({"StringEquals":{"aws:PrincipalOrgID":"o-1"}})", AccessDecision::none},
    {R"({"StringNotEquals":{"aws:PrincipalOrgID":"o-1"}})", AccessDecision::allow},
    {R"({"StringEqualsIfExists":{"aws:PrincipalOrgID":"o-1"}})", AccessDecision::allow},
    {R"({"StringEqualsIfExists":{"aws:username":"Bob"}})", AccessDecision::none},
    {R"({"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/x/*"}})", AccessDecision::allow},
    {R"({"ArnLike":{"aws:PrincipalArn":"arn:*:role/x/y"}})", AccessDecision::none},
    {R"({"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/x/*"}})", AccessDecision::none},
    {R"({"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::1:role/x/y"}})", AccessDecision::allow},
    {R"({"Bool":{"aws:SecureTransport":"true"}})", AccessDecision::allow},
    {R"({"Bool":{"aws:SecureTransport":false}})", AccessDecision::none},
    {R"({"Null":{"aws:username":"false"}})", AccessDecision::allow},
    {R"({"Null":{"aws:username":"true"}})", AccessDecision::none},
    {R"({"Null":{"aws:MultiFactorAuthAge":true}})", AccessDecision::allow},
    {R"({"NumericLessThan":{"size":"6"}})", AccessDecision::allow},
    {R"({"NumericLessThan":{"size":5}})", AccessDecision::none},
    {R"({"NumericGreaterThanEquals":{"size":"5"}})", AccessDecision::allow},
    {R"({"NumericEquals":{"size":"five"}})", AccessDecision::none},
    {R"({"DateLessThan":{"when":"2026-02-01T00:00:00Z"}})", AccessDecision::allow},
    {R"({"DateGreaterThan":{"when":"2026-02-01T00:00:00Z"}})", AccessDecision::none},
    {R"({"IpAddress":{"aws:SourceIp":"0.0.0.0/0"}})", AccessDecision::none},
    {R"({"ForAllValues:StringEquals":{"aws:TagKeys":["a","b","c"]}})", AccessDecision::allow},
    {R"({"ForAllValues:StringEquals":{"aws:TagKeys":["a"]}})", AccessDecision::none},
    {R"({"ForAllValues:StringEquals":{"absent":["a"]}})", AccessDecision::allow},
    {R"({"ForAnyValue:StringEquals":{"aws:TagKeys":["b"]}})", AccessDecision::allow},
    {R"({"ForAnyValue:StringEquals":{"absent":["a"]}})", AccessDecision::none},
    {R"({"StringEquals":{"aws:username":"Ann","aws:PrincipalTag/team":"other"}})", AccessDecision::none},
    {R"({"StringEquals":{"aws:principaltag/team":"core"},"Bool":{"aws:SecureTransport":"true"}})",
     AccessDecision::allow},
    {R"({"StringEquals":{"aws:username":"${aws:username}"}})", AccessDecision::allow},
    {R"({"StringEquals":{"aws:username":"${aws:absent}"}})", AccessDecision::none},
    {R"({"StringEquals":{"aws:username":"${aws:absent, 'Ann'}"}})", AccessDecision::allow},
    {R"({"BinaryEquals":{"aws:username":"QW5u"}})", AccessDecision::none},
    {R"({"BinaryEqualsIfExists":{"absent":"QW5u"}})", AccessDecision::none},
};

INSTANTIATE_TEST_SUITE_P(Policy, Conditions, testing::ValuesIn(rows));

TEST(Policy, UnknownOperatorsDenyRatherThanAllow) {
  const auto document = deny(R"("Action":"*","Resource":"*","Condition":{"BinaryEquals":{"aws:username":"QW5u"}})");
  EXPECT_EQ(verdict(document), AccessDecision::deny);
}

TEST(Policy, VariablesInResourcesAreNoWildcards) {
  const auto document = allow_policy(R"("Action":"*","Resource":"arn:aws:iam::1:user/${aws:username}-*")");
  EXPECT_EQ(verdict(document, "a:B", "arn:aws:iam::1:user/ann-x", {{"aws:username", {"ann"}}}), AccessDecision::allow);
  EXPECT_EQ(verdict(document, "a:B", "arn:aws:iam::1:user/bob-x", {{"aws:username", {"ann"}}}), AccessDecision::none);
  EXPECT_EQ(verdict(document, "a:B", "arn:aws:iam::1:user/bob-x", {{"aws:username", {"*"}}}), AccessDecision::none);
  EXPECT_EQ(verdict(document, "a:B", "arn:aws:iam::1:user/ann-x"), AccessDecision::none);
  EXPECT_EQ(verdict(allow_policy(R"("Action":"*","Resource":"a${*}c")"), "a:B", "abc"), AccessDecision::none);
  EXPECT_EQ(verdict(allow_policy(R"("Action":"*","Resource":"a${*}c")"), "a:B", "a*c"), AccessDecision::allow);
}

AccessDecision asked(std::string_view principal, const AskingPrincipal& asking) {
  return evaluate({allow_policy(fmt::format(R"("Action":"*","Resource":"*"{})", principal))}, "a:B", "*", {}, &asking);
}

TEST(Policy, PrincipalsAreNamedByArnByAccountOrAll) {
  const AskingPrincipal ann{{"arn:aws:iam::111111111111:user/ann"}, "111111111111"};
  EXPECT_EQ(asked(R"(,"Principal":"*")", ann), AccessDecision::allow);
  EXPECT_EQ(asked(R"(,"Principal":{"AWS":"*"})", ann), AccessDecision::allow);
  EXPECT_EQ(asked(R"(,"Principal":{"AWS":"111111111111"})", ann), AccessDecision::allow);
  EXPECT_EQ(asked(R"(,"Principal":{"AWS":"arn:aws:iam::111111111111:root"})", ann), AccessDecision::allow);
  EXPECT_EQ(asked(R"(,"Principal":{"AWS":["x","arn:aws:iam::111111111111:user/ann"]})", ann), AccessDecision::allow);
  EXPECT_EQ(asked(R"(,"Principal":{"AWS":"arn:aws:iam::111111111111:user/*"})", ann), AccessDecision::none);
  EXPECT_EQ(asked(R"(,"Principal":{"AWS":"arn:aws:iam::222222222222:root"})", ann), AccessDecision::none);
  EXPECT_EQ(asked(R"(,"Principal":{"Service":"lambda.amazonaws.com"})", ann), AccessDecision::none);
  EXPECT_EQ(asked(R"(,"NotPrincipal":{"AWS":"222222222222"})", ann), AccessDecision::allow);
  EXPECT_EQ(asked(R"(,"NotPrincipal":{"AWS":"111111111111"})", ann), AccessDecision::none);
  EXPECT_EQ(asked("", ann), AccessDecision::none) << "a resource's policy must say whom it means";
  const AskingPrincipal only_by_name{ann.arns, ""};
  EXPECT_EQ(asked(R"(,"Principal":{"AWS":"arn:aws:iam::111111111111:root"})", only_by_name), AccessDecision::none);
}

TEST(Policy, WhatIsNoDocumentSaysNothing) {
  for (const std::string_view text :
       {"", "{", "[]", "{}", R"({"Statement":"x"})", R"({"Statement":[1]})", R"({"Statement":[{"Effect":"Allow"}]})",
        R"({"Statement":[{"Effect":"Maybe","Action":"*"}]})", R"({"Statement":[{"Effect":"Allow","Action":{}}]})",
        R"({"Statement":[{"Effect":"Allow","Action":"*","NotAction":"*"}]})",
        R"({"Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Principal":"me"}]})",
        R"({"Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Condition":[]}]})"}) {
    EXPECT_FALSE(is_policy_document(text)) << text;
    EXPECT_EQ(verdict(std::string(text)), AccessDecision::none) << text;
  }
  EXPECT_TRUE(is_policy_document(R"({"Statement":[]})"));
  EXPECT_TRUE(is_policy_document(allow_policy(R"("Action":"*","Resource":"*")")));
}

TEST(Policy, MemoryOfDocumentsIsBoundedAndTrue) {
  for (int i = 0; i < 10'000; ++i) {
    const auto document = allow_policy(fmt::format(R"("Action":"a:{}","Resource":"*")", i));
    ASSERT_EQ(verdict(document, fmt::format("a:{}", i)), AccessDecision::allow);
    ASSERT_EQ(verdict(document, fmt::format("a:{}", i + 1)), AccessDecision::none);
  }
}

}  // namespace
}  // namespace rekeyer::sandbox
