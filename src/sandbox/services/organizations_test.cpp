// Organizations' operations: pages, who may ask, accounts, units, policies, tags.
#include "sandbox/services/organizations.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <set>

#include "sandbox/services/operation_fixture.hpp"

namespace rekeyer::sandbox {
namespace {

using boost::json::value;

class SandboxOrganizationsTest : public OperationTest {
 protected:
  SandboxOrganizationsTest() : OperationTest(organizations_operations()) {
    asked.protocol = Protocol::json;
    asked.service = "organizations";
    world.organization.id = "o-abcdefghij";
    world.organization.management = management;
    world.organization.root = OuId("r-root");
    unit("ou-root-aaaaaaaa", "r-root", "A");
    unit("ou-root-bbbbbbbb", "ou-root-aaaaaaaa", "B");
    account(management_id, "r-root");
  }

  void unit(const std::string& id, const std::string& parent, const std::string& name) {
    world.organization.units[OuId(id)] = Unit{.id = OuId(id), .parent = OuId(parent), .name = name};
  }
  void account(std::string_view id, const std::string& parent) {
    const AccountId account{std::string(id)};
    Account& made = world.account(account);
    made.name = fmt::format("account {}", id);
    made.email = fmt::format("aws+{}@example.com", id);
    made.joined = parse_iso8601("2025-01-01T00:00:00Z").value();
    world.organization.order.push_back(account);
    world.organization.parent_of[account] = OuId(parent);
  }
  void many() {
    for (int n = 1; n < 46; ++n) account(fmt::format("{:012}", n), n % 2 == 1 ? "ou-root-bbbbbbbb" : "r-root");
  }

