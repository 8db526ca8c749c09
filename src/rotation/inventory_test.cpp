// Which accounts a run visits: scope, flags, states, OUs, and lists that fail half way.
#include "rotation/inventory.hpp"

#include <gmock/gmock.h>

#include <functional>

#include "fakes/rotation_bench.hpp"
#include "rotation/run.hpp"

namespace rekeyer::rotation {
namespace {

/// An organization whose accounts nobody has listed yet.
class FakeOrganizationsBase : public aws::OrganizationsReader {
 public:
  std::map<std::string, std::string> parents;
  std::size_t parent_calls = 0;

  ResultTask<aws::Organization> describe_organization() override {
    co_return aws::Organization{"o-1", AccountId("100000000000")};
  }
  ResultTask<std::optional<OuId>> parent_of(std::string child) override {
    ++parent_calls;
    if (child.starts_with("r-")) co_return std::optional<OuId>();
    if (!parents.contains(child)) co_return fail(ErrorKind::not_found, "You specified a child that doesn't exist.");
    co_return OuId(parents.at(child));
  }
  ResultTask<std::vector<aws::Account>> accounts_of(OuId) override { co_return std::vector<aws::Account>{}; }
  ResultTask<std::vector<OuId>> units_of(OuId) override { co_return std::vector<OuId>{}; }
  ResultTask<std::vector<OuId>> roots() override { co_return std::vector<OuId>{}; }
  ResultTask<std::map<std::string, std::string>> tags_of(AccountId) override {
    co_return std::map<std::string, std::string>{};
  }
};

/// Root r-1 over ou-a (with ou-b inside) and ou-c; account N1 directly in the root.
class FakeOrganizations final : public FakeOrganizationsBase {
 public:
  std::vector<aws::Page<aws::Account>> pages;
  std::optional<std::size_t> fail_at_page;

