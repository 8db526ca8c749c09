// Keys over months: a small world that does what is decided, day by day, with an owner who uses, makes, disables and
// deletes keys.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "policy/decision.hpp"
#include "policy/facts_generator.hpp"
#include "policy/key_world.hpp"

namespace rekeyer::policy {
namespace {

using std::chrono::days;

/// "90 rotate AKIA0000": everything that is not keep, by day; a thing that lasts is told once.
std::vector<std::string> story(World& world, int last_day, const std::function<void(int day)>& owner) {
  std::vector<std::string> told;
  std::map<AccessKeyId, std::string> latest;
  for (int day = 0; day <= last_day; ++day) {
    world.now = start + days{day};
    owner(day);
    for (const KeyDecision& key : world.run().keys) {
      const std::string what =
          key.action == Action::keep ? "" : fmt::format("{} {} {}", name(key.action), name(key.reason), key.key);
      if (!what.empty() && latest[key.key] != what) told.push_back(fmt::format("{} {}", day, what));
      latest[key.key] = what;
    }
  }
  return told;
}

TEST(Lifetime, ALoneKeyIsRotatedOnDay90DeactivatedOnDay100AndDeletedOnDay110) {
  World world;
  const AccessKeyId first = world.make_key().id;
  const AccessKeyId second("AKIA0001");
  const auto told = story(world, 110, [&](int day) { world.use(day <= 91 ? first : second); });
  EXPECT_EQ(told, (std::vector<std::string>{
                      "83 warn rotation_near AKIA0000",
                      "90 rotate rotation_due AKIA0000",
                      "93 warn deactivation_near AKIA0000",
                      "100 deactivate installation_over AKIA0000",
                      "103 warn deletion_near AKIA0000",
                      "110 delete recovery_over AKIA0000",
                  }));
  ASSERT_EQ(world.facts.keys.size(), 1U);
  EXPECT_EQ(world.facts.keys[0].id, second);
  EXPECT_EQ(encode(world.facts.custody), "1 AKIA0001:current:20260401T030000Z");
}

TEST(Lifetime, AnOwnerWhoNeverMovesIsHeldForUntilTheHardDeadline) {
  World world;
  const AccessKeyId first = world.make_key().id;
  const auto told = story(world, 130, [&](int) { world.use(first); });
  EXPECT_EQ(told, (std::vector<std::string>{
                      "83 warn rotation_near AKIA0000",
                      "90 rotate rotation_due AKIA0000",
                      "93 warn deactivation_near AKIA0000",
                      "100 hold still_in_use AKIA0000",
                      "130 deactivate hard_deadline AKIA0000",
                  }));
}

TEST(Lifetime, AMonthlyJobKeepsItsKeyUntilItHasUsedTheNewOne) {
  World world;
  const AccessKeyId first = world.make_key().id;
  const AccessKeyId second("AKIA0001");
  const auto told = story(world, 120, [&](int day) {
    if (day % 30 == 0) world.use(day < 120 ? first : second);
  });
  EXPECT_EQ(told, (std::vector<std::string>{
                      "83 warn rotation_near AKIA0000",
                      "90 rotate rotation_due AKIA0000",
                      "93 warn deactivation_near AKIA0000",
                      "100 hold successor_unused AKIA0000",
                      "120 deactivate installation_over AKIA0000",
                  }));
}

TEST(Lifetime, AMonthlyJobThatNeverMovesIsHeldForUntilTheHardDeadline) {
  World world;
  const AccessKeyId first = world.make_key().id;
  const auto told = story(world, 130, [&](int day) {
    if (day % 30 == 0) world.use(first);
  });
  EXPECT_EQ(told, (std::vector<std::string>{
                      "83 warn rotation_near AKIA0000",
                      "90 rotate rotation_due AKIA0000",
                      "93 warn deactivation_near AKIA0000",
                      "100 hold successor_unused AKIA0000",
                      "120 hold still_in_use AKIA0000",
                      "123 hold successor_unused AKIA0000",
                      "130 deactivate hard_deadline AKIA0000",
                  }));
}

TEST(Lifetime, WithoutADeadlineAKeyInUseIsNeverCut) {
  World world;
  world.rules.hard_deadline.value = std::nullopt;
  const AccessKeyId first = world.make_key().id;
  story(world, 600, [&](int) { world.use(first); });
  EXPECT_EQ(world.key(first).status, KeyStatus::active);
}

TEST(Lifetime, AKeyThatIsNeverUsedGoesAndIsNotReplaced) {
  World world;
  world.make_key();
  const auto told = story(world, 400, [](int) {});
  EXPECT_EQ(told, (std::vector<std::string>{
                      "83 warn rotation_near AKIA0000",
                      "90 deactivate unused AKIA0000",
                      "93 warn deletion_near AKIA0000",
                      "100 delete recovery_over AKIA0000",
                  }));
  EXPECT_TRUE(world.facts.keys.empty());
}

TEST(Lifetime, WithoutEvidenceKeysAreReplacedAndNoneIsTaken) {
  World world;
  const AccessKeyId first = world.make_key().id;
  story(world, 400, [&](int) {
    for (KeyFacts& key : world.facts.keys) key.last_use = LastUse::unknown();
  });
  EXPECT_EQ(world.facts.keys.size(), 2U);
  EXPECT_EQ(world.key(first).status, KeyStatus::active);
}

TEST(Lifetime, AKeySwitchedOnAgainIsNotDeletedWhileItIsOn) {
  World world;
  const AccessKeyId first = world.make_key().id;
  const AccessKeyId second("AKIA0001");
  const auto told = story(world, 130, [&](int day) {
    if (day == 105) world.key(first).status = KeyStatus::active;
    world.use(day <= 91 ? first : second);
  });
  EXPECT_EQ(told, (std::vector<std::string>{
                      "83 warn rotation_near AKIA0000",
                      "90 rotate rotation_due AKIA0000",
                      "93 warn deactivation_near AKIA0000",
                      "100 deactivate installation_over AKIA0000",
                      "103 warn deletion_near AKIA0000",
                      "105 hold reactivated AKIA0000",
                      "108 warn deactivation_near AKIA0000",
                      "115 deactivate installation_over AKIA0000",
                      "118 warn deletion_near AKIA0000",
                      "125 delete recovery_over AKIA0000",
                  }));
}

TEST(Lifetime, TwoKeysOneIdleBecomeOneRotatedKey) {
  World world;
  const AccessKeyId used = world.make_key().id;
  world.make_key();
  const auto told = story(world, 101, [&](int) { world.use(used); });
  EXPECT_EQ(told, (std::vector<std::string>{
                      "83 warn rotation_near AKIA0000",
                      "83 warn rotation_near AKIA0001",
                      "90 hold no_room AKIA0000",
                      "90 deactivate idle AKIA0001",
                      "93 warn deletion_near AKIA0001",
                      "100 delete recovery_over AKIA0001",
                      "101 rotate rotation_due AKIA0000",
                  }));
}

TEST(Lifetime, AnEmergencyRetiresTheOldKeyAtOnceAndItCanStillBeSwitchedOn) {
  World world;
  const AccessKeyId first = world.make_key().id;
  world.now += days{5};
  world.use(first);
  const Force force{true, true};
  EXPECT_EQ(world.run(force).keys.at(0).action, Action::rotate);
  const UserDecision then = world.run(force);
  EXPECT_EQ(world.key(first).status, KeyStatus::inactive);
  EXPECT_EQ(world.facts.keys.size(), 2U);
  world.run(force);
  EXPECT_EQ(world.facts.keys.size(), 2U) << "deleted by force";
}

/// What the owner, or an administrator, may do on any day.
class Owner {
 public:
  Owner(World& world, std::uint64_t seed) : world_(world), random_(seed) {}

