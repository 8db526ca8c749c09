// Accounts: what is wrong with each, and accounts of which the same is true in one line.
#include "doctor/accounts.hpp"

#include <fmt/format.h>

#include "doctor/judgement_fixture.hpp"

namespace rekeyer::doctor {
namespace {

using testing::HasSubstr;

constexpr std::string_view guarded_trust = R"({"Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::1:root"},
    "Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:ExternalId":"hunter","aws:PrincipalOrgID":"o-1"}}}]})";
constexpr std::string_view open_trust = R"({"Statement":{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::1:root"},
    "Action":["sts:AssumeRole"]}})";

aws::Role role(std::string version, std::string_view trust = guarded_trust) {
  aws::Role role;
  role.arn = Arn("arn:aws:iam::111111111111:role/rekeyer-member");
  role.trust = trust;
  if (!version.empty()) role.tags["rekeyer:role-version"] = std::move(version);
  return role;
}

std::vector<aws::SimulatedAction> all_allowed() { return {{"iam:CreateAccessKey", true, false, {}, {}, {}}}; }

AccountFacts fine_account(int number) {
  AccountFacts facts;
  facts.id = AccountId(fmt::format("{:012}", number));
  facts.role = Result<aws::Role>(role("2-apply"));
  facts.users = Simulated(all_allowed());
  facts.secrets = Simulated(all_allowed());
  facts.store = Result<>{};
  return facts;
}

AccountsFacts accounts(std::vector<AccountFacts> list) {
  AccountsFacts facts;
  facts.role = RoleName("rekeyer-member");
  facts.external_id = "hunter";
  facts.store_region = Region("us-east-1");
  facts.accounts = std::move(list);
  return facts;
}

TEST(DoctorAccounts, ThatAreFineAreToldOfInOneLineEach) {
  std::vector<AccountFacts> list;
  for (int i = 412; i >= 1; --i) list.push_back(fine_account(i));
  const auto checks = judge(accounts(std::move(list)));
  EXPECT_EQ(
      lines_of(checks),
      "ok accounts.scope\nok accounts.role\nok accounts.external-id\nok accounts.role-version\nok accounts.users\n"
      "ok accounts.secrets\nok accounts.store-region\n");
  const auto check = of(checks, Topic::accounts_role);
  EXPECT_EQ(check.finding, "412 accounts: the role can be assumed");
  EXPECT_EQ(check.accounts.size(), 412U);
  EXPECT_EQ(check.accounts.front().str(), "000000000001");
}

TEST(DoctorAccounts, WhoseSecretsCanNotBeLockedGetNoKey) {
  auto account = fine_account(1);
  account.lockable = false;
  auto facts = accounts({account});
  EXPECT_EQ(lines_of(judge(facts)).find("accounts.locks"), std::string::npos) << "then secrets are used without one";
  facts.lock_chosen = true;
  const auto check = of(judge(facts), Topic::accounts_locks);
  EXPECT_EQ(check.status, Status::problem);
  EXPECT_THAT(check.finding, HasSubstr("no user gets a key"));
}

TEST(DoctorAccounts, WhoseSecretsCanNotBeListedAreNotCounted) {
  auto denied = fine_account(1);
  denied.locks = Result<LockCounts>(refused(ErrorKind::access_denied));
  auto counted = fine_account(2);
  counted.locks = LockCounts{1, 1, 0, 0};
  std::string lines = lines_of(judge(accounts({denied, counted})));
  lines = lines.substr(lines.find("not checked"));
  EXPECT_EQ(lines, "not checked accounts.locks\nwarning accounts.locks\nok accounts.proofs\n");
}

TEST(DoctorAccounts, ASwitchedOffRegionOfTheCallerIsNoMissingRole) {
  auto account = fine_account(1);
  account.entered =
      fail(Error{ErrorKind::access_denied, "STS is not activated", "RegionDisabledException", "sts:AssumeRole", ""});
  account.role.reset();
  account.users.reset();
  account.secrets.reset();
  account.store.reset();
  const auto check = of(judge(accounts({account})), Topic::accounts_role);
  EXPECT_EQ(check.status, Status::problem);
  EXPECT_THAT(check.finding, HasSubstr("STS is switched off in the caller's region"));
}

TEST(DoctorAccounts, ThoseWithoutTheRoleStandTogether) {
  auto missing = fine_account(2);
  missing.entered = fail(Error{ErrorKind::access_denied, "User arn:… may not", "AccessDenied", "sts:AssumeRole", "r1"});
  missing.role.reset();
  missing.users.reset();
  missing.secrets.reset();
  missing.store.reset();
  auto other = missing;
  other.id = AccountId("000000000003");
  other.entered.error().request_id = "r2";
  const auto checks = judge(accounts({fine_account(1), other, missing}));
  std::vector<Check> roles;
  std::ranges::copy_if(checks, std::back_inserter(roles),
                       [](const auto& c) { return c.topic == Topic::accounts_role; });
  ASSERT_EQ(roles.size(), 2U);
  const auto& bad = roles[0].status == Status::problem ? roles[0] : roles[1];
  EXPECT_THAT(bad.finding, HasSubstr("2 accounts: the role rekeyer-member can't be assumed"));
  EXPECT_THAT(bad.finding, HasSubstr("another external id"));
  EXPECT_THAT(bad.remedy, HasSubstr("StackSet"));
  EXPECT_EQ(bad.accounts, (std::vector{AccountId("000000000002"), AccountId("000000000003")}));
  EXPECT_EQ(of(checks, Topic::accounts_users).accounts.size(), 1U) << "nothing is known of those";
}

