#include "sandbox/world/generate.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <set>

#include "fakes/seed.hpp"

namespace rekeyer::sandbox {
namespace {

const Instant generated_at = *parse_iso8601("2026-03-01T12:00:00Z");

std::string dump_text(const LoadedWorld& loaded) {
  return boost::json::serialize(dump_world(loaded.world, loaded.behaviour));
}

/// Counts of what a rehearsal wants to meet.
struct Tally {
  std::size_t users = 0, owned = 0, services = 0, exempt = 0, own_policy = 0;
  std::size_t no_key = 0, one_key = 0, two_keys = 0, both_in_use = 0;
  std::size_t keys = 0, fresh = 0, overdue = 0, years = 0, never = 0, daily = 0, idle = 0, inactive = 0;
};

void count_key(Tally& tally, const AccessKey& key) {
  const auto age = generated_at - key.created;
  ++tally.keys;
  tally.fresh += age < std::chrono::days{30};
  tally.overdue += age > std::chrono::days{90};
  tally.years += age > std::chrono::days{365};
  tally.never += !key.last_use;
  tally.daily += key.last_use && generated_at - key.last_use->at < std::chrono::hours{36};
  tally.idle += key.last_use && generated_at - key.last_use->at > std::chrono::days{30};
  tally.inactive += !key.active;
}

void count_user(Tally& tally, const User& user) {
  ++tally.users;
  tally.owned += user.tags.contains("owner");
  tally.services += user.path == "/service/";
  tally.exempt += user.tags.contains("rekeyer:exempt");
  tally.own_policy += user.tags.contains("rekeyer:policy");
  tally.no_key += user.keys.empty();
  tally.one_key += user.keys.size() == 1;
  tally.two_keys += user.keys.size() == 2;
  const auto in_use = [](const AccessKey& key) {
    return key.active && key.last_use && generated_at - key.last_use->at < std::chrono::days{8};
  };
  tally.both_in_use += user.keys.size() == 2 && in_use(user.keys[0]) && in_use(user.keys[1]);
  for (const auto& key : user.keys) count_key(tally, key);
}

Tally count(const World& world) {
  Tally tally;
  for (const auto& [id, account] : world.accounts) {
    for (const auto& [name, user] : account.iam.users) count_user(tally, user);
  }
  return tally;
}

TEST(Generate, SameSeedGivesTheSameWorld) {
  const auto seed = fakes::seed();
  const WorldShape shape{.seed = seed, .accounts = 9, .users = 120};
  EXPECT_EQ(dump_text(generate_world(shape, generated_at)), dump_text(generate_world(shape, generated_at)));
  EXPECT_NE(dump_text(generate_world(shape, generated_at)),
            dump_text(generate_world({.seed = seed + 1, .accounts = 9, .users = 120}, generated_at)));
}

TEST(Generate, HasAsManyAccountsAndUsersAsAskedFor) {
  for (const auto& [accounts, users] :
       {std::pair(1U, 0U), std::pair(2U, 1U), std::pair(12U, 300U), std::pair(70U, 10U)}) {
    const auto made = generate_world({.seed = 5, .accounts = accounts, .users = users}, generated_at);
    EXPECT_EQ(made.world.accounts.size(), accounts);
    EXPECT_EQ(made.world.organization.order.size(), accounts);
    EXPECT_EQ(count(made.world).users, users + 1) << "and the caller";
  }
}

TEST(Generate, EveryShapeThatARehearsalNeedsIsThere) {
  const auto made = generate_world({.seed = fakes::seed(), .accounts = 60, .users = 4000}, generated_at);
  const auto tally = count(made.world);
  const auto part = [](std::size_t some, std::size_t all) {
    return static_cast<double>(some) / static_cast<double>(all);
  };
  EXPECT_GT(part(tally.owned, tally.users), 0.7);
  EXPECT_LT(part(tally.owned, tally.users), 0.95);
  EXPECT_GT(part(tally.services, tally.users), 0.3);
  EXPECT_GT(tally.exempt, 10U);
  EXPECT_GT(tally.own_policy, 10U);
  for (const auto some : {tally.no_key, tally.two_keys}) EXPECT_GT(part(some, tally.users), 0.05);
  EXPECT_GT(part(tally.one_key, tally.users), 0.5);
  EXPECT_GT(tally.both_in_use, 20U);
  for (const auto some : {tally.fresh, tally.never, tally.daily, tally.idle, tally.years}) {
    EXPECT_GT(part(some, tally.keys), 0.07);
  }
  EXPECT_GT(part(tally.overdue, tally.keys), 0.3);
  EXPECT_GT(tally.inactive, 50U);
}

TEST(Generate, NothingIsUsedBeforeItIsThereNorInTheFuture) {
  const auto made = generate_world({.seed = fakes::seed(), .accounts = 20, .users = 2000}, generated_at);
  for (const auto& [id, account] : made.world.accounts) {
    for (const auto& [name, user] : account.iam.users) {
      for (const auto& key : user.keys) {
        ASSERT_LE(user.created, key.created);
        ASSERT_LE(key.created, generated_at);
        if (key.last_use) ASSERT_LE(key.created - std::chrono::seconds{1}, key.last_use->at) << name;
        if (key.last_use) ASSERT_LE(key.last_use->at, generated_at);
      }
    }
  }
}

TEST(Generate, ATendedOrganizationHasNothingOldAndNothingIdle) {
  const WorldShape shape{.seed = fakes::seed(), .accounts = 20, .users = 2000, .tended = true};
  const auto made = generate_world(shape, generated_at);
  EXPECT_EQ(dump_text(made), dump_text(generate_world(shape, generated_at)));
  const auto tally = count(made.world);
  EXPECT_EQ(tally.users, 2001U);
  EXPECT_EQ(tally.two_keys, 0U);
  EXPECT_GT(tally.one_key, 1500U);
  EXPECT_EQ(tally.daily, tally.keys);
  EXPECT_EQ(tally.inactive, 0U);
  EXPECT_GT(tally.fresh, tally.keys / 3);
  EXPECT_LT(tally.fresh, tally.keys);
  for (const auto& [id, account] : made.world.accounts) {
    for (const auto& [name, user] : account.iam.users) {
      for (const auto& key : user.keys) {
        const auto oldest = std::chrono::days{user.tags.contains("rekeyer:policy") ? 20 : 60};
        ASSERT_LE(generated_at - key.created, oldest) << name;
        ASSERT_LE(user.created, key.created) << name;
        ASSERT_LE(key.created, key.last_use->at) << name;
      }
    }
  }
}

TEST(Generate, TwelveAccountsHoldOneOfEachTrouble) {
  const auto made = generate_world({.seed = fakes::seed(), .accounts = 12, .users = 300}, generated_at);
  std::size_t suspended = 0, denied = 0, root_keys = 0, largest = 0, exempt = 0;
  std::set<std::string> names;
  for (const auto& [id, account] : made.world.accounts) {
    suspended += account.state == "SUSPENDED";
    denied += !account.iam.roles.contains("rekeyer-member");
    root_keys += account.iam.root_keys > 0;
    largest = std::max(largest, account.iam.users.size());
    exempt += account.iam.groups.contains("iamkeyrotationexemptiongroup");
    names.insert(account.name);
  }
  EXPECT_EQ(suspended, 1U);
  EXPECT_EQ(denied, 1U);
  EXPECT_EQ(root_keys, 1U);
  EXPECT_GT(largest, 40U) << "25 on average; users are spread unevenly";
  EXPECT_GE(exempt, 1U);
  EXPECT_EQ(names.size(), 12U);
  EXPECT_EQ(made.world.organization.units.size(), 7U);
  EXPECT_TRUE(made.world.accounts.at(made.world.tooling).messages.identities.contains("example.com"));
}

}  // namespace
}  // namespace rekeyer::sandbox
