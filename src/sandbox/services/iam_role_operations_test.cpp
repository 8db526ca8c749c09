// IAM's roles, called directly.
#include "sandbox/services/iam_fixture.hpp"

namespace rekeyer::sandbox {
namespace {

class IamRoleOperations : public IamFixture {
 protected:
  static std::string with(const std::string& more, const std::string& document) {
    return R"({"RoleName":"r",)" + more + boost::json::serialize(boost::json::string(document)) + "}";
  }
  const std::string trust =
      R"({"Statement":{"Effect":"Allow","Principal":{"AWS":"111111111111"},"Action":"sts:AssumeRole"}})";
};

TEST_F(IamRoleOperations, CreatesARoleWithItsTrustPercentEncoded) {
  const auto role =
      done("CreateRole", with(R"("MaxSessionDuration":"7200","Description":"d","AssumeRolePolicyDocument":)", trust))
          .at("Role");
  EXPECT_EQ(role.at("Arn").as_string(), "arn:aws:iam::111111111111:role/r");
  EXPECT_TRUE(
      std::string_view(role.at("AssumeRolePolicyDocument").as_string()).starts_with("%7B%22Statement%22%3A%7B"));
  EXPECT_EQ(role.at("MaxSessionDuration").as_int64(), 7200);
  EXPECT_EQ(world.account(home).iam.roles.at("r").trust, trust);
  EXPECT_TRUE(
      refusal("CreateRole", with(R"("AssumeRolePolicyDocument":)", trust)).starts_with("409 EntityAlreadyExists"));
  EXPECT_EQ(each(done("ListRoles").at("Roles"), "RoleName"), "r");
}

TEST_F(IamRoleOperations, TrustMustBeATrustPolicy) {
  for (const char* wrong :
       {"{", "[]", R"({"Statement":{"Effect":"Allow","Action":"sts:AssumeRole"}})",
        R"({"Statement":[{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole","Resource":"*"}]})"}) {
    EXPECT_TRUE(
        refusal("CreateRole", with(R"("AssumeRolePolicyDocument":)", wrong)).starts_with("400 MalformedPolicyDocument"))
        << wrong;
  }
  add_role("r");
  EXPECT_TRUE(
      refusal("UpdateAssumeRolePolicy", with(R"("PolicyDocument":)", "{")).starts_with("400 MalformedPolicyDocument"));
  done("UpdateAssumeRolePolicy", with(R"("PolicyDocument":)", trust));
  EXPECT_EQ(world.account(home).iam.roles.at("r").trust, trust);
}

TEST_F(IamRoleOperations, SessionsLastOneToTwelveHours) {
  Role& role = add_role("r");
  for (const char* wrong : {"3599", "43201", "x"}) {
    EXPECT_TRUE(refusal("UpdateRole", R"({"RoleName":"r","MaxSessionDuration":")" + std::string(wrong) + R"("})")
                    .starts_with("400 ValidationError"));
  }
  done("UpdateRole", R"({"RoleName":"r","MaxSessionDuration":"43200","Description":"long"})");
  EXPECT_EQ(role.max_session, 43200);
  EXPECT_EQ(done("GetRole", R"({"RoleName":"R"})").at("Role").at("Description").as_string(), "long");
}

TEST_F(IamRoleOperations, TagsAndDeletion) {
  Role& role = add_role("r");
  done("TagRole", R"({"RoleName":"r","Tags":[{"Key":"a","Value":"1"},{"Key":"b","Value":"2"}]})");
  done("UntagRole", R"({"RoleName":"r","TagKeys":["A"]})");
  EXPECT_EQ(each(done("ListRoleTags", R"({"RoleName":"r"})").at("Tags"), "Key"), "b");
  role.policies["p"] = "{}";
  EXPECT_TRUE(refusal("DeleteRole", R"({"RoleName":"r"})").starts_with("409 DeleteConflict"));
  role.policies.clear();
  done("DeleteRole", R"({"RoleName":"r"})");
  EXPECT_EQ(refusal("GetRole", R"({"RoleName":"r"})"), "404 NoSuchEntity: The role with name r cannot be found.");
}

}  // namespace
}  // namespace rekeyer::sandbox