  struct Listed {
    std::vector<std::string> ids;
    std::vector<std::size_t> sizes;
  };
  /// All pages of a list. `member` is that of its items' identity.
  Listed walk(std::string_view operation, std::string_view list, boost::json::object input = {}) {
    Listed listed;
    while (listed.sizes.size() < 2000) {
      const value page = call(operation, boost::json::serialize(input));
      if (page.is_null()) break;
      listed.sizes.push_back(page.at(list).as_array().size());
      for (const value& item : page.at(list).as_array()) {
        const value* id = item.as_object().if_contains("Id");
        listed.ids.emplace_back(id == nullptr ? item.at("TargetId").as_string() : id->as_string());
      }
      const value* token = page.as_object().if_contains("NextToken");
      if (token == nullptr) break;
      input["NextToken"] = *token;
    }
    return listed;
  }
  std::size_t under(const std::string& parent) {
    return walk("ListAccountsForParent", "Accounts", {{"ParentId", parent}}).ids.size();
  }
};

TEST_F(SandboxOrganizationsTest, AccountsComeInPagesOfTwentyInTheirOrder) {
  many();
  const Listed all = walk("ListAccounts", "Accounts");
  EXPECT_EQ(all.sizes, (std::vector<std::size_t>{20, 20, 6}));
  EXPECT_EQ(all.ids.front(), management_id);
  EXPECT_EQ(all.ids.back(), "000000000045");
  EXPECT_EQ(std::set(all.ids.begin(), all.ids.end()).size(), 46u);
  EXPECT_EQ(walk("ListAccounts", "Accounts", {{"MaxResults", 15}}).sizes, (std::vector<std::size_t>{15, 15, 15, 1}));
  behaviour.organizations_page = 7;
  EXPECT_EQ(walk("ListAccounts", "Accounts", {{"MaxResults", 15}}).sizes.front(), 7u);
}

TEST_F(SandboxOrganizationsTest, PageSizesAndTokensAreChecked) {
  many();
  EXPECT_EQ(outcome("ListAccounts", R"({"MaxResults":0})"), "InvalidInputException");
  EXPECT_EQ(outcome("ListAccounts", R"({"MaxResults":21})"), "InvalidInputException");
  EXPECT_EQ(outcome("ListAccounts", R"({"MaxResults":20,"NextToken":"nonsense"})"), "InvalidInputException");
  const value page = call("ListAccounts");
  boost::json::object input{{"ParentId", "r-root"}, {"NextToken", page.at("NextToken")}};
  EXPECT_EQ(outcome("ListAccountsForParent", boost::json::serialize(input)), "InvalidInputException");
}

TEST_F(SandboxOrganizationsTest, EverySecondPageCanBeEmptyWithAToken) {
  many();
  behaviour.organizations_empty_pages = true;
  const Listed all = walk("ListAccounts", "Accounts");
  EXPECT_EQ(all.sizes, (std::vector<std::size_t>{0, 20, 0, 20, 0, 6}));
  EXPECT_EQ(all.ids.size(), 46u);
  EXPECT_EQ(walk("ListRoots", "Roots").sizes, (std::vector<std::size_t>{0, 1}));
}

TEST_F(SandboxOrganizationsTest, ListsOfAParentHoldItsDirectChildrenOnly) {
  many();
  EXPECT_EQ(under("r-root"), 23u);
  EXPECT_EQ(under("ou-root-aaaaaaaa"), 0u);
  EXPECT_EQ(under("ou-root-bbbbbbbb"), 23u);
  EXPECT_EQ(walk("ListOrganizationalUnitsForParent", "OrganizationalUnits", {{"ParentId", "r-root"}}).ids,
            (std::vector<std::string>{"ou-root-aaaaaaaa"}));
  EXPECT_EQ(walk("ListChildren", "Children", {{"ParentId", "r-root"}, {"ChildType", "ACCOUNT"}}).ids.size(), 23u);
  EXPECT_EQ(outcome("ListChildren", R"({"ParentId":"ou-root-aaaaaaaa","ChildType":"ORGANIZATIONAL_UNIT"})"),
            R"({"Children":[{"Id":"ou-root-bbbbbbbb","Type":"ORGANIZATIONAL_UNIT"}]})");
  EXPECT_EQ(outcome("ListChildren", R"({"ParentId":"r-root","ChildType":"X"})"), "InvalidInputException");
  EXPECT_EQ(outcome("ListAccountsForParent", R"({"ParentId":"ou-root-zzzzzzzz"})"), "ParentNotFoundException");
  EXPECT_EQ(outcome("ListAccountsForParent", R"({"ParentId":"100000000000"})"), "InvalidInputException");
}

TEST_F(SandboxOrganizationsTest, EveryChildHasOneParent) {
  many();
  EXPECT_EQ(outcome("ListParents", R"({"ChildId":"000000000001"})"),
            R"({"Parents":[{"Id":"ou-root-bbbbbbbb","Type":"ORGANIZATIONAL_UNIT"}]})");
  EXPECT_EQ(outcome("ListParents", R"({"ChildId":"ou-root-aaaaaaaa"})"),
            R"({"Parents":[{"Id":"r-root","Type":"ROOT"}]})");
  EXPECT_EQ(outcome("ListParents", R"({"ChildId":"999999999999"})"), "ChildNotFoundException");
}

TEST_F(SandboxOrganizationsTest, AnAccountShowsStateAndItsPath) {
  account("000000000042", "ou-root-bbbbbbbb");
  world.accounts.at(AccountId("000000000042")).state = "CLOSED";
  const value shown = call("DescribeAccount", R"({"AccountId":"000000000042"})").at("Account");
  EXPECT_EQ(shown.at("State"), "CLOSED");
  EXPECT_FALSE(shown.as_object().contains("Status"));
  EXPECT_EQ(shown.at("Arn"), "arn:aws:organizations::100000000000:account/o-abcdefghij/000000000042");
  EXPECT_EQ(boost::json::serialize(shown.at("Paths")),
            R"(["o-abcdefghij/r-root/ou-root-aaaaaaaa/ou-root-bbbbbbbb/000000000042/"])");
  EXPECT_EQ(shown.at("JoinedTimestamp").to_number<double>(), 1735689600.0);

  behaviour.organizations_old_status = true;
  EXPECT_EQ(call("DescribeAccount", R"({"AccountId":"000000000042"})").at("Account").at("Status"), "SUSPENDED");
  behaviour.organizations_old_status = false;
  behaviour.organizations_omit_state = true;
  const value old = call("DescribeAccount", R"({"AccountId":"000000000042"})").at("Account");
  EXPECT_FALSE(old.as_object().contains("State"));
  EXPECT_EQ(old.at("Status"), "SUSPENDED");
  EXPECT_EQ(outcome("DescribeAccount", R"({"AccountId":"000000000043"})"), "AccountNotFoundException");
  EXPECT_EQ(outcome("DescribeAccount", R"({"AccountId":"43"})"), "InvalidInputException");
}

TEST_F(SandboxOrganizationsTest, OnlyTheManagementAccountAndDelegatedAdministratorsRead) {
  account("000000000042", "r-root");
  ASSERT_EQ(outcome("RegisterDelegatedAdministrator", R"({"AccountId":"100000000000","ServicePrincipal":"x"})"),
            "ConstraintViolationException");
  caller.account = AccountId("000000000042");
  EXPECT_EQ(outcome("ListAccounts"), "AccessDeniedException");
  EXPECT_EQ(text(call("DescribeOrganization").at("Organization").at("MasterAccountId")), management_id);
  caller.account = management;
  ASSERT_EQ(outcome("RegisterDelegatedAdministrator", R"({"AccountId":"000000000042","ServicePrincipal":"x"})"), "{}");
  EXPECT_EQ(outcome("RegisterDelegatedAdministrator", R"({"AccountId":"000000000042","ServicePrincipal":"x"})"),
            "AccountAlreadyRegisteredException");
  EXPECT_EQ(walk("ListDelegatedAdministrators", "DelegatedAdministrators").ids,
            (std::vector<std::string>{"000000000042"}));
  caller.account = AccountId("000000000042");
  EXPECT_EQ(walk("ListAccounts", "Accounts").ids.size(), 2u);
  EXPECT_EQ(outcome("CloseAccount", R"({"AccountId":"000000000042"})"), "AccessDeniedException");
  caller.account = AccountId("000000000099");
  EXPECT_EQ(outcome("DescribeOrganization"), "AWSOrganizationsNotInUseException");
  EXPECT_EQ(outcome("ListAccounts"), "AWSOrganizationsNotInUseException");
}

TEST_F(SandboxOrganizationsTest, ByTruthEveryMemberMayRead) {
  account("000000000042", "r-root");
  behaviour.organizations_only_management = false;
  caller.account = AccountId("000000000042");
  EXPECT_EQ(walk("ListAccounts", "Accounts").ids.size(), 2u);
}

TEST_F(SandboxOrganizationsTest, AnOrganizationIsBuiltFromNothing) {
  world = World(9);
  caller.account = AccountId("000000000007");
  world.account(caller.account).email = "boss@example.com";
  EXPECT_EQ(outcome("ListRoots"), "AWSOrganizationsNotInUseException");
  const value made = call("CreateOrganization", R"({"FeatureSet":"ALL"})").at("Organization");
  EXPECT_EQ(made.at("MasterAccountEmail"), "boss@example.com");
  EXPECT_EQ(outcome("CreateOrganization"), "AlreadyInOrganizationException");
  const std::string root = walk("ListRoots", "Roots").ids.at(0);
  const value ou = call("CreateOrganizationalUnit", fmt::format(R"({{"ParentId":"{}","Name":"Prod"}})", root));
  EXPECT_EQ(outcome("CreateOrganizationalUnit", fmt::format(R"({{"ParentId":"{}","Name":"Prod"}})", root)),
            "DuplicateOrganizationalUnitException");
  const std::string unit_id(ou.at("OrganizationalUnit").at("Id").as_string());
  EXPECT_TRUE(unit_id.starts_with("ou-" + root.substr(2) + "-"));
  EXPECT_EQ(call("DescribeOrganizationalUnit", fmt::format(R"({{"OrganizationalUnitId":"{}"}})", unit_id)), ou);

  const value status = call("CreateAccount", R"({"AccountName":"dev","Email":"dev@example.com","RoleName":"Admin",
                                                 "Tags":[{"Key":"team","Value":"a"}]})")
                           .at("CreateAccountStatus");
  ASSERT_EQ(status.at("State"), "SUCCEEDED");
  const std::string id(status.at("AccountId").as_string());
  const Account& account = world.accounts.at(AccountId(id));
  EXPECT_EQ(account.state, "ACTIVE");
  EXPECT_TRUE(account.iam.roles.at("admin").trust.contains("arn:aws:iam::000000000007:root"));
  EXPECT_EQ(call("DescribeCreateAccountStatus",
                 fmt::format(R"({{"CreateAccountRequestId":"{}"}})", std::string_view(status.at("Id").as_string())))
                .at("CreateAccountStatus"),
            status);
  EXPECT_EQ(outcome("ListTagsForResource", fmt::format(R"({{"ResourceId":"{}"}})", id)),
            R"({"Tags":[{"Key":"team","Value":"a"}]})");

