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
    user.id = "AIDAANN";
    world.account(home).iam.users.emplace("ann", user);
  }

  static std::string statement(std::string_view principal, std::string_view more = "") {
    return fmt::format(
        R"({{"Statement":[{{"Effect":"Allow","Action":"secretsmanager:GetSecretValue","Resource":"*","Principal":{}{}}}]}})",
        principal, more);
  }

  std::string shown() { return text(perform("GetResourcePolicy", R"({"SecretId":"s"})"), "ResourcePolicy"); }
  std::map<std::string, User>& users() { return world.account(home).iam.users; }

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

TEST_F(SecretPolicies, UsersAreKeptByIdAndShownUnderTheirPresentName) {
  const std::string ann = "arn:aws:iam::111111111111:user/team/ann";
  // The same text in a condition is only a text.
  const std::string document =
      statement(R"({"AWS":["arn:aws:iam::111111111111:root","arn:aws:iam::111111111111:user/team/ann"]})",
                R"(,"Condition":{"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::111111111111:user/team/ann"}})");
  ASSERT_EQ(put_policy(document), "done");
  EXPECT_EQ(shown(), document);
  users().at("ann").path = "/";
  const auto principals = [&] {
    const auto policy = boost::json::parse(shown());
    return boost::json::serialize(policy.at("Statement").at(0).at("Principal").at("AWS"));
  };
  EXPECT_EQ(principals(), R"(["arn:aws:iam::111111111111:root","arn:aws:iam::111111111111:user/ann"])");
  const auto policy = boost::json::parse(shown());
  EXPECT_EQ(policy.at("Statement").at(0).at("Condition").at("ArnEquals").at("aws:PrincipalArn").as_string(), ann);
  auto node = users().extract("ann");
  node.key() = "anna";
  node.mapped().name = UserName("Anna");
  users().insert(std::move(node));
  EXPECT_EQ(principals(), R"(["arn:aws:iam::111111111111:root","arn:aws:iam::111111111111:user/Anna"])");
  ASSERT_EQ(put_policy(shown()), "done");
  users().erase("anna");
  User second;
  second.name = UserName("ann");
  second.path = "/team/";
  second.id = "AIDASECOND";
  users().emplace("ann", second);
  EXPECT_EQ(principals(), R"(["arn:aws:iam::111111111111:root","AIDAANN"])");
  EXPECT_EQ(message("PutResourcePolicy",
                    boost::json::serialize(boost::json::object{{"SecretId", "s"}, {"ResourcePolicy", shown()}})),
            "This resource policy contains an unsupported principal.");
}

TEST_F(SecretPolicies, ARoleThatIsMadeAgainIsAnother) {
  Role role;
  role.name = RoleName("reader");
  role.id = "AROAFIRST";
  auto& roles = world.account(other).iam.roles;
  roles["reader"] = role;
  const std::string document = statement(R"({"AWS":"arn:aws:iam::222222222222:role/reader"})");
  ASSERT_EQ(put_policy(document), "done");
  EXPECT_EQ(shown(), document);
  roles.at("reader").id = "AROASECOND";
  EXPECT_EQ(shown(), R"({"Statement":[{"Effect":"Allow","Action":"secretsmanager:GetSecretValue","Resource":"*",)"
                     R"("Principal":{"AWS":"AROAFIRST"}}]})");
}

TEST_F(SecretPolicies, AnIdOfSomebodyLivingIsAPrincipal) {
  ASSERT_EQ(put_policy(statement(R"({"AWS":"AIDAANN"})")), "done");
  EXPECT_NE(shown().find(R"("AWS":"arn:aws:iam::111111111111:user/team/ann")"), std::string::npos) << shown();
  for (const auto* text : {"AIDANOBODY", "AROANOBODY", "ann", "1111", "arn:aws:s3:::bucket",
                           "arn:aws:iam::111111111111:group/g", "arn:aws-cn:iam::111111111111:root"}) {
    EXPECT_EQ(put_policy(statement(fmt::format(R"({{"AWS":"{}"}})", text))), "MalformedPolicyDocumentException")
        << text;
  }
  for (const auto* text :
       {"999999999999", "arn:aws:iam::999999999999:root", "arn:aws:sts::111111111111:assumed-role/r/s",
        "arn:aws:sts::111111111111:federated-user/guest"}) {
    EXPECT_EQ(put_policy(statement(fmt::format(R"({{"AWS":"{}"}})", text))), "done") << text;
  }
}

TEST_F(SecretPolicies, NotPrincipalIsLookedIntoAsWell) {
  const auto put_denial = [&](std::string_view arn) {
    return put_policy(fmt::format(
        R"({{"Statement":[{{"Effect":"Deny","Action":"*","Resource":"*","NotPrincipal":{{"AWS":"{}"}}}}]}})", arn));
  };
  EXPECT_EQ(put_denial("arn:aws:iam::111111111111:user/team/ann"), "done");
  EXPECT_EQ(put_denial("arn:aws:iam::111111111111:user/nobody"), "MalformedPolicyDocumentException");
}

TEST_F(SecretPolicies, AChangedPolicyIsShownAtOnceAndEnforcedLater) {
  StoredSecret& secret = *world.find_secret(home, region, "s");
  const std::string first = statement(R"("*")");
  ASSERT_EQ(put_policy(first), "done");
  EXPECT_TRUE(secret.former_policies.empty());
  behaviour.resource_policy_delay = std::chrono::seconds(30);
  const std::string second = statement(R"({"AWS":"AIDAANN"})");
  ASSERT_EQ(put_policy(second), "done");
  EXPECT_EQ(secret.policy, second);
  ASSERT_EQ(secret.former_policies.size(), 1u);
  EXPECT_EQ(secret.former_policies[0].policy, first);
  EXPECT_EQ(secret.former_policies[0].until, now + std::chrono::seconds(30));
  now += std::chrono::seconds(10);
  ASSERT_EQ(code("DeleteResourcePolicy", R"({"SecretId":"s"})"), "done");
  EXPECT_EQ(shown(), "missing");
  ASSERT_EQ(secret.former_policies.size(), 2u);
  EXPECT_EQ(secret.former_policies[1].policy, second);
  EXPECT_EQ(secret.former_policies[1].principals, (PolicyPrincipals{{"AIDAANN", "AIDAANN"}}));
  now += std::chrono::seconds(20);
  ASSERT_EQ(put_policy(first), "done");
  ASSERT_EQ(secret.former_policies.size(), 2u) << "what is enforced no more is forgotten";
  EXPECT_EQ(secret.former_policies[1].policy, std::nullopt);
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
