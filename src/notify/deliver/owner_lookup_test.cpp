// Owners with the questions to AWS that they cost: as few as the chain allows, each once, and none of them fatal for
// good.
#include "notify/deliver/owner_lookup.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/concurrency.hpp"
#include "fakes/virtual_time.hpp"

namespace rekeyer::notify {
namespace {

/// Answers from maps, after a second, and counts.
class FakeContacts final : public ContactSource {
 public:
  explicit FakeContacts(Clock& clock) : clock_(clock) {}

  ResultTask<std::map<std::string, std::string>> account_tags(AccountId account) override {
    asked.push_back(fmt::format("tags of {}", account));
    co_await clock_.sleep_until(clock_.now() + std::chrono::seconds{1});
    if (tags_failure) co_return fail(*tags_failure);
    co_return tags[account];
  }
  ResultTask<std::optional<std::string>> alternate_contact(AccountId account, std::string kind) override {
    asked.push_back(fmt::format("{} of {}", kind, account));
    co_await clock_.sleep_until(clock_.now() + std::chrono::seconds{1});
    if (contact_failure) co_return fail(*contact_failure);
    const auto found = contacts.find({account, kind});
    if (found == contacts.end()) co_return std::optional<std::string>{};
    co_return std::optional(found->second);
  }

  std::vector<std::string> asked;
  std::map<AccountId, std::map<std::string, std::string>> tags;
  std::map<std::pair<AccountId, std::string>, std::string> contacts;
  std::optional<Error> tags_failure;
  std::optional<Error> contact_failure;

 private:
  Clock& clock_;
};

const AccountId one("111111111111");
const AccountId two("222222222222");

rotation::UserNotices user(const AccountId& account, std::string tag = {}) {
  rotation::UserNotices notices;
  notices.subject.account = account;
  if (!tag.empty()) notices.subject.tags["owner"] = std::move(tag);
  notices.account_email = "root@example.com";
  return notices;
}

class OwnerLookup : public testing::Test {
 protected:
  /// "source: addresses", or the failure; for each user, all looked for at once.
  std::vector<std::string> told(std::vector<rotation::UserNotices> users) {
    std::vector<std::string> all(users.size());
    for (std::size_t i = 0; i < users.size(); ++i) time.begin(look(users[i], all[i]));
    EXPECT_TRUE(time.run()) << "somebody waits for nothing";
    return all;
  }
  std::string told(rotation::UserNotices user) { return told(std::vector{std::move(user)}).front(); }

  Task<void> look(rotation::UserNotices user, std::string& into) {
    const auto owners = co_await resolver.owners_of(std::move(user));
    into = owners ? owners->source : std::string(name(owners.error().kind));
  }

  fakes::VirtualTime time;
  FakeContacts contacts{time.clock};
  OwnerSettings settings;
  OwnerResolver resolver{settings, contacts};
};

TEST_F(OwnerLookup, AUserWithATagCostsNothing) {
  EXPECT_EQ(told(user(one, "ann@example.com")), "user tag owner");
  EXPECT_TRUE(contacts.asked.empty());
}

TEST_F(OwnerLookup, AsksOnlyAsFarAsTheChainGoes) {
  contacts.tags[one]["Owner"] = "blue@example.com";
  EXPECT_EQ(told(user(one)), "account tag owner");
  EXPECT_EQ(contacts.asked, std::vector<std::string>{"tags of 111111111111"});
  contacts.contacts[{two, "operations"}] = "o@example.com";
  EXPECT_EQ(told(user(two)), "alternate contact operations");
  EXPECT_EQ(contacts.asked.size(), 4U);
}

TEST_F(OwnerLookup, AnAccountIsAskedOnceHoweverManyUsersWait) {
  const auto all = told(std::vector<rotation::UserNotices>(50, user(one)));
  EXPECT_EQ(std::ranges::count(all, "account e-mail"), 50);
  EXPECT_EQ(told(user(one)), "account e-mail");
  EXPECT_EQ(contacts.asked, (std::vector<std::string>{"tags of 111111111111", "security of 111111111111",
                                                      "operations of 111111111111"}));
  EXPECT_TRUE(resolver.problems().empty());
}

TEST_F(OwnerLookup, ADeniedReadIsNotedOnceAndTheChainGoesOn) {
  contacts.tags_failure = Error{ErrorKind::access_denied, "not authorized", "AccessDeniedException",
                                "organizations:ListTagsForResource", ""};
  contacts.contact_failure =
      Error{ErrorKind::access_denied, "not authorized", "AccessDeniedException", "account:GetAlternateContact", ""};
  EXPECT_EQ(told(user(one)), "account e-mail");
  EXPECT_EQ(told(user(two)), "account e-mail");
  EXPECT_EQ(contacts.asked, (std::vector<std::string>{"tags of 111111111111", "security of 111111111111"}))
      << "what is denied once is denied for every account";
  ASSERT_EQ(resolver.problems().size(), 2U);
  EXPECT_EQ(resolver.problems()[0],
            "tags of accounts can't be read, so owners are looked for without them: organizations:ListTagsForResource: "
            "AccessDeniedException: not authorized");
  EXPECT_NE(resolver.problems()[1].find("alternate contacts of accounts"), std::string::npos);
}

TEST_F(OwnerLookup, WhatIsRefusedForOneAccountIsAskedForOthers) {
  contacts.tags_failure = Error{ErrorKind::rejected, "no such target", "TargetNotFoundException", "", ""};
  EXPECT_EQ(told(user(one)), "account e-mail");
  contacts.tags_failure.reset();
  contacts.tags[two]["owner"] = "blue@example.com";
  EXPECT_EQ(told(user(two)), "account tag owner");
  EXPECT_EQ(resolver.problems().size(), 1U);
}

TEST_F(OwnerLookup, AThrottledReadTellsNobodyInTheOwnersPlace) {
  contacts.tags_failure = Error{ErrorKind::throttled, "slow down", "TooManyRequestsException", "", ""};
  const auto all = told({user(one), user(one), user(one, "ann@example.com")});
  EXPECT_EQ(all, (std::vector<std::string>{"throttled", "throttled", "user tag owner"}));
  EXPECT_EQ(contacts.asked.size(), 1U) << "the failure holds for the run";
  EXPECT_TRUE(resolver.problems().empty());
}

TEST_F(OwnerLookup, AccountsAreAskedSideBySide) {
  std::vector<rotation::UserNotices> users;
  for (int i = 0; i < 20; ++i) users.push_back(user(AccountId(fmt::format("{:012}", i))));
  told(users);
  EXPECT_EQ(time.elapsed(), std::chrono::seconds{3}) << "three questions, one after the other, of each account";
}

}  // namespace
}  // namespace rekeyer::notify