  void advance_a_day() {
    if (world_.facts.keys.size() < max_keys && random_.chance(0.01)) world_.make_key();
    for (KeyFacts& key : world_.facts.keys) {
      if (random_.chance(0.01)) key.status = KeyStatus::inactive;
      if (key.status == KeyStatus::inactive && random_.chance(0.02)) key.status = KeyStatus::active;
    }
    if (random_.chance(0.02)) prefer();
    for (KeyFacts& key : world_.facts.keys) {
      const bool liked = key.id == preferred_ || random_.chance(0.02);
      if (key.status == KeyStatus::active && liked && random_.chance(0.8)) real_use_[key.id] = world_.now;
      tell(key);
    }
    if (random_.chance(0.003)) std::erase_if(world_.facts.keys, [&](auto&) { return random_.chance(0.5); });
  }

  std::optional<Instant> real_use(const AccessKeyId& id) const {
    const auto found = real_use_.find(id);
    return found != real_use_.end() ? std::optional(found->second) : std::nullopt;
  }

 private:
  static constexpr std::size_t max_keys = 2;

  void prefer() {
    if (!world_.facts.keys.empty()) {
      preferred_ = world_.facts.keys[random_.below(world_.facts.keys.size())].id;
    }
  }
  /// What AWS tells of the key's use: now and then nothing.
  void tell(KeyFacts& key) {
    const auto used = real_use(key.id);
    key.last_use = used ? LastUse::used(*used, "s3") : LastUse::never();
    if (random_.chance(0.1)) key.last_use = LastUse::unknown();
  }

