#include "probe/check.hpp"

#include <gtest/gtest.h>

#include <set>

namespace rekeyer::probe {
namespace {

TEST(Checks, AreMoreThanForty) { EXPECT_GE(all_checks().size(), 40U); }

TEST(Checks, HaveNamesOfTheirOwnAndSayWhatRestsOnThem) {
  const auto checks = all_checks();
  ASSERT_FALSE(checks.empty());
  std::set<std::string_view> names;
  for (const auto& check : checks) {
    EXPECT_TRUE(names.insert(check.name).second) << check.name << " stands there twice";
    EXPECT_TRUE(check.name.contains('.')) << check.name;
    EXPECT_FALSE(check.belief.empty() || check.belief.ends_with('.')) << check.name;
    EXPECT_FALSE(check.rests_on.empty()) << check.name;
    EXPECT_EQ(check.attempt == nullptr, !check.reason.empty()) << check.name;
  }
}

TEST(Selection, IsByNameGroupOrPattern) {
  EXPECT_TRUE(fits("secrets.made-twice", "secrets.made-twice"));
  EXPECT_TRUE(fits("secrets.made-twice", "secrets"));
  EXPECT_TRUE(fits("secrets.made-twice", "*twice"));
  EXPECT_TRUE(fits("secrets.made-twice", "s*.m*e-*"));
  EXPECT_FALSE(fits("secrets.made-twice", "secret"));
  EXPECT_FALSE(fits("secrets.made-twice", "made-twice"));
  EXPECT_FALSE(fits("secrets.made-twice", ""));
  EXPECT_EQ(selected(all_checks(), {}).size(), all_checks().size());
  EXPECT_EQ(selected(all_checks(), {"secrets.made-twice", "*made-twice"}).size(), 2U);  // and sns.topic-made-twice
}

}  // namespace
}  // namespace rekeyer::probe
