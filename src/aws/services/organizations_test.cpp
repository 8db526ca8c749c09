// The Organizations client: states old and new, empty pages, lists that would never end.
#include "aws/services/organizations.hpp"

#include <gtest/gtest.h>

#include "fakes/call_bench.hpp"

namespace rekeyer::aws {
namespace {

using fakes::CallBench;

std::string account(std::string_view id, std::string_view more) {
  return fmt::format(R"({{"Id":"{}","Arn":"arn:x","Name":"n","Email":"e@x"{}}})", id, more);
}

class OrganizationsTest : public testing::Test {
 protected:
  std::string kind(const auto& result) { return result ? "ok" : std::string(name(result.error().kind)); }
  void always(const std::string& body) {
    for (int i = 0; i < 8; ++i) bench.transport.reply(200, body);
  }
  CallBench bench;
  OrganizationsClient organizations{bench.caller, bench.principal()};
};

TEST_F(OrganizationsTest, DescribesItself) {
  bench.transport.reply(200, R"({"Organization":{"Id":"o-1","MasterAccountId":"000000000001","FeatureSet":"ALL"}})");
  const auto organization = bench.run(organizations.describe_organization());
  ASSERT_TRUE(organization) << describe(organization.error());
  EXPECT_EQ(organization->id, "o-1");
  EXPECT_EQ(organization->management_account.str(), "000000000001");
  EXPECT_EQ(bench.transport.sent[0].body, "{}");
  EXPECT_EQ(bench.transport.sent[0].header("X-Amz-Target"), "AWSOrganizationsV20161128.DescribeOrganization");
  EXPECT_EQ(bench.transport.sent[0].url, "https://organizations.us-east-1.amazonaws.com/");

  bench.transport.json_error(400, "AWSOrganizationsNotInUseException", "not a member");
  EXPECT_EQ(kind(bench.run(organizations.describe_organization())), "not_found");
  bench.transport.json_error(400, "com.amazonaws.organizations#AccessDeniedException");
  EXPECT_EQ(kind(bench.run(organizations.describe_organization())), "access_denied");
  always("{}");
  EXPECT_EQ(kind(bench.run(organizations.describe_organization())), "bad_reply");
}

TEST_F(OrganizationsTest, StateComesBeforeStatus) {
  const auto state = [&](std::string_view members) -> std::string {
    always(fmt::format(R"({{"Accounts":[{}]}})", account("111111111111", members)));
    const auto page = bench.run(organizations.list_accounts(std::nullopt));
    while (!bench.transport.finished()) static_cast<void>(bench.run(organizations.list_accounts(std::nullopt)));
    return page ? std::string(name(page->items.at(0).state)) : std::string(name(page.error().kind));
  };
  EXPECT_EQ(state(R"(,"State":"ACTIVE")"), "active");
  EXPECT_EQ(state(R"(,"State":"PENDING_ACTIVATION","Status":"ACTIVE")"), "pending_activation");
  EXPECT_EQ(state(R"(,"State":"CLOSED","Status":"SUSPENDED")"), "closed");
  EXPECT_EQ(state(R"(,"Status":"ACTIVE")"), "active");
  EXPECT_EQ(state(R"(,"State":null,"Status":"SUSPENDED")"), "suspended");
  EXPECT_EQ(state(R"(,"State":"PENDING_CLOSURE")"), "pending_closure");
  EXPECT_EQ(state(R"(,"State":"SOMETHING_NEW","Status":"ACTIVE")"), "other");
  EXPECT_EQ(state(""), "bad_reply");
  EXPECT_EQ(state(R"(,"State":"")"), "bad_reply");
}

TEST_F(OrganizationsTest, PagesAreHandedOutOneByOneEmptyOnesIncluded) {
  bench.transport.reply(200, R"({"Accounts":[],"NextToken":"t1"})");
  bench.transport.reply(
      200, fmt::format(R"({{"Accounts":[{}],"NextToken":null}})",
                       account("000000000042", R"(,"State":"ACTIVE","Paths":["o-1/r-1/ou-1/000000000042/"])")));
  const auto first = bench.run(organizations.list_accounts(std::nullopt));
  ASSERT_TRUE(first);
  EXPECT_TRUE(first->items.empty());
  EXPECT_EQ(first->next, "t1");
  const auto second = bench.run(organizations.list_accounts(first->next));
  ASSERT_TRUE(second);
  EXPECT_EQ(second->items.at(0).id.str(), "000000000042");
  EXPECT_EQ(second->items.at(0).paths.at(0), "o-1/r-1/ou-1/000000000042/");
  EXPECT_FALSE(second->next);
  EXPECT_EQ(bench.transport.sent[0].body, R"({"MaxResults":20})");
  EXPECT_EQ(bench.transport.sent[1].body, R"({"MaxResults":20,"NextToken":"t1"})");
}

TEST_F(OrganizationsTest, AnAnswerWithoutTheListIsNotAnEmptyList) {
  always("{}");
  EXPECT_EQ(kind(bench.run(organizations.list_accounts(std::nullopt))), "bad_reply");
  always(R"({"Accounts":[{"Name":"no id","State":"ACTIVE"}]})");
  EXPECT_EQ(kind(bench.run(organizations.list_accounts(std::nullopt))), "bad_reply");
  always(R"({"Accounts":[{"Id":42,"State":"ACTIVE"}]})");
  EXPECT_EQ(kind(bench.run(organizations.list_accounts(std::nullopt))), "bad_reply");
}

TEST_F(OrganizationsTest, APageThatContinuesWithItselfFails) {
  bench.transport.reply(200, R"({"Accounts":[],"NextToken":"t1"})");
  EXPECT_EQ(kind(bench.run(organizations.list_accounts("t1"))), "bad_reply");
  for (const char* token : {"a", "b", "a"}) {
    bench.transport.reply(200, fmt::format(R"({{"Accounts":[],"NextToken":"{}"}})", token));
  }
  EXPECT_EQ(kind(bench.run(organizations.accounts_of(OuId("ou-1")))), "bad_reply");
}

TEST_F(OrganizationsTest, TheTreeIsReadToItsEnd) {
  bench.transport.reply(200, R"({"Roots":[{"Id":"r-1"}]})");
  EXPECT_EQ(bench.run(organizations.roots()).value(), std::vector{OuId("r-1")});

  bench.transport.reply(200, R"({"OrganizationalUnits":[{"Id":"ou-1"}],"NextToken":"t"})");
  bench.transport.reply(200, R"({"OrganizationalUnits":[],"NextToken":"u"})");
  bench.transport.reply(200, R"({"OrganizationalUnits":[{"Id":"ou-2"}]})");
  EXPECT_EQ(bench.run(organizations.units_of(OuId("r-1"))).value(), (std::vector{OuId("ou-1"), OuId("ou-2")}));
  EXPECT_EQ(bench.transport.sent.back().body, R"({"ParentId":"r-1","MaxResults":20,"NextToken":"u"})");

  bench.transport.reply(200, fmt::format(R"({{"Accounts":[{}]}})", account("111111111111", R"(,"State":"ACTIVE")")));
  EXPECT_EQ(bench.run(organizations.accounts_of(OuId("ou-1"))).value().size(), 1u);

  bench.transport.reply(200, R"({"Parents":[{"Id":"ou-1","Type":"ORGANIZATIONAL_UNIT"}]})");
  EXPECT_EQ(bench.run(organizations.parent_of("111111111111")).value(), OuId("ou-1"));
  EXPECT_TRUE(bench.transport.sent.back().has(R"("ChildId":"111111111111")"));
  bench.transport.reply(200, R"({"Parents":[]})");
  EXPECT_EQ(bench.run(organizations.parent_of("r-1")).value(), std::nullopt);
  bench.transport.reply(200, R"({"Parents":[{"Id":"ou-1"},{"Id":"ou-2"}]})");
  EXPECT_EQ(kind(bench.run(organizations.parent_of("111111111111"))), "bad_reply");
}

TEST_F(OrganizationsTest, TagsAreReadToTheirEnd) {
  bench.transport.reply(200, R"({"Tags":[{"Key":"owner","Value":"a@x"}],"NextToken":"t"})");
  bench.transport.reply(200, R"({"Tags":[{"Key":"empty","Value":""}]})");
  EXPECT_EQ(bench.run(organizations.tags_of(AccountId("111111111111"))).value(),
            (std::map<std::string, std::string>{{"empty", ""}, {"owner", "a@x"}}));
  EXPECT_EQ(bench.transport.sent[0].header("X-Amz-Target"), "AWSOrganizationsV20161128.ListTagsForResource");
  EXPECT_EQ(bench.transport.sent[0].body, R"({"ResourceId":"111111111111"})");
  EXPECT_EQ(bench.transport.sent[1].body, R"({"ResourceId":"111111111111","NextToken":"t"})");
  bench.transport.json_error(400, "TargetNotFoundException");
  EXPECT_EQ(kind(bench.run(organizations.tags_of(AccountId("222222222222")))), "not_found");
}

TEST_F(OrganizationsTest, AThrottleIsWaitedOut) {
  bench.transport.json_error(400, "TooManyRequestsException").reply(200, R"({"Accounts":[]})");
  EXPECT_EQ(kind(bench.run(organizations.list_accounts(std::nullopt))), "ok");
  ASSERT_EQ(bench.transport.sent.size(), 2U);
  EXPECT_LT(bench.transport.sent.at(0).at, bench.transport.sent.at(1).at) << "not at once";
}

}  // namespace
}  // namespace rekeyer::aws
