// IAM's inline, attached and managed policies, called directly.
#include "sandbox/services/iam_fixture.hpp"

namespace rekeyer::sandbox {
namespace {

class IamPolicyOperations : public IamFixture {
 protected:
  static std::string quoted(const std::string& text) { return boost::json::serialize(boost::json::string(text)); }
  static std::string put(const std::string& name, const std::string& document) {
    return R"({"UserName":"ann","PolicyName":")" + name + R"(","PolicyDocument":)" + quoted(document) + "}";
  }
  /// A good policy of so many characters.
  static std::string policy_of(std::size_t size) {
    const std::string start = R"({"Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::)";
    const std::string end = R"("}})";
    return start + std::string(size - start.size() - end.size(), 'x') + end;
  }
  const std::string admin = "arn:aws:iam::aws:policy/AdministratorAccess";
};

TEST_F(IamPolicyOperations, InlinePoliciesComeBackPercentEncoded) {
  add_user("ann");
  const std::string document = R"({"Statement": [{"Effect":"Allow","Action":"s3:*","Resource":"*"}]})";
  done("PutUserPolicy", put("p", document));
  const auto reply = done("GetUserPolicy", R"({"UserName":"ANN","PolicyName":"p"})");
  EXPECT_EQ(reply.at("PolicyDocument").as_string(),
            "%7B%22Statement%22%3A%20%5B%7B%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%22s3%3A%2A%22%2C%22Resource%22%"
            "3A%22%2A%22%7D%5D%7D");
  EXPECT_EQ(reply.at("UserName").as_string(), "ann");
  EXPECT_EQ(each(done("ListUserPolicies", R"({"UserName":"ann"})").at("PolicyNames"), ""), "p");
  done("DeleteUserPolicy", R"({"UserName":"ann","PolicyName":"p"})");
  const std::string gone = "404 NoSuchEntity: The user policy with name p cannot be found.";
  EXPECT_EQ(refusal("GetUserPolicy", R"({"UserName":"ann","PolicyName":"p"})"), gone);
  EXPECT_EQ(refusal("DeleteUserPolicy", R"({"UserName":"ann","PolicyName":"p"})"), gone);
}

TEST_F(IamPolicyOperations, DocumentsMustBeIdentityPolicies) {
  add_user("ann");
  for (const char* wrong : {"{", "text", R"({"Statement":{"Effect":"Allow","Action":"s3:*"}})",
                            R"({"Statement":{"Effect":"Allow","Resource":"*"}})",
                            R"({"Statement":{"Effect":"Allow","Action":"GetObject","Resource":"*"}})",
                            R"({"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"bucket"}})",
                            R"({"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*"}]})"}) {
    EXPECT_TRUE(refusal("PutUserPolicy", put("p", wrong)).starts_with("400 MalformedPolicyDocument")) << wrong;
  }
  EXPECT_TRUE(world.find_user(home, UserName("ann"))->policies.empty());
}

TEST_F(IamPolicyOperations, InlineQuotaCountsAllPoliciesWithoutWhiteSpace) {
  add_user("ann");
  done("PutUserPolicy", put("a", policy_of(1000)));
  done("PutUserPolicy", put("b", policy_of(1048) + std::string(3000, ' ')));
  done("PutUserPolicy", put("b", policy_of(1048)));
  EXPECT_EQ(refusal("PutUserPolicy", put("b", policy_of(1049))),
            "409 LimitExceeded: Maximum policy size of 2048 bytes exceeded for user ann");
  EXPECT_TRUE(refusal("PutUserPolicy", put("c", policy_of(100))).starts_with("409 LimitExceeded"));
}

TEST_F(IamPolicyOperations, GroupsAndRolesHaveInlinePoliciesToo) {
  add_group("g");
  add_role("r");
  const std::string document = quoted(policy_of(2500));
  done("PutGroupPolicy", R"({"GroupName":"g","PolicyName":"p","PolicyDocument":)" + document + "}");
  done("PutRolePolicy", R"({"RoleName":"r","PolicyName":"q","PolicyDocument":)" + document + "}");
  EXPECT_EQ(each(done("ListGroupPolicies", R"({"GroupName":"g"})").at("PolicyNames"), ""), "p");
  EXPECT_EQ(done("GetRolePolicy", R"({"RoleName":"r","PolicyName":"q"})").at("RoleName").as_string(), "r");
  EXPECT_EQ(refusal("GetRolePolicy", R"({"RoleName":"r","PolicyName":"x"})"),
            "404 NoSuchEntity: The role policy with name x cannot be found.");
}

