// What "one table of rules" promises: a row for every member, and a rule is what its row says, no more.
#include "policy/rule_table.hpp"

#include <gtest/gtest.h>

#include <regex>
#include <set>

namespace rekeyer::policy {
namespace {

/// Can stand for any member, so that members can be counted by how many of it a struct takes.
struct AnyRule {
  template <class T>
  operator Sourced<T>() const {
    return {};
  }
};

template <class Struct, class... Members>
consteval std::size_t count_members() {
  if constexpr (requires { Struct{Members{}..., AnyRule{}}; }) {
    return count_members<Struct, Members..., AnyRule>();
  } else {
    return sizeof...(Members);
  }
}

/// A text that the rule takes, and that is not its default.
std::string_view another_text(const RuleDescriptor& rule) {
  for (const std::string_view text : {"36h", "warn", "rotate", "evict-idle", "true", "false"}) {
    RuleChanges changes;
    if (text != rule.text({}) && rule.set(changes, text, "")) return text;
  }
  ADD_FAILURE() << rule.name << ": give this test a text for it";
  return {};
}

TEST(RuleTable, EveryMemberHasARowOfItsOwn) {
  const Rules rules;
  std::set<const std::string*> members;
  for (const auto& rule : rule_table()) {
    EXPECT_TRUE(members.insert(&rule.source(rules)).second) << rule.name << " stands where another rule does";
  }
  EXPECT_EQ(count_members<Rules>(), rule_table().size());
  EXPECT_EQ(count_members<RuleChanges>(), rule_table().size());
}

TEST(RuleTable, NamesAreFoundAndUnique) {
  for (const auto& rule : rule_table()) EXPECT_EQ(find_rule(rule.name), &rule) << rule.name;
  EXPECT_EQ(find_rule("rotation_perod"), nullptr);
  EXPECT_EQ(rule_at(&Rules::in_use).name, "in_use");
  EXPECT_EQ(rule_at(&Rules::notice_period).name, "notice_period");
}

TEST(RuleTable, SettingOneRuleChangesNoOther) {
  for (const auto& changed : rule_table()) {
    RuleChanges changes;
    Rules rules;
    const auto text = another_text(changed);
    ASSERT_TRUE(changes.set(changed.name, text, "here")) << changed.name;
    apply(changes, rules);
    EXPECT_NE(rules, Rules{}) << changed.name;
    for (const auto& rule : rule_table()) {
      const bool here = &rule == &changed;
      EXPECT_EQ(rule.text(rules), here ? text : rule.text({})) << rule.name << " after " << changed.name;
      EXPECT_EQ(rule.source(rules), here ? "here" : "default") << rule.name << " after " << changed.name;
    }
  }
}

TEST(RuleTable, WhatIsWrittenIsReadAsTheSame) {
  Rules rules;
  RuleChanges defaults;
  RuleChanges others;
  for (const auto& rule : rule_table()) {
    ASSERT_TRUE(rule.set(defaults, rule.text({}), "default")) << rule.name;
    ASSERT_TRUE(rule.set(others, another_text(rule), "here")) << rule.name;
  }
  apply(others, rules);
  apply(defaults, rules);
  EXPECT_EQ(rules, Rules{});
}

TEST(RuleTable, RangesAreWhatTheyAreSaidToBe) {
  const std::regex range("a period from (\\w+) to (\\w+)(, or never)?");
  std::size_t seen = 0;
  for (const auto& rule : rule_table()) {
    const auto values = rule.values();
    std::smatch found;
    if (!std::regex_match(values, found, range)) continue;
    ++seen;
    const auto least = *parse_period(found[1].str());
    const auto most = *parse_period(found[2].str());
    RuleChanges changes;
    EXPECT_TRUE(rule.set(changes, format_period(least), "")) << rule.name;
    EXPECT_TRUE(rule.set(changes, format_period(most), "")) << rule.name;
    EXPECT_FALSE(rule.set(changes, format_period(most + Period{1}), "")) << rule.name;
    if (least > Period::zero()) EXPECT_FALSE(rule.set(changes, format_period(least - Period{1}), "")) << rule.name;
    EXPECT_EQ(rule.set(changes, "never", "").has_value(), found[3].matched) << rule.name;
  }
  EXPECT_GT(seen, 0U);
}

TEST(RuleTable, WordsAreWhatTheyAreSaidToBe) {
  EXPECT_EQ(rule_at(&Rules::in_use).values(), "hold, warn or ignore");
  EXPECT_EQ(rule_at(&Rules::two_active).values(), "hold, evict-idle or evict-least-recently-used");
  const std::regex between_words(", | or ");
  for (const auto& rule : rule_table()) {
    const auto values = rule.values();
    if (values.starts_with("a period")) continue;
    for (std::sregex_token_iterator word(values.begin(), values.end(), between_words, -1), end; word != end; ++word) {
      RuleChanges changes;
      EXPECT_TRUE(rule.set(changes, word->str(), "")) << rule.name << " = " << word->str();
      Rules rules;
      apply(changes, rules);
      EXPECT_EQ(rule.text(rules), word->str());
    }
  }
}

TEST(RuleTable, WhoSetARuleIsPartOfIt) {
  Rules rules;
  rules.in_use.source = "rekeyer.toml:3";
  EXPECT_NE(rules, Rules{}) << "explain must be able to tell them apart";
}

}  // namespace
}  // namespace rekeyer::policy