TEST(DoctorAccounts, AFailureThatIsNoDenialSaysNothingOfTheRole) {
  auto account = fine_account(1);
  account.entered = refused(ErrorKind::throttled);
  EXPECT_EQ(status_of(judge(accounts({account})), Topic::accounts_role), "not checked");
}

TEST(DoctorAccounts, TheRolesEditionIsJudgedByItsTag) {
  struct Row {
    std::string_view tag;
    rotation::Mode mode;
    std::string_view status;
  };
  using enum rotation::Mode;
  for (const auto& [tag, mode, status] : std::vector<Row>{Row{"2-apply", apply, "ok"},
                                                          {"2-plan", plan, "ok"},
                                                          {"2-plan", apply, "problem"},
                                                          {"2-apply", plan, "warning"},
                                                          {"1-apply", apply, "problem"},
                                                          {"1-plan", plan, "problem"},
                                                          {"0-apply", apply, "warning"},
                                                          {"3-apply", apply, "warning"},
                                                          {"", apply, "warning"},
                                                          {"apply", apply, "warning"},
                                                          {"2", apply, "warning"},
                                                          {"2-everything", apply, "warning"},
                                                          {"x-apply", apply, "warning"}}) {
    auto account = fine_account(1);
    account.role = Result<aws::Role>(role(std::string(tag)));
    auto facts = accounts({account});
    facts.mode = mode;
    EXPECT_EQ(status_of(judge(facts), Topic::accounts_role_version), status) << tag;
  }
}

TEST(DoctorAccounts, TheTrustMustAskForTheConfiguredExternalId) {
  auto account = fine_account(1);
  account.role = Result<aws::Role>(role("2-apply", open_trust));
  auto facts = accounts({account});
  EXPECT_EQ(status_of(judge(facts), Topic::accounts_external_id), "warning");
  facts.external_id.clear();
  EXPECT_EQ(status_of(judge(facts), Topic::accounts_external_id), "ok");
  facts.external_id = "hunter";
  facts.accounts[0].role = Result<aws::Role>(role("2-apply", "no policy"));
  EXPECT_EQ(status_of(judge(facts), Topic::accounts_external_id), "not checked");
  facts.accounts[0].role = Result<aws::Role>(refused(ErrorKind::access_denied));
  EXPECT_EQ(status_of(judge(facts), Topic::accounts_external_id), "not checked");
  EXPECT_EQ(status_of(judge(facts), Topic::accounts_role_version), "not checked");
}

TEST(DoctorAccounts, TheStoresRegionIsTriedInEach) {
  struct Row {
    ErrorKind kind;
    std::string code;
    std::string_view status;
  };
  for (const auto& [kind, code, status] :
       std::vector<Row>{Row{ErrorKind::credentials_invalid, "UnrecognizedClientException", "problem"},
                        {ErrorKind::access_denied, "AccessDeniedException", "problem"},
                        {ErrorKind::server_fault, "InternalServiceError", "not checked"}}) {
    auto account = fine_account(1);
    account.store = Result<>(refused(kind, code));
    EXPECT_EQ(status_of(judge(accounts({account})), Topic::accounts_store_region), status) << code;
  }
}

TEST(DoctorAccounts, WhatIsSkippedIsCountedWithItsReason) {
  auto facts = accounts({fine_account(1)});
  facts.skipped = {{AccountId("000000000002"), "account is suspended"},
                   {AccountId("000000000003"), "account is suspended"}};
  EXPECT_EQ(of(judge(facts), Topic::accounts_scope).finding, "1 account in scope; 2 skipped: account is suspended");
  facts.accounts.clear();
  EXPECT_EQ(status_of(judge(facts), Topic::accounts_scope), "problem");
  facts.listing = refused(ErrorKind::access_denied).error();
  EXPECT_EQ(status_of(judge(facts), Topic::accounts_scope), "problem");
}

TEST(DoctorAccounts, ANameThatNothingHasIsToldWithItsPlace) {
  auto facts = accounts({fine_account(1)});
  facts.unknown = {"--account: 999999999999 is not an account of this organization"};
  const auto check = of(judge(facts), Topic::accounts_scope);
  EXPECT_EQ(check.status, Status::problem);
  EXPECT_EQ(check.finding, facts.unknown.front());
}

}  // namespace
}  // namespace rekeyer::doctor
