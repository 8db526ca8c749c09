#include "rehearsal/owners.hpp"

#include <gtest/gtest.h>

namespace rekeyer::rehearsal {
namespace {

using std::chrono::days;
using std::chrono::hours;

const Instant noon = std::chrono::sys_days{std::chrono::year{2026} / 11 / 22} + hours{12};

TEST(Uses, GoOnFromTheLastUseInItsRhythm) {
  const auto uses = uses_of(LastUse::used(noon - days{5}), noon);
  EXPECT_EQ(uses.every, days{7});
  EXPECT_EQ(uses.latest(noon), noon - days{5});
  EXPECT_EQ(uses.latest(noon + days{2} - Milliseconds{1}), noon - days{5});
  EXPECT_EQ(uses.latest(noon + days{2}), noon + days{2});
  EXPECT_EQ(uses.next(noon), noon + days{2});
  EXPECT_EQ(uses.next(noon + days{2}), noon + days{9});
}

TEST(Uses, StopAndBeginAtTheirEnds) {
  Uses uses{noon, days{1}, noon + days{3} + hours{1}, noon + days{6}};
  EXPECT_EQ(uses.latest(noon + days{3} + hours{2}), std::nullopt) << "the use at day 3 was before they began";
  EXPECT_EQ(uses.next(noon), noon + days{4});
  EXPECT_EQ(uses.latest(noon + days{30}), noon + days{5}) << "the one at day 6 is no more";
  EXPECT_EQ(uses.next(noon + days{5}), std::nullopt);
}

TEST(Uses, TheLastUsesAgeTellsTheRhythm) {
  EXPECT_EQ(rhythm_of(LastUse::used(noon - hours{3}), noon), Rhythm::daily);
  EXPECT_EQ(rhythm_of(LastUse::used(noon - days{10}), noon), Rhythm::weekly);
  EXPECT_EQ(rhythm_of(LastUse::used(noon - days{45}), noon), Rhythm::monthly);
  EXPECT_EQ(rhythm_of(LastUse::used(noon - days{46}), noon), Rhythm::abandoned);
  EXPECT_EQ(rhythm_of(LastUse::never(), noon), Rhythm::never);
  EXPECT_EQ(rhythm_of(LastUse::unknown(), noon), Rhythm::daily) << "no evidence is no evidence of rest";
  EXPECT_TRUE(uses_of(LastUse::used(noon - days{46}), noon).none());
}

TEST(Owner, AreAsManyAndAsSlowAsAssumed) {
  Behaviour behaviour;
  behaviour.seed = 7;
  behaviour.never_install = 2000;
  int never = 0;
  Period waited{};
  constexpr int users = 5000;
  for (int i = 0; i < users; ++i) {
    const Owner owner(behaviour, "111111111111", "user" + std::to_string(i));
    if (owner.never_installs()) ++never;
    const auto wait = owner.installs_after(2);
    EXPECT_GE(wait, Period::zero());
    EXPECT_LE(wait, 2 * behaviour.install_after);
    waited += wait;
  }
  EXPECT_NEAR(never, users / 5, users / 25);
  EXPECT_NEAR(static_cast<double>((waited / users).count()), static_cast<double>(Period{days{3}}.count()), 7000.0);
}

TEST(Owner, DependOnTheSeedAndTheUserOnly) {
  Behaviour one;
  Behaviour other;
  other.seed = 2;
  const auto wait = Owner(one, "111111111111", "ann").installs_after(2);
  EXPECT_EQ(wait, Owner(one, "111111111111", "ann").installs_after(2));
  EXPECT_NE(wait, Owner(one, "111111111111", "ann").installs_after(3));
  EXPECT_NE(wait, Owner(one, "111111111111", "bob").installs_after(2));
  EXPECT_NE(wait, Owner(one, "222222222222", "ann").installs_after(2));
  EXPECT_NE(wait, Owner(other, "111111111111", "ann").installs_after(2));
}

}  // namespace
}  // namespace rekeyer::rehearsal
