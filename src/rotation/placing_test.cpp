// Accounts that an event names, placed in the scope: what is asked for that, and what is skipped.
#include "rotation/placing.hpp"

#include <gtest/gtest.h>

#include "fakes/rotation_bench.hpp"

namespace rekeyer::rotation {
namespace {

const AccountId member{"111111111111"};
const AccountId manager{"100000000000"};

/// Root r-1 over ou-a over ou-b, in which the member stands; the management account in the root.
class SmallOrganization final : public aws::OrganizationsReader {
 public:
  std::size_t described = 0;
  std::size_t walked = 0;
  std::optional<ErrorKind> refusal;

  ResultTask<aws::Organization> describe_organization() override {
    ++described;
    if (refusal) co_return fail(*refusal, "no");
    co_return aws::Organization{"o-1", manager};
  }
  ResultTask<std::optional<OuId>> parent_of(std::string child) override {
    static const std::map<std::string, std::string> parents{
        {"111111111111", "ou-b"}, {"ou-b", "ou-a"}, {"ou-a", "r-1"}, {"100000000000", "r-1"}};
    ++walked;
    const auto found = parents.find(child);
    if (found == parents.end()) co_return fail(ErrorKind::not_found, "You specified a child that doesn't exist.");
    co_return OuId(found->second);
  }
  ResultTask<aws::Page<aws::Account>> list_accounts(std::optional<std::string>) override {
    co_return fail(ErrorKind::access_denied, "an account is placed without a list of all");
  }
  ResultTask<std::vector<aws::Account>> accounts_of(OuId) override { co_return std::vector<aws::Account>{}; }
  ResultTask<std::vector<OuId>> units_of(OuId) override { co_return std::vector<OuId>{}; }
  ResultTask<std::vector<OuId>> roots() override { co_return std::vector<OuId>{}; }
  ResultTask<std::map<std::string, std::string>> tags_of(AccountId) override {
    co_return std::map<std::string, std::string>{};
  }
};

AccountTarget target_named(const AccountId& account) {
  AccountTarget target;
  target.id = account;
  return target;
}

Result<AccountTarget> place(SmallOrganization& organization, const ScopeSettings& scope, const AccountId& account,
                            bool need_ous = false) {
  fakes::Bench bench;
  const auto ask = [](aws::OrganizationsReader& from, ScopeSettings in, AccountTarget target,
                      bool ous) -> Task<Result<AccountTarget>> {
    auto placed_target = co_await placed(from, std::move(in), std::move(target), ous);
    co_return placed_target;
  };
  return bench.run(ask(organization, scope, target_named(account), need_ous)).value();
}

std::string why_skipped(const ScopeSettings& scope, const AccountId& account) {
  SmallOrganization organization;
  const auto target = place(organization, scope, account);
  return target ? target->skip.value_or("") : "failed: " + target.error().message;
}

TEST(Placing, AnAccountInScopeCostsOneQuestion) {
  SmallOrganization organization;
  const auto target = place(organization, {}, member);
  ASSERT_TRUE(target);
  EXPECT_FALSE(target->skip);
  EXPECT_EQ(organization.described, 1U);
  EXPECT_EQ(organization.walked, 0U);
}

TEST(Placing, WhatTheScopeLeavesOutIsSkippedWithTheReason) {
  ScopeSettings scope;
  EXPECT_EQ(why_skipped(scope, manager), "management account (organization.management_account = false)");
  scope.management_account = true;
  EXPECT_EQ(why_skipped(scope, manager), "");
  scope.exclude_accounts = {member};
  EXPECT_EQ(why_skipped(scope, member), "excluded by exclude_accounts");
  scope = {};
  scope.exclude_ous = {OuId("ou-a")};
  EXPECT_EQ(why_skipped(scope, member), "excluded by exclude_ous") << "at any depth";
  EXPECT_EQ(why_skipped(scope, AccountId("999999999999")), "not an account of this organization");
  scope = {};
  scope.include_ous = {OuId("ou-c")};
  EXPECT_EQ(why_skipped(scope, member), "not in scope: neither include_ous nor include_accounts selects it");
  scope.include_accounts = {member};
  EXPECT_EQ(why_skipped(scope, member), "");
}

TEST(Placing, RulesByOuFindTheOus) {
  SmallOrganization organization;
  const auto target = place(organization, {}, member, true);
  ASSERT_TRUE(target);
  EXPECT_EQ(target->ous, (std::vector{OuId("ou-b"), OuId("ou-a"), OuId("r-1")}));
}

TEST(Placing, WhatCannotBeAskedIsAFailureAndNoYes) {
  SmallOrganization organization;
  organization.refusal = ErrorKind::access_denied;
  EXPECT_EQ(place(organization, {}, member).error().kind, ErrorKind::access_denied);
  organization.refusal = ErrorKind::not_found;
  const auto alone = place(organization, {}, member);
  ASSERT_TRUE(alone);
  EXPECT_FALSE(alone->skip) << "without an organization there is no management account";
}

TEST(Placing, TheMapPlacesWithoutAQuestion) {
  ScopeSettings scope;
  scope.fixed_accounts = {{member, {"ann", "bob"}}, {AccountId("222222222222"), {"*"}}};
  EXPECT_EQ(placed_unasked(scope, target_named(manager)).skip, "not in [accounts]");
  auto target = placed_unasked(scope, target_named(member));
  EXPECT_EQ(target.users, (std::vector{UserName("ann"), UserName("bob")}));
  EXPECT_TRUE(target.users_required);
  target.users = {UserName("bob"), UserName("eve")};
  EXPECT_EQ(placed_unasked(scope, target).users, std::vector{UserName("bob")});
  target.users = {UserName("eve")};
  EXPECT_EQ(placed_unasked(scope, target).skip, "none of the users asked for is configured for this account");
  EXPECT_FALSE(placed_unasked(scope, target_named(AccountId("222222222222"))).skip);
}

TEST(Placing, WhatARunsInventoryHasListedIsLookedAtWithoutACall) {
  ScopeSettings scope;
  scope.exclude_accounts = {member};
  EXPECT_EQ(placed_unasked(scope, target_named(member)).skip, "excluded by exclude_accounts");
  scope = {};
  scope.exclude_ous = {OuId("ou-a")};
  auto target = target_named(member);
  EXPECT_FALSE(placed_unasked(scope, target).skip);
  target.ous = {OuId("ou-b"), OuId("ou-a")};
  EXPECT_EQ(placed_unasked(scope, target).skip, "excluded by exclude_ous");
}

}  // namespace
}  // namespace rekeyer::rotation
