// What decisions say: names that never change, sentences for every reason, the evidence and the rule with its source.
#include <gtest/gtest.h>

#include <set>

#include "policy/decision.hpp"
#include "policy/decision_table.hpp"

namespace rekeyer::policy {
namespace {

UserDecision decide_row(const std::string& text) {
  const auto rows = table::read("case row\n" + text);
  return decide(rows.at(0).facts, rows.at(0).rules, rows.at(0).force, table::now);
}

TEST(Reasons, HaveNamesOfTheirOwnAndSentences) {
  std::set<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(Reason::exemption_unreadable); ++i) {
    const auto reason = static_cast<Reason>(i);
    EXPECT_FALSE(name(reason).empty()) << i;
    EXPECT_TRUE(names.insert(name(reason)).second) << name(reason);
    EXPECT_TRUE(describe(reason).ends_with(".")) << name(reason);
  }
}

TEST(Actions, AreNamedAsInTheJsonOutput) {
  EXPECT_EQ(name(Action::remove), "delete");
  EXPECT_EQ(name(Action::hold), "hold");
}

TEST(Words, AKeySaysItsAgeUseAndRule) {
  const auto key = decide_row("A 97d 2d active - no | rotate rotation_due -7d\n rules rotation_period=60d").keys.at(0);
  EXPECT_EQ(key.detail, "created 2026-02-24 (97 days ago), last used 2026-05-30 by s3 in eu-west-1");
  EXPECT_EQ(key.rule, "rotation_period=60d (table)");
}

TEST(Words, TheRuleNamesItsDefault) {
  EXPECT_EQ(decide_row("A 97d 2d active - no | rotate rotation_due 0d").keys.at(0).rule,
            "rotation_period=90d (default)");
}

TEST(Words, AHeldKeySaysWhatUsesItAndTheDeadline) {
  const auto key = decide_row(
                       "A 100d 1d active retiring@10d previous | hold still_in_use 0d\n"
                       "B 10d never active current@10d current | keep young 80d")
                       .keys.at(0);
  EXPECT_EQ(key.detail, "replaced by AKIAB on 2026-05-22, last used 2026-05-31 by s3 in eu-west-1");
  EXPECT_EQ(key.rule, "in_use=hold (default), hard_deadline=30d (default)");
}

TEST(Words, NoRoomSaysWhichKeyBlocksAndUntilWhen) {
  const auto key = decide_row(
                       "A 97d 1d active - no | hold no_room -7d\n"
                       "B 300d 200d inactive watched@4d,off=4d no | warn deletion_near 6d")
                       .keys.at(1);
  EXPECT_EQ(key.key, table::id("A"));
  EXPECT_EQ(key.detail, "created 2026-02-24 (97 days ago), AKIAB is inactive and goes on 2026-06-07 at the earliest");
}

TEST(Words, AnUnusedKeyIsWarnedOfWhatReallyComes) {
  EXPECT_EQ(decide_row("A 85d never active - no | warn rotation_near 5d").keys.at(0).detail,
            "created 2026-03-08 (85 days ago), never used; if that stays so, it is deactivated and not replaced");
}

TEST(Words, AnExemptionSaysWhyUntilWhenAndWhoSetIt) {
  const auto key = decide_row("user exempt=-12h\nA 400d 1d active - no | exempt exempt 12h").keys.at(0);
  EXPECT_EQ(key.detail, "sealed envelope, through 2026-06-01 (SEC-123; rekeyer.toml:31)");
}

TEST(Words, ARecoverySaysWhatTheStoreHolds) {
  const auto decision = decide_row(
      "intent lease=1d had=A\n"
      "A 20d 1d active - no | keep young 70d\n"
      "B 1d never active - pending | recover intent_expired -1d");
  EXPECT_EQ(
      decision.keys.at(1).detail,
      "run 8f31c0de12345678 of 2026-05-31T11:45:00Z ended in the middle, and this key is stored, not yet published");
}

}  // namespace
}  // namespace rekeyer::policy
