#include "sandbox/services/secret_bench.hpp"

namespace rekeyer::sandbox {
namespace {

class SecretPolicies : public SecretBench {
 protected:
  SecretPolicies() {
    perform("CreateSecret", R"({"Name":"s"})");
    User user;
    user.name = UserName("ann");
    user.path = "/team/";
    world.account(home).iam.users.emplace("ann", user);
  }

  static std::string statement(std::string_view principal, std::string_view more = "") {
    return fmt::format(
        R"({{"Statement":[{{"Effect":"Allow","Action":"secretsmanager:GetSecretValue","Resource":"*","Principal":{}{}}}]}})",
        principal, more);
  }

  std::string put_policy(const std::string& document, bool block = false) {
    boost::json::object input{{"SecretId", "s"}, {"ResourcePolicy", document}, {"BlockPublicPolicy", block}};
    return code("PutResourcePolicy", boost::json::serialize(input));
  }
};

TEST_F(SecretPolicies, WhatIsPutIsReadBackUntilItIsDeleted) {
  const std::string document = statement(R"({"AWS":"arn:aws:iam::111111111111:root"})");
  EXPECT_EQ(text(perform("GetResourcePolicy", R"({"SecretId":"s"})"), "ResourcePolicy"), "missing");
  EXPECT_EQ(put_policy(document), "done");
  EXPECT_EQ(text(perform("GetResourcePolicy", R"({"SecretId":"s"})"), "ResourcePolicy"), document);
  EXPECT_EQ(code("DeleteResourcePolicy", R"({"SecretId":"s"})"), "done");
  EXPECT_EQ(text(perform("GetResourcePolicy", R"({"SecretId":"s"})"), "ResourcePolicy"), "missing");
}

TEST_F(SecretPolicies, DocumentsAreLookedInto) {
  for (const auto* document : {"{", "[]", R"({"Version":"2012-10-17"})", R"({"Statement":["x"]})",
                               R"({"Statement":[{"Effect":"Allow","Action":"a:b","Resource":"*"}]})",
                               R"({"Statement":[{"Effect":"Perhaps","Action":"a:b","Resource":"*","Principal":"*"}]})",
                               R"({"Statement":[{"Effect":"Allow","Action":"a:b","Principal":"*"}]})"}) {
    EXPECT_EQ(put_policy(document), "MalformedPolicyDocumentException") << document;
  }
  EXPECT_EQ(put_policy(statement(R"("*")") + std::string(20'480, ' ')), "InvalidParameterException");
  EXPECT_EQ(put_policy(""), "ValidationException");
}

TEST_F(SecretPolicies, PrincipalsMustExist) {
  EXPECT_EQ(put_policy(statement(R"({"AWS":"arn:aws:iam::111111111111:user/team/ann"})")), "done");
  for (const auto* arn : {"arn:aws:iam::111111111111:user/nobody", "arn:aws:iam::111111111111:user/ann",
                          "arn:aws:iam::111111111111:user/team/ANN", "arn:aws:iam::999999999999:user/team/ann",
                          "arn:aws:iam::111111111111:role/nothing"}) {
    EXPECT_EQ(put_policy(statement(fmt::format(R"({{"AWS":["{}"]}})", arn))), "MalformedPolicyDocumentException")
        << arn;
  }
  EXPECT_EQ(put_policy(statement(R"({"Service":"x.amazonaws.com"})")), "done");
}

TEST_F(SecretPolicies, APublicPolicyIsBlockedOnRequest) {
  for (const auto* everybody : {R"("*")", R"({"AWS":"*"})", R"({"AWS":["*"]})"}) {
    EXPECT_EQ(put_policy(statement(everybody), true), "PublicPolicyException") << everybody;
    EXPECT_EQ(put_policy(statement(everybody), false), "done") << everybody;
  }
  EXPECT_EQ(
      put_policy(statement(R"("*")", R"(,"Condition":{"StringEquals":{"aws:PrincipalAccount":"111111111111"}})"), true),
      "done");
}

TEST_F(SecretPolicies, ValidationSaysWhatPutWould) {
  const auto validate = [&](const std::string& document) {
    return perform("ValidateResourcePolicy", boost::json::serialize(boost::json::object{{"ResourcePolicy", document}}));
  };
  EXPECT_EQ(text(validate(statement(R"({"AWS":"arn:aws:iam::111111111111:root"})")), "PolicyValidationPassed"), "true");
  EXPECT_EQ(text(validate(statement(R"("*")")), "PolicyValidationPassed"), "false");
  EXPECT_EQ(validate("{").error().code, "MalformedPolicyDocumentException");
  EXPECT_EQ(code("ValidateResourcePolicy", R"({"SecretId":"never","ResourcePolicy":"{}"})"),
            "ResourceNotFoundException");
}

}  // namespace
}  // namespace rekeyer::sandbox
