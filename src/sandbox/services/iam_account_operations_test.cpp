// What IAM tells of an account as a whole, called directly.
#include "sandbox/services/iam_fixture.hpp"

namespace rekeyer::sandbox {
namespace {

class IamAccountOperations : public IamFixture {
 protected:
  /// Lengths of the four lists: "users/groups/roles/policies", "-" where one is missing.
  static std::string sizes(const boost::json::object& details) {
    std::string text;
    for (const char* list : {"UserDetailList", "GroupDetailList", "RoleDetailList", "Policies"}) {
      if (!text.empty()) text.push_back('/');
      text.append(details.contains(list) ? std::to_string(details.at(list).as_array().size()) : "-");
    }
    return text;
  }
};

TEST_F(IamAccountOperations, DetailsShowTagsGroupsAndPolicies) {
  User& ann = add_user("Ann");
  ann.tags["Owner"] = "x";
  ann.policies["p"] = "{}";
  ann.attached.emplace_back("arn:aws:iam::aws:policy/ReadOnlyAccess");
  add_user("bob");
  add_group("Exempt", {UserName("ann")});
  add_group("Other", {UserName("bob"), UserName("ANN")});
  add_role("r");
  const auto details = done("GetAccountAuthorizationDetails");
  EXPECT_EQ(sizes(details), "2/2/1/0");
  const auto& user = details.at("UserDetailList").at(0);
  EXPECT_EQ(user.at("UserName").as_string(), "Ann");
  EXPECT_EQ(each(user.at("GroupList"), ""), "Exempt Other");
  EXPECT_EQ(each(user.at("Tags"), "Key"), "Owner");
  EXPECT_EQ(each(user.at("UserPolicyList"), "PolicyDocument"), "%7B%7D");
  EXPECT_EQ(each(user.at("AttachedManagedPolicies"), "PolicyName"), "ReadOnlyAccess");
  EXPECT_EQ(each(details.at("UserDetailList").at(1).at("GroupList"), ""), "Other");
}

TEST_F(IamAccountOperations, DetailsAreFiltered) {
  add_user("ann");
  add_role("r");
  EXPECT_EQ(sizes(done("GetAccountAuthorizationDetails", R"({"Filter":["User"]})")), "1/-/-/-");
  EXPECT_EQ(sizes(done("GetAccountAuthorizationDetails", R"({"Filter":["Role","Group"]})")), "-/0/1/-");
  EXPECT_TRUE(refusal("GetAccountAuthorizationDetails", R"({"Filter":["Users"]})").starts_with("400 ValidationError"));
}

TEST_F(IamAccountOperations, DetailsArePagedOverAllKinds) {
  for (const char* name : {"a", "b", "c"}) add_user(name);
  add_group("g");
  for (const char* name : {"r", "s"}) add_role(name);
  std::string marker;
  std::string seen;
  for (int page = 0; page < 10; ++page) {
    const auto details =
        done("GetAccountAuthorizationDetails",
             marker.empty() ? R"({"MaxItems":"2"})" : R"({"MaxItems":"2","Marker":")" + marker + R"("})");
    seen.append(sizes(details)).append(" ");
    if (!details.at("IsTruncated").as_bool()) break;
    marker = details.at("Marker").as_string();
  }
  EXPECT_EQ(seen, "2/0/0/0 1/1/0/0 0/0/2/0 ");
}

TEST_F(IamAccountOperations, SummaryIsAMapOfNumbers) {
  add_user("ann");
  world.account(home).iam.root_keys = 2;
  const auto summary = done("GetAccountSummary").at("SummaryMap").at("entry");
  const auto number = [&](std::string_view key) {
    for (const auto& entry : summary.as_array()) {
      if (std::string_view(entry.at("key").as_string()) == key) return entry.at("value").to_number<int>();
    }
    return -1;
  };
  EXPECT_EQ(number("Users"), 1);
  EXPECT_EQ(number("AccountAccessKeysPresent"), 1);
  EXPECT_EQ(number("AccessKeysPerUserQuota"), 2);
}

TEST_F(IamAccountOperations, AnAccountHasOneAliasThatNobodyElseHas) {
  world.account(AccountId("222222222222")).iam.alias = "taken";
  EXPECT_EQ(each(done("ListAccountAliases").at("AccountAliases"), ""), "");
  done("CreateAccountAlias", R"({"AccountAlias":"first"})");
  done("CreateAccountAlias", R"({"AccountAlias":"second-one"})");
  EXPECT_EQ(each(done("ListAccountAliases").at("AccountAliases"), ""), "second-one");
  EXPECT_TRUE(refusal("CreateAccountAlias", R"({"AccountAlias":"taken"})").starts_with("409 EntityAlreadyExists"));
  for (const char* wrong : {"ab", "-ab", "ab-", "a--b", "Upper"}) {
    EXPECT_TRUE(refusal("CreateAccountAlias", R"({"AccountAlias":")" + std::string(wrong) + R"("})")
                    .starts_with("400 ValidationError"))
        << wrong;
  }
  EXPECT_TRUE(refusal("DeleteAccountAlias", R"({"AccountAlias":"first"})").starts_with("404 NoSuchEntity"));
  done("DeleteAccountAlias", R"({"AccountAlias":"second-one"})");
  EXPECT_EQ(each(done("ListAccountAliases").at("AccountAliases"), ""), "");
}

TEST_F(IamAccountOperations, SimulationJudgesOwnAndGroupsPolicies) {
  User& ann = add_user("ann");
  ann.policies["p"] = R"({"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}})";
  add_group("g", {UserName("ann")}).policies["q"] =
      R"({"Statement":{"Effect":"Deny","Action":"s3:DeleteBucket","Resource":"*"}})";
  const auto reply = done("SimulatePrincipalPolicy", R"({"PolicySourceArn":"arn:aws:iam::111111111111:user/ann",
      "ActionNames":["s3:GetObject","s3:DeleteBucket","iam:GetUser"]})");
  EXPECT_EQ(each(reply.at("EvaluationResults"), "EvalDecision"), "allowed explicitDeny implicitDeny");
  EXPECT_TRUE(refusal("SimulatePrincipalPolicy",
                      R"({"PolicySourceArn":"arn:aws:iam::111111111111:user/x","ActionNames":["s3:GetObject"]})")
                  .starts_with("404 NoSuchEntity"));
}

TEST_F(IamAccountOperations, SimulationTellsWhatTheOrganizationForbids) {
  add_user("ann").policies["p"] = R"({"Statement":{"Effect":"Allow","Action":"iam:*","Resource":"*"}})";
  world.organization.id = "o-1";
  world.organization.parent_of[home] = OuId("r-1");
  ServiceControl control;
  control.document = R"({"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},
      {"Effect":"Deny","Action":"iam:CreateAccessKey","Resource":"*"}]})";
  control.targets = {"r-1"};
  world.organization.controls["p-1"] = control;
  const auto reply = done("SimulatePrincipalPolicy", R"({"PolicySourceArn":"arn:aws:iam::111111111111:user/ann",
      "ActionNames":["iam:CreateAccessKey","iam:DeleteAccessKey"]})");
  const auto& results = reply.at("EvaluationResults");
  EXPECT_EQ(each(results, "EvalDecision"), "implicitDeny allowed");
  EXPECT_FALSE(results.at(0).at("OrganizationsDecisionDetail").at("AllowedByOrganizations").as_bool());
  EXPECT_TRUE(results.at(1).at("OrganizationsDecisionDetail").at("AllowedByOrganizations").as_bool());
}

}  // namespace
}  // namespace rekeyer::sandbox