  ResultTask<aws::Page<aws::Account>> list_accounts(std::optional<std::string> next) override {
    const std::size_t page = next ? std::stoul(*next) : 0;
    if (fail_at_page == page) co_return fail(ErrorKind::throttled, "too many requests");
    co_return pages.at(page);
  }
};

aws::Account account(const std::string& id, aws::AccountState state = aws::AccountState::active) {
  aws::Account result;
  result.id = AccountId(id);
  result.name = "name-" + id;
  result.state = state;
  return result;
}

FakeOrganizations organization() {
  FakeOrganizations fake;
  fake.pages = {{{account("100000000000"), account("111111111111")}, "1"},
                {{}, "2"},  // an empty page with a token
                {{account("222222222222"), account("333333333333", aws::AccountState::suspended),
                  account("111111111111")},  // moved between two pages
                 std::nullopt}};
  fake.parents = {{"111111111111", "ou-b"}, {"222222222222", "ou-c"}, {"333333333333", "ou-c"}, {"100000000000", "r-1"},
                  {"ou-b", "ou-a"},         {"ou-a", "r-1"},          {"ou-c", "r-1"}};
  return fake;
}

/// What a source misses once it has ended; empty where it may not say.
std::vector<std::string> missed(AccountSource& source) {
  fakes::Bench bench;
  const auto read = [](AccountSource& from) -> Task<std::vector<std::string>> {
    for (;;) {
      const auto next = co_await from.next();
      if (!next || !*next) break;
    }
    auto unknown = co_await from.unknown_names();
    co_return std::move(unknown).value();
  };
  return bench.run(read(source)).value();
}

struct Listed {
  std::string text;  ///< "111111111111 222222222222(skip: …)"
  std::optional<Error> failure;
};

Listed list(AccountSource& source) {
  fakes::Bench bench;
  Listed listed;
  const auto read = [](AccountSource& from, Listed& into) -> Task<int> {
    for (;;) {
      auto next = co_await from.next();
      if (!next) {
        into.failure = next.error();
        co_return 0;
      }
      if (!*next) co_return 0;
      if (!into.text.empty()) into.text += ' ';
      into.text += (*next)->id.str();
      if ((*next)->skip) into.text += "(skipped)";
    }
  };
  bench.run(read(source, listed));
  return listed;
}

TEST(Inventory, HandsOutEveryAccountOnceAndSaysWhichAreSkipped) {
  auto fake = organization();
  const auto source = organization_source(fake, {}, {}, false);
  EXPECT_EQ(list(*source).text, "100000000000(skipped) 111111111111 222222222222 333333333333(skipped)");
  EXPECT_EQ(fake.parent_calls, 0u) << "nobody asked where accounts stand";
}

TEST(Inventory, FollowsNestedOus) {
  auto fake = organization();
  ScopeSettings scope;
  scope.include_ous = {OuId("ou-a")};
  EXPECT_EQ(list(*organization_source(fake, scope, {}, false)).text, "111111111111");
  EXPECT_LE(fake.parent_calls, 7u) << "an OU's parent is asked for once";
}

TEST(Inventory, ExcludesByOuAndByAccountAndSaysSo) {
  auto fake = organization();
  ScopeSettings scope;
  scope.exclude_ous = {OuId("ou-c")};
  scope.exclude_accounts = {AccountId("111111111111")};
  EXPECT_EQ(list(*organization_source(fake, scope, {}, false)).text,
            "100000000000(skipped) 111111111111(skipped) 222222222222(skipped) 333333333333(skipped)");
}

TEST(Inventory, FlagsNarrowAndNeverWiden) {
  auto fake = organization();
  ScopeSettings scope;
  scope.exclude_accounts = {AccountId("222222222222")};
  Filter filter;
  filter.accounts = {AccountId("222222222222"), AccountId("999999999999")};
  EXPECT_EQ(list(*organization_source(fake, scope, filter, false)).text, "222222222222(skipped) 999999999999(skipped)");
}

TEST(Inventory, PathsOfAccountsSaveTheWalk) {
  auto fake = organization();
  fake.pages[0].items[1].paths = {"o-1/r-1/ou-a/ou-b/111111111111/"};
  fake.pages.resize(1);
  fake.pages[0].next.reset();
  fake.pages[0].items.erase(fake.pages[0].items.begin());
  ScopeSettings scope;
  scope.include_ous = {OuId("ou-a")};
  EXPECT_EQ(list(*organization_source(fake, scope, {}, false)).text, "111111111111");
  EXPECT_EQ(fake.parent_calls, 0u);
}

TEST(Inventory, FailureAfterAPageIsAFailureNotAnEnd) {
  auto fake = organization();
  fake.fail_at_page = 2;
  const auto listed = list(*organization_source(fake, {}, {}, false));
  EXPECT_EQ(listed.text, "100000000000(skipped) 111111111111");
  ASSERT_TRUE(listed.failure);
  EXPECT_EQ(listed.failure->kind, ErrorKind::throttled);
}

TEST(Inventory, NamesWhatTheOrganizationDoesNotHave) {
  auto fake = organization();
  ScopeSettings scope;
  scope.include_accounts = {AccountId("111111111112"), AccountId("222222222222")};
  scope.exclude_accounts = {AccountId("333333333333")};
  scope.include_ous = {OuId("ou-a")};
  scope.exclude_ous = {OuId("ou-d")};
  Filter filter;
  filter.accounts = {AccountId("999999999999")};
  filter.ous = {OuId("ou-b"), OuId("r-9")};
  EXPECT_EQ(missed(*organization_source(fake, scope, {}, false)),
            (std::vector<std::string>{
                "organization.include_accounts 111111111112: not an account of this organization; did you mean "
                "111111111111?",
                "organization.exclude_ous ou-d: no OU of this organization; did you mean ou-a?"}));
  fake = organization();
  const auto unknown = missed(*organization_source(fake, {}, filter, false));
  ASSERT_FALSE(unknown.empty());
  EXPECT_EQ(unknown.front(), "--account 999999999999: not an account of this organization");
}

TEST(Inventory, NamesWhatRulesAndExemptionsAreForAndTheOrganizationDoesNotHave) {
  auto fake = organization();
  ScopeSettings scope;
  scope.matched_accounts = {{"rekeyer.toml:2: match.account", AccountId("222222222222")},
                            {"rekeyer.toml:5: match.account", AccountId("222222222223")}};
  scope.matched_ous = {{"rekeyer.toml:8: match.ou", OuId("ou-a")}, {"rekeyer.toml:11: match.ou", OuId("ou-d")}};
  EXPECT_TRUE(names_something(scope, {}));
  EXPECT_EQ(
      missed(*organization_source(fake, scope, {}, true)),
      (std::vector<std::string>{"rekeyer.toml:5: match.account 222222222223: not an account of this organization; "
                                "did you mean 222222222222?",
                                "rekeyer.toml:11: match.ou ou-d: no OU of this organization; did you mean ou-a?"}));
}

TEST(Inventory, AnOuWithoutAccountsIsThere) {
  auto fake = organization();
  fake.parents["ou-empty"] = "ou-a";
  ScopeSettings scope;
  scope.exclude_ous = {OuId("ou-empty"), OuId("r-1")};
  EXPECT_TRUE(missed(*organization_source(fake, scope, {}, false)).empty());
}

TEST(Inventory, NamesWhatTheMapDoesNotHave) {
  ScopeSettings scope;
  scope.fixed_accounts = {{AccountId("111111111111"), {"ann", "bob"}}, {AccountId("222222222222"), {"eve"}}};
  Filter filter;
  filter.accounts = {AccountId("111111111111"), AccountId("222222222223")};
  filter.users = {UserName("ann"), UserName("bobb"), UserName("eve")};
  filter.ous = {OuId("ou-a")};
  EXPECT_EQ(
      missed(*fixed_source(scope, filter)),
      (std::vector<std::string>{"--account 222222222223: not in [accounts]; did you mean 222222222222?",
                                "--ou ou-a: with [accounts] the organization is not asked where an account stands",
                                "--user bobb: no user that [accounts] names there; did you mean bob?",
                                "--user eve: no user that [accounts] names there"}));
  filter = {};
  EXPECT_TRUE(missed(*fixed_source(scope, filter)).empty());
}

/// Gives the same accounts for ever, each page with a continuation that was not there before.
class EndlessOrganizations final : public FakeOrganizationsBase {
 public:
  std::function<void(std::size_t)> on_page;
  std::size_t calls = 0;

