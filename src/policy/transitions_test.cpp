// What each step leaves in custody, and what a recovery does about each thing that a run may have left.
#include "policy/transitions.hpp"

#include <gtest/gtest.h>

#include "policy/intent.hpp"
#include "policy/key_world.hpp"

namespace rekeyer::policy {
namespace {

using std::chrono::days;
using std::chrono::minutes;
using Step = Recovery::Step;

const AccessKeyId old_id("AKIAOLD");
const AccessKeyId new_id("AKIANEW");

KeyFacts key(const AccessKeyId& id, Instant created) {
  return {id, KeyStatus::active, created, LastUse::never(), Stored::no, false};
}

/// The run began on day 90, and issued the new key, or not.
UserFacts left_in_the_middle() {
  UserFacts facts;
  facts.intent = Intent{RunId("run1"), start + days{90}, start + days{90} + lease_length, {old_id}};
  facts.keys = {key(old_id, start), key(new_id, start + days{90} + minutes{1})};
  facts.keys.front().last_use = LastUse::used(start + days{89});
  return facts;
}

TEST(Transitions, ARotationMakesTheNewKeyCurrentAndTheOldOneRetire) {
  Custody before;
  const KeyRecord other{AccessKeyId("AKIAOTHER"), KeyPhase::watched, start, start + days{3}, false, {}};
  before.put({old_id, KeyPhase::current, start, {}, true, start + days{2}});
  before.put(other);
  const auto after = after_rotation(before, new_id, start + days{90}, old_id, start + days{90} + minutes{1});
  ASSERT_NE(after.find(new_id), nullptr);
  EXPECT_EQ(*after.find(new_id), (KeyRecord{new_id, KeyPhase::current, start + days{90}, {}, false, {}}));
  EXPECT_EQ(*after.find(old_id), (KeyRecord{old_id, KeyPhase::retiring, start + days{90} + minutes{1}, {}, false, {}}));
  EXPECT_EQ(*after.find(other.id), other);
  EXPECT_EQ(after_rotation({}, new_id, start, std::nullopt, start).keys.size(), 1U) << "there may be no old key";
}

TEST(Transitions, ADeactivationKeepsTheRoleAndStartsTheClockAnew) {
  Custody before;
  before.put({old_id, KeyPhase::retiring, start, {}, false, start + days{5}});
  const KeyRecord expected{old_id, KeyPhase::retiring, start, start + days{10}, true, {}};
  EXPECT_EQ(*after_deactivation(before, old_id, start + days{10}).find(old_id), expected);
  const KeyRecord unknown_before{new_id, KeyPhase::watched, start + days{10}, start + days{10}, true, {}};
  EXPECT_EQ(*after_deactivation(before, new_id, start + days{10}).find(new_id), unknown_before);
}

TEST(Transitions, ADeletionLeavesNothingOfTheKey) {
  Custody before;
  before.put({old_id, KeyPhase::retiring, start, start, true, {}});
  before.put({new_id, KeyPhase::current, start, {}, false, {}});
  const auto after = after_deletion(before, old_id);
  EXPECT_EQ(after.find(old_id), nullptr);
  EXPECT_NE(after.find(new_id), nullptr);
}

TEST(Transitions, ARecordIsWrittenOnlyWhereNobodyElseIsAtWorkAndTheUserIsTouchedAtAll) {
  const UserFacts plain;
  EXPECT_TRUE(may_record(plain));
  auto facts = plain;
  facts.intent = left_in_the_middle().intent;
  EXPECT_FALSE(may_record(facts));
  facts = plain;
  facts.intent_unreadable = true;
  EXPECT_FALSE(may_record(facts));
  facts = plain;
  facts.exemption_unreadable = "why";
  EXPECT_FALSE(may_record(facts));
  facts = plain;
  facts.exemption = Exemption{};
  EXPECT_FALSE(may_record(facts));
  facts = plain;
  facts.not_ours = "why";
  EXPECT_FALSE(may_record(facts));
}

TEST(Transitions, AStoredKeyIsPublishedByTheRecoveryUnlessSomebodySwitchedItOff) {
  auto facts = left_in_the_middle();
  facts.keys.back().stored = Stored::pending;
  const auto resumed = recovery_of(facts);
  EXPECT_EQ(resumed.step, Step::resume);
  EXPECT_EQ(resumed.key, &facts.keys.back());
  EXPECT_EQ(resumed.old_key, old_id);

  facts.keys.front().status = KeyStatus::inactive;
  EXPECT_EQ(recovery_of(facts).old_key, std::nullopt) << "one that is off retires already";

  facts.keys.back().status = KeyStatus::inactive;
  EXPECT_EQ(recovery_of(facts).step, Step::leave_off);
}

TEST(Transitions, AKeyWhoseSecretIsLostIsWithdrawnUnlessItIsUsed) {
  auto facts = left_in_the_middle();
  EXPECT_EQ(recovery_of(facts).step, Step::withdraw);
  EXPECT_EQ(recovery_of(facts).key, &facts.keys.back());
  facts.keys.back().last_use = LastUse::unknown();
  EXPECT_EQ(recovery_of(facts).step, Step::last_unread);
  facts.keys.back().last_use = LastUse::used(start + days{91});
  EXPECT_EQ(recovery_of(facts).step, Step::nothing_left) << "its owner has the secret";
}

TEST(Transitions, WhatCannotBeTheRunsIsNoneOfTheRecoverysBusiness) {
  auto facts = left_in_the_middle();
  facts.keys.back().created = start + days{95};
  EXPECT_EQ(recovery_of(facts).step, Step::nothing_left);
  EXPECT_EQ(recovery_of(facts).key, nullptr);

  facts = left_in_the_middle();
  facts.issued_nothing = true;
  facts.exemption = Exemption{};
  EXPECT_EQ(recovery_of(facts).step, Step::nothing_left) << "of an exempt user only what surely is the run's";
}

TEST(Transitions, AWithdrawnKeyIsAnOrphanOnlyWhereItSurelyWasTheRuns) {
  auto facts = left_in_the_middle();
  const Instant now = start + days{91};
  const KeyRecord orphan{new_id, KeyPhase::orphan, now, now, true, {}};
  EXPECT_EQ(*after_withdrawal(facts, facts.keys.back(), now).find(new_id), orphan);
  facts.issued_nothing = true;
  const KeyRecord watched{new_id, KeyPhase::watched, now, now, true, {}};
  EXPECT_EQ(*after_withdrawal(facts, facts.keys.back(), now).find(new_id), watched);
}

}  // namespace
}  // namespace rekeyer::policy