  World& world_;
  Random random_;
  AccessKeyId preferred_{"AKIA0000"};
  std::map<AccessKeyId, Instant> real_use_;
};

/// How often each promise of a day was put to the test.
struct Met {
  int deactivated = 0, removed = 0, rotated = 0;
};

void check_day(const World& before, const UserDecision& decision, const Owner& owner, Met& met) {
  for (const KeyDecision& each : decision.keys) {
    const auto key = std::ranges::find(before.facts.keys, each.key, &KeyFacts::id);
    ASSERT_NE(key, before.facts.keys.end());
    const auto used = owner.real_use(each.key);
    if (each.action == Action::deactivate && used) {
      EXPECT_GE(before.now - *used, days{3}) << "a key in use was cut: " << name(each.reason);
      ++met.deactivated;
    }
    if (each.action == Action::remove) {
      EXPECT_EQ(key->status, KeyStatus::inactive);
      if (used) EXPECT_GE(before.now - *used, days{10}) << "a key used lately was deleted";
      met.removed += used ? 1 : 0;
    }
    if (each.action == Action::rotate) {
      EXPECT_EQ(before.facts.keys.size(), 1U);
      ++met.rotated;
    }
  }
}

TEST(Lifetime, WhateverOwnersDoNoKeyInUseIsCutAndNoKeyUsedLatelyIsDeleted) {
  const auto seed = generated::seed();
  Met met;
  for (std::uint64_t life = 0; life < 60 && !testing::Test::HasFailure(); ++life) {
    World world;
    world.rules.hard_deadline.value = std::nullopt;
    world.make_key();
    Owner owner(world, seed + life);
    for (int day = 0; day < 700 && !testing::Test::HasFailure(); ++day) {
      world.now = start + days{day};
      owner.advance_a_day();
      const World before = world;
      const UserDecision decision = world.run();
      check_day(before, decision, owner, met);
      EXPECT_LE(world.facts.keys.size(), 2U);
      if (testing::Test::HasFailure()) {
        ADD_FAILURE() << fmt::format("seed {:x}, life {}, day {}\n{}", seed, life, day,
                                     generated::show(before.facts, decision));
      }
    }
  }
  for (const int times : {met.deactivated, met.removed, met.rotated}) EXPECT_GT(times, 20) << "hardly ever met";
}

TEST(Lifetime, AnOwnerWhoFollowsNeverHasAnOldKeyForLong) {
  World world;
  world.make_key();
  story(world, 1500, [&](int) {
    // Uses what the store calls current, or the only key there is.
    for (const KeyFacts& key : world.facts.keys) {
      if (key.stored == Stored::current || world.facts.keys.size() == 1) world.use(key.id);
    }
    for (const KeyFacts& key : world.facts.keys) {
      EXPECT_LE(world.now - key.created, days{110});
      if (key.status == KeyStatus::active) EXPECT_LE(world.now - key.created, days{100});
    }
  });
}

}  // namespace
}  // namespace rekeyer::policy
