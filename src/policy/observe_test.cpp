// What is put on record of keys as they are seen.
#include "policy/observe.hpp"

#include <gtest/gtest.h>

namespace rekeyer::policy {
namespace {

using namespace std::chrono_literals;

const Instant noon = std::chrono::sys_days{std::chrono::year{2026} / 11 / 22} + 12h;

/// An inactive key, used ten seconds after the instant since which it is on record so.
UserFacts used_right_after(bool deactivated_by_us) {
  UserFacts facts;
  KeyFacts key;
  key.id = AccessKeyId("AKIAEXAMPLE1");
  key.status = KeyStatus::inactive;
  key.created = noon - 24h * 100;
  key.last_use = LastUse::used(noon + 10s, "s3", "eu-west-1");
  facts.custody.put({key.id, KeyPhase::watched, noon, noon, deactivated_by_us, {}});
  facts.keys.push_back(std::move(key));
  return facts;
}

TEST(Observe, AUseRightAfterItsDeactivationIsOneThatWasOnItsWay) {
  const auto custody = observe(used_right_after(true), noon + 24h);
  EXPECT_EQ(custody.find(AccessKeyId("AKIAEXAMPLE1"))->inactive_since, noon);
}

TEST(Observe, AUseAfterTheFirstSightOfAKeyThatSomebodyElseSwitchedOffStartsItsClockAnew) {
  const auto custody = observe(used_right_after(false), noon + 24h);
  EXPECT_EQ(custody.find(AccessKeyId("AKIAEXAMPLE1"))->inactive_since, noon + 24h)
      << "it was on in between, and nobody saw when it was switched off again";
}

}  // namespace
}  // namespace rekeyer::policy
