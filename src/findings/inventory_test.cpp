// The inventory of small accounts: which state each key is in, and what the formats say of it.
#include "findings/inventory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/text.hpp"
#include "fakes/rotation_bench.hpp"
#include "findings/collect.hpp"
#include "findings/output.hpp"

namespace rekeyer::findings {
namespace {

using fakes::Bench;
using testing::HasSubstr;
using namespace std::chrono_literals;

constexpr std::chrono::hours whole_days(int n) { return std::chrono::hours{24 * n}; }

struct World {
  Bench bench;
  notify::OwnerSettings owners;

  Result<Inventory> take(bool ids = false) {
    struct OneAccount final : rotation::AccountSource {
      std::optional<rotation::AccountTarget> target;
      ResultTask<std::optional<rotation::AccountTarget>> next() override { co_return std::exchange(target, {}); }
      ResultTask<std::vector<std::string>> unknown_names() override { co_return std::vector<std::string>{}; }
    } source;
    rotation::AccountTarget target;
    target.id = bench.account_id;
    target.name = "payments";
    source.target = std::move(target);
    fakes::MemoryGateway gateway(bench.account);
    rotation::StopFlag stop;
    bench.account.log.clear();
    const CollectFrom from{.accounts = source,
                           .gateway = gateway,
                           .settings = bench.settings,
                           .owners = owners,
                           .contacts = nullptr,
                           .stop = stop,
                           .ids = ids};
    return bench.run(collect_inventory(from, bench.clock.now(), {})).value();
  }

  AccessKeyId add(const std::string& user, int age, LastUse use) {
    bench.account.add_user(user);
    return bench.account.add_key(user, whole_days(age), std::move(use));
  }
  LastUse yesterday() const { return LastUse::used(bench.clock.now() - 24h, "s3", "eu-west-1"); }
};

std::string states(const Inventory& inventory) {
  std::string text;
  for (const auto& user : inventory.users) {
    text += user.name.str() + ":";
    for (const auto& key : user.keys) text += " " + std::string(name(key.state));
    text += "\n";
  }
  return text;
}

TEST(Inventory, HasEachKeyInOneStateForNoCallMoreThanTheBulkOnes) {
  World world;
  world.add("due", 95, world.yesterday());
  world.add("young", 5, world.yesterday());
  world.add("never", 200, LastUse::never());
  world.add("two", 95, world.yesterday());
  world.add("two", 20, world.yesterday());
  const auto off = world.add("off", 95, LastUse::never());
  world.bench.account.keys.at(off).status = KeyStatus::inactive;
  world.bench.account.add_user("exempt", {}, {"IAMKeyRotationExemptionGroup"});
  world.bench.account.add_key("exempt", whole_days(300), world.yesterday());
  world.bench.account.add_user("none");
  const auto inventory = world.take();
  ASSERT_TRUE(inventory) << inventory.error().message;
  EXPECT_EQ(states(*inventory),
            "due: due\nexempt: exempt\nnever: due\nnone:\noff: inactive\ntwo: held within\nyoung: within\n");
  EXPECT_EQ(world.bench.account.log.size(), 3u) << testing::PrintToString(world.bench.account.log);
  ASSERT_EQ(inventory->accounts.size(), 1u);
  EXPECT_EQ(inventory->accounts[0].users, 7u);
  EXPECT_EQ(inventory->accounts[0].keys, 7u);
  EXPECT_TRUE(inventory->accounts[0].report_made);
  EXPECT_FALSE(has_failures(*inventory));
}

TEST(Inventory, SaysWhatComesNextAndByWhichRule) {
  World world;
  world.add("ann", 5, world.yesterday());
  const auto inventory = world.take();
  const auto& key = inventory->users.at(0).keys.at(0);
  EXPECT_EQ(key.next, policy::Action::rotate);
  EXPECT_EQ(key.next_at, *key.created + whole_days(90));
  EXPECT_EQ(age_in_days(*key.created, inventory->taken), 5);
  EXPECT_EQ(key.id.str(), "slot 1 of " + day_of(*key.created));
}

TEST(Inventory, AsksForIdsWhereTheyAreWanted) {
  World world;
  const auto key = world.add("ann", 5, world.yesterday());
  const auto inventory = world.take(true);
  EXPECT_EQ(inventory->users.at(0).keys.at(0).id, key);
}

TEST(Inventory, TellsRekeyersOwnUseFromItsOwners) {
  World world;
  world.add("ann", 95, world.yesterday());
  world.bench.apply("ann");
  world.bench.clock.advance(24h);
  const auto inventory = world.take();
  const auto& keys = inventory->users.at(0).keys;
  ASSERT_EQ(keys.size(), 2u);
  EXPECT_EQ(keys[0].state, KeyState::retiring);
  EXPECT_EQ(keys[0].next, policy::Action::deactivate);
  EXPECT_EQ(keys[1].state, KeyState::within);
  EXPECT_EQ(keys[1].owner_use, LastUse::never());
  EXPECT_EQ(inventory->users[0].secret.str(), "Account_111111111111_User_ann_AccessKey");
}

TEST(Inventory, AnAccountThatCannotBeReadIsAnEntryAndAFailure) {
  World world;
  world.add("ann", 95, world.yesterday());
  for (const auto* operation : {"GetCredentialReport", "GetAccountAuthorizationDetails", "ListUsers"}) {
    world.bench.account.fault_of[operation] = {fakes::Fault::Kind::refused, ErrorKind::access_denied};
  }
  const auto inventory = world.take();
  ASSERT_TRUE(inventory);
  EXPECT_EQ(inventory->accounts.at(0).status, rotation::AccountStatus::denied);
  EXPECT_TRUE(has_failures(*inventory));
  EXPECT_TRUE(inventory->users.empty());
}

TEST(InventoryFormats, HaveALineAKeyAndAllOfThemTheSameNumberOfColumns) {
  World world;
  world.add("=cmd", 95, world.yesterday());
  world.bench.account.add_user("none");
  world.owners.fallback = {"security@example.com"};
  const auto inventory = world.take();
  const auto csv = inventory_csv(*inventory);
  const auto lines = split(csv, '\n');
  ASSERT_EQ(lines.size(), 4u) << csv;
  const auto commas = [](std::string_view line) {
    bool quoted = false;
    std::ptrdiff_t count = 0;
    for (const char c : line) {
      if (c == '"') quoted = !quoted;
      if (c == ',' && !quoted) ++count;
    }
    return count;
  };
  EXPECT_EQ(commas(lines[1]), commas(lines[0]));
  EXPECT_EQ(commas(lines[2]), commas(lines[0]));
  EXPECT_THAT(csv, testing::Not(HasSubstr(",=cmd"))) << "a spreadsheet would take it for a formula";
  EXPECT_THAT(inventory_json(*inventory), HasSubstr(R"("schema":"rekeyer-inventory/1")"));
  EXPECT_EQ(split(inventory_json_lines(*inventory), '\n').size(), 2u) << "a key, and the end";
}

TEST(InventoryFormats, TheTableShowsTheWorstFirst) {
  World world;
  world.add("young", 5, world.yesterday());
  world.add("due", 95, world.yesterday());
  const auto table = inventory_table(*world.take(), {});
  EXPECT_LT(table.find("due "), table.find("young"));
  EXPECT_THAT(table, HasSubstr("111111111111  payments"));
  EXPECT_THAT(inventory_summary(*world.take(), {}), HasSubstr("2 keys of 2 users in 1 account: 1 due, 1 within."));
}

}  // namespace
}  // namespace rekeyer::findings