  ResultTask<aws::Page<aws::Account>> list_accounts(std::optional<std::string> /*next*/) override {
    ++calls;
    if (on_page) on_page(calls);
    co_return aws::Page<aws::Account>{{account("111111111111")}, std::to_string(calls)};
  }
};

TEST(Inventory, AListThatNeverGetsFurtherIsAFailure) {
  EndlessOrganizations fake;
  const auto listed = list(*organization_source(fake, {}, {}, false));
  EXPECT_EQ(listed.text, "111111111111");
  ASSERT_TRUE(listed.failure);
  EXPECT_EQ(listed.failure->kind, ErrorKind::bad_reply);
  EXPECT_LE(fake.calls, 101u);
}

TEST(Inventory, APageThatContinuesAtAnEarlierOneIsAFailure) {
  auto fake = organization();
  fake.pages[2].next = "1";
  const auto listed = list(*organization_source(fake, {}, {}, false));
  ASSERT_TRUE(listed.failure);
  EXPECT_EQ(listed.failure->kind, ErrorKind::bad_reply);
  EXPECT_THAT(listed.failure->message, ::testing::HasSubstr("repeats itself"));
}

TEST(Inventory, AStopEndsAListThatHasNoEnd) {
  EndlessOrganizations fake;
  StopFlag stop;
  fake.on_page = [&stop](std::size_t page) {
    if (page == 7) stop.request();
  };
  const auto listed = list(*organization_source(fake, {}, {}, false, &stop));
  ASSERT_TRUE(listed.failure);
  EXPECT_EQ(listed.failure->kind, ErrorKind::cancelled);
  EXPECT_EQ(fake.calls, 7u);
}

TEST(Inventory, FixedMapAsksNobody) {
  ScopeSettings scope;
  scope.fixed_accounts = {{AccountId("111111111111"), {"ann", "bob"}}, {AccountId("222222222222"), {"*"}}};
  const auto source = fixed_source(scope, {});
  fakes::Bench bench;
  const auto read = [](AccountSource& from) -> Task<std::vector<AccountTarget>> {
    std::vector<AccountTarget> targets;
    for (;;) {
      auto next = co_await from.next();
      if (!*next) co_return targets;
      targets.push_back(**next);
    }
  };
  const auto targets = bench.run(read(*source)).value();
  ASSERT_EQ(targets.size(), 2u);
  EXPECT_EQ(targets[0].users, (std::vector{UserName("ann"), UserName("bob")}));
  EXPECT_TRUE(targets[0].users_required);
  EXPECT_TRUE(targets[1].users.empty());
}

}  // namespace
}  // namespace rekeyer::rotation
