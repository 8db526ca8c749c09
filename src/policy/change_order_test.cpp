#include "policy/change_order.hpp"

#include <gtest/gtest.h>

namespace rekeyer::policy {
namespace {

constexpr Instant day(int number) { return Instant{std::chrono::days{number}}; }

KeyDecision decided(Action action, std::optional<Instant> due) { return {{}, action, Reason::young, due, {}, {}, {}}; }

TEST(ChangeOrder, WhatIsDueForLongestComesFirstAndARecoveryBeforeAll) {
  UserDecision decision;
  decision.keys = {decided(Action::warn, day(1)), decided(Action::deactivate, day(9)), decided(Action::remove, day(5)),
                   decided(Action::hold, day(2))};
  ASSERT_NE(first_change(decision), nullptr);
  EXPECT_EQ(first_change(decision)->action, Action::remove);
  decision.keys.push_back(decided(Action::recover, std::nullopt));
  EXPECT_EQ(first_change(decision)->action, Action::recover);
  EXPECT_EQ(due_since(Action::recover, day(7)), Instant::min());
}

TEST(ChangeOrder, OfTwoThatFellDueTogetherTheFirstKeyCounts) {
  UserDecision decision;
  decision.keys = {decided(Action::deactivate, day(5)), decided(Action::remove, day(5))};
  EXPECT_EQ(first_change(decision), &decision.keys.front());
}

TEST(ChangeOrder, AnActionIsAskedForByAnyOfTheKeys) {
  UserDecision decision;
  decision.keys = {decided(Action::hold, day(1)), decided(Action::rotate, day(2))};
  EXPECT_TRUE(asks_for(decision, Action::rotate));
  EXPECT_FALSE(asks_for(decision, Action::recover));
}

TEST(ChangeOrder, WhoHasNothingToChangeHasNoPlace) {
  UserDecision decision;
  EXPECT_EQ(first_change(decision), nullptr);
  decision.keys = {decided(Action::keep, day(1)), decided(Action::exempt, {}), decided(Action::hold, day(2)),
                   decided(Action::warn, day(3))};
  EXPECT_FALSE(changes_something(decision));
  EXPECT_EQ(first_change(decision), nullptr);
}

}  // namespace
}  // namespace rekeyer::policy