TEST_F(IamPolicyOperations, AttachesWhatExists) {
  add_user("ann");
  const std::string input = R"({"UserName":"ann","PolicyArn":")" + admin + R"("})";
  done("AttachUserPolicy", input);
  done("AttachUserPolicy", input);
  const auto attached = done("ListAttachedUserPolicies", R"({"UserName":"ann"})").at("AttachedPolicies");
  EXPECT_EQ(each(attached, "PolicyName"), "AdministratorAccess");
  EXPECT_EQ(each(attached, "PolicyArn"), admin);
  done("DetachUserPolicy", input);
  EXPECT_EQ(refusal("DetachUserPolicy", input), "404 NoSuchEntity: Policy " + admin + " was not found.");
  EXPECT_EQ(refusal("AttachUserPolicy", R"({"UserName":"ann","PolicyArn":"arn:aws:iam::aws:policy/None"})"),
            "404 NoSuchEntity: Policy arn:aws:iam::aws:policy/None does not exist or is not attachable.");
}

TEST_F(IamPolicyOperations, OwnManagedPoliciesLiveUntilTheyAreDetachedAndDeleted) {
  add_role("r");
  const std::string create = R"({"PolicyName":"P","Path":"/x/","PolicyDocument":)" + quoted(policy_of(200)) + "}";
  const std::string arn(done("CreatePolicy", create).at("Policy").at("Arn").as_string());
  EXPECT_EQ(arn, "arn:aws:iam::111111111111:policy/x/P");
  EXPECT_TRUE(refusal("CreatePolicy", create).starts_with("409 EntityAlreadyExists"));
  const std::string by_arn = R"({"PolicyArn":")" + arn + R"("})";
  done("AttachRolePolicy", R"({"RoleName":"r","PolicyArn":")" + arn + R"("})");
  EXPECT_EQ(done("GetPolicy", by_arn).at("Policy").at("AttachmentCount").to_number<int>(), 1);
  EXPECT_TRUE(refusal("DeletePolicy", by_arn).starts_with("409 DeleteConflict"));
  const auto version =
      done("GetPolicyVersion", R"({"VersionId":"v1","PolicyArn":")" + arn + R"("})").at("PolicyVersion");
  EXPECT_TRUE(std::string_view(version.at("Document").as_string()).starts_with("%7B%22Statement"));
  done("DetachRolePolicy", R"({"RoleName":"r","PolicyArn":")" + arn + R"("})");
  done("DeletePolicy", by_arn);
  EXPECT_EQ(refusal("GetPolicy", by_arn), "404 NoSuchEntity: Policy " + arn + " was not found.");
}

TEST_F(IamPolicyOperations, ListsPoliciesByScope) {
  done("CreatePolicy", R"({"PolicyName":"P","PolicyDocument":)" + quoted(policy_of(200)) + "}");
  EXPECT_EQ(each(done("ListPolicies", R"({"Scope":"Local"})").at("Policies"), "PolicyName"), "P");
  const std::string aws = each(done("ListPolicies", R"({"Scope":"AWS"})").at("Policies"), "PolicyName");
  for (const char* name : {"AdministratorAccess", "IAMFullAccess", "ReadOnlyAccess"}) {
    EXPECT_NE(aws.find(name), std::string::npos) << name;
  }
  EXPECT_EQ(each(done("ListPolicies").at("Policies"), "PolicyName"), "P " + aws);
  EXPECT_EQ(each(done("ListPolicies", R"({"OnlyAttached":"true"})").at("Policies"), "PolicyName"), "");
  EXPECT_TRUE(refusal("ListPolicies", R"({"Scope":"x"})").starts_with("400 ValidationError"));
}

TEST_F(IamPolicyOperations, BuiltInPoliciesHaveTheWorldsPartition) {
  world.partition = "aws-cn";
  add_user("ann");
  EXPECT_TRUE(refusal("AttachUserPolicy", R"({"UserName":"ann","PolicyArn":")" + admin + R"("})").starts_with("404"));
  EXPECT_EQ(
      refusal("AttachUserPolicy", R"({"UserName":"ann","PolicyArn":"arn:aws-cn:iam::aws:policy/AdministratorAccess"})"),
      "done");
}

}  // namespace
}  // namespace rekeyer::sandbox