  const auto move = [&](const std::string& from, const std::string& to) {
    return outcome(
        "MoveAccount",
        fmt::format(R"({{"AccountId":"{}","SourceParentId":"{}","DestinationParentId":"{}"}})", id, from, to));
  };
  EXPECT_EQ(move(unit_id, root), "SourceParentNotFoundException");
  EXPECT_EQ(move(root, root), "DuplicateAccountException");
  EXPECT_EQ(move(root, "ou-none-00000000"), "DestinationParentNotFoundException");
  EXPECT_EQ(move(root, unit_id), "{}");
  EXPECT_EQ(under(unit_id), 1u);
}

TEST_F(SandboxOrganizationsTest, AnAddressOpensOneAccountOnly) {
  const value status = call("CreateAccount", R"({"AccountName":"dev","Email":"aws+100000000000@example.com"})")
                           .at("CreateAccountStatus");
  EXPECT_EQ(status.at("State"), "FAILED");
  EXPECT_EQ(status.at("FailureReason"), "EMAIL_ALREADY_EXISTS");
  EXPECT_EQ(world.organization.order.size(), 1u);
  EXPECT_EQ(outcome("CreateAccount", R"({"AccountName":"dev","Email":"nobody"})"), "InvalidInputException");
  EXPECT_EQ(outcome("DescribeCreateAccountStatus", R"({"CreateAccountRequestId":"car-1"})"),
            "CreateAccountStatusNotFoundException");
}

TEST_F(SandboxOrganizationsTest, AnAccountIsClosedOnce) {
  account("000000000042", "r-root");
  EXPECT_EQ(outcome("CloseAccount", R"({"AccountId":"100000000000"})"), "ConstraintViolationException");
  EXPECT_EQ(outcome("CloseAccount", R"({"AccountId":"000000000042"})"), "{}");
  EXPECT_EQ(world.accounts.at(AccountId("000000000042")).state, "CLOSED");
  EXPECT_EQ(outcome("CloseAccount", R"({"AccountId":"000000000042"})"), "AccountAlreadyClosedException");
}

TEST_F(SandboxOrganizationsTest, TagsBelongToAccountsUnitsAndRoots) {
  for (const std::string_view id : {"100000000000", "ou-root-aaaaaaaa", "r-root"}) {
    const auto input = [&](std::string_view more) { return fmt::format(R"({{"ResourceId":"{}"{}}})", id, more); };
    EXPECT_EQ(outcome("ListTagsForResource", input("")), R"({"Tags":[]})");
    EXPECT_EQ(outcome("TagResource", input(R"(,"Tags":[{"Key":"a","Value":"1"},{"Key":"b","Value":"2"}])")), "{}");
    EXPECT_EQ(outcome("UntagResource", input(R"(,"TagKeys":["a","c"])")), "{}");
    EXPECT_EQ(outcome("ListTagsForResource", input("")), R"({"Tags":[{"Key":"b","Value":"2"}]})");
  }
  EXPECT_EQ(outcome("ListTagsForResource", R"({"ResourceId":"ou-root-none0000"})"), "TargetNotFoundException");
  EXPECT_EQ(outcome("TagResource", R"({"ResourceId":"r-root","Tags":[{"Key":"aws:x","Value":""}]})"),
            "InvalidInputException");
}

class SandboxServiceControlTest : public SandboxOrganizationsTest {
 protected:
  SandboxServiceControlTest() { account("000000000042", "ou-root-aaaaaaaa"); }
  static constexpr std::string_view deny =
      R"({\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Deny\",\"Action\":\"iam:*\",\"Resource\":\"*\"}]})";
  std::string make(std::string_view name) {
    const value made = call(
        "CreatePolicy",
        fmt::format(R"({{"Name":"{}","Description":"","Type":"SERVICE_CONTROL_POLICY","Content":"{}"}})", name, deny));
    return made.is_null() ? refusal.code : std::string(made.at("Policy").at("PolicySummary").at("Id").as_string());
  }
  std::string attach(std::string_view policy, std::string_view target, std::string_view operation = "AttachPolicy") {
    return outcome(operation, fmt::format(R"({{"PolicyId":"{}","TargetId":"{}"}})", policy, target));
  }
  std::vector<std::string> at(std::string_view target) {
    return walk("ListPoliciesForTarget", "Policies", {{"TargetId", target}, {"Filter", "SERVICE_CONTROL_POLICY"}}).ids;
  }
};

TEST_F(SandboxServiceControlTest, FullAccessStandsWhereNothingElseIsAttached) {
  EXPECT_EQ(at("r-root"), (std::vector<std::string>{"p-FullAWSAccess"}));
  EXPECT_EQ(walk("ListPolicies", "Policies", {{"Filter", "SERVICE_CONTROL_POLICY"}}).ids,
            (std::vector<std::string>{"p-FullAWSAccess"}));
  EXPECT_EQ(walk("ListTargetsForPolicy", "Targets", {{"PolicyId", "p-FullAWSAccess"}}).ids.size(), 5u);
  EXPECT_EQ(attach("p-FullAWSAccess", "r-root"), "DuplicatePolicyAttachmentException");
  EXPECT_EQ(attach("p-FullAWSAccess", "r-root", "DetachPolicy"), "ConstraintViolationException");
  EXPECT_TRUE(world.organization.controls.empty());
}

TEST_F(SandboxServiceControlTest, APolicyBesideFullAccessKeepsItInForce) {
  const std::string id = make("no-iam");
  ASSERT_TRUE(id.starts_with("p-")) << id;
  EXPECT_EQ(make("no-iam"), "DuplicatePolicyException");
  EXPECT_EQ(attach(id, "ou-root-aaaaaaaa"), "{}");
  EXPECT_EQ(attach(id, "ou-root-aaaaaaaa"), "DuplicatePolicyAttachmentException");
  EXPECT_THAT(at("ou-root-aaaaaaaa"), testing::UnorderedElementsAre("p-FullAWSAccess", id));
  EXPECT_EQ(world.organization.controls.at("p-FullAWSAccess").targets, (std::vector<std::string>{"ou-root-aaaaaaaa"}));
  EXPECT_EQ(walk("ListTargetsForPolicy", "Targets", {{"PolicyId", id}}).ids,
            (std::vector<std::string>{"ou-root-aaaaaaaa"}));
  EXPECT_EQ(outcome("DeletePolicy", fmt::format(R"({{"PolicyId":"{}"}})", id)), "PolicyInUseException");
  EXPECT_EQ(attach(id, "ou-root-aaaaaaaa", "DetachPolicy"), "{}");
  EXPECT_EQ(attach(id, "ou-root-aaaaaaaa", "DetachPolicy"), "PolicyNotAttachedException");
  EXPECT_EQ(outcome("DeletePolicy", fmt::format(R"({{"PolicyId":"{}"}})", id)), "{}");
  EXPECT_EQ(outcome("DescribePolicy", fmt::format(R"({{"PolicyId":"{}"}})", id)), "PolicyNotFoundException");
}

TEST_F(SandboxServiceControlTest, FullAccessCanBeReplaced) {
  const std::string id = make("only-this");
  EXPECT_EQ(attach(id, "000000000042"), "{}");
  EXPECT_EQ(attach("p-FullAWSAccess", "000000000042", "DetachPolicy"), "{}");
  EXPECT_EQ(at("000000000042"), (std::vector<std::string>{id}));
  EXPECT_EQ(attach(id, "000000000042", "DetachPolicy"), "ConstraintViolationException");
  EXPECT_EQ(attach(id, "000000000043"), "TargetNotFoundException");
  EXPECT_EQ(attach("p-00000000", "000000000042"), "PolicyNotFoundException");
}

TEST_F(SandboxServiceControlTest, PoliciesAreCheckedAndChanged) {
  EXPECT_EQ(outcome("CreatePolicy", R"({"Name":"x","Type":"SERVICE_CONTROL_POLICY","Content":"{"})"),
            "MalformedPolicyDocumentException");
  EXPECT_EQ(outcome("CreatePolicy", R"({"Name":"x","Type":"TAG_POLICY","Content":"{}"})"),
            "PolicyTypeNotAvailableForOrganizationException");
  EXPECT_EQ(outcome("ListPolicies", R"({"Filter":"NONSENSE"})"), "InvalidInputException");
  EXPECT_EQ(outcome("ListPolicies", R"({"Filter":"TAG_POLICY"})"), R"({"Policies":[]})");
  const std::string id = make("old");
  EXPECT_EQ(call("UpdatePolicy", fmt::format(R"({{"PolicyId":"{}","Name":"new"}})", id))
                .at("Policy")
                .at("PolicySummary")
                .at("Name"),
            "new");
  EXPECT_EQ(outcome("UpdatePolicy", fmt::format(R"({{"PolicyId":"{}","Content":"no"}})", id)),
            "MalformedPolicyDocumentException");
  EXPECT_EQ(outcome("UpdatePolicy", R"({"PolicyId":"p-FullAWSAccess","Name":"new"})"), "InvalidInputException");
}

TEST_F(SandboxOrganizationsTest, TenThousandAccountsAreListedInFiveHundredPages) {
  for (int n = 1; n < 10'000; ++n) account(fmt::format("{:012}", n), "ou-root-bbbbbbbb");
  const Listed all = walk("ListAccounts", "Accounts");
  EXPECT_EQ(all.sizes.size(), 500u);
  EXPECT_EQ(all.ids.size(), 10'000u);
}

}  // namespace
}  // namespace rekeyer::sandbox
