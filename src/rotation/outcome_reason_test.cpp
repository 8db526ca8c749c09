#include "rotation/outcome_reason.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "base/enum_names.hpp"

namespace rekeyer::rotation {
namespace {

std::vector<OutcomeReason> all_reasons() {
  std::vector<OutcomeReason> all;
  for (const auto reason : enumerators_to(policy::last_reason)) all.emplace_back(reason);
  for (const auto reason : enumerators_to(last_run_reason)) all.emplace_back(reason);
  for (const auto kind : enumerators_to(last_error_kind)) all.emplace_back(kind);
  return all;
}

TEST(OutcomeReasons, HaveNamesOfTheirOwnAndReadBack) {
  std::set<std::string_view> names;
  for (const auto& reason : all_reasons()) {
    EXPECT_FALSE(name(reason).empty());
    EXPECT_TRUE(names.insert(name(reason)).second) << name(reason) << " is the name of two";
    EXPECT_EQ(parse_outcome_reason(name(reason)), reason) << name(reason);
  }
  EXPECT_EQ(parse_outcome_reason(""), std::nullopt);
  EXPECT_EQ(parse_outcome_reason("rotation-due"), std::nullopt);
}

// The last of each enumeration is named by a constant of its own: whoever adds one behind it learns it here, as the
// value behind the last has no name.
TEST(OutcomeReasons, TheLastIsTheLast) {
  EXPECT_EQ(name(static_cast<policy::Reason>(static_cast<int>(policy::last_reason) + 1)), "");
  EXPECT_EQ(name(static_cast<RunReason>(static_cast<int>(last_run_reason) + 1)), "");
  EXPECT_EQ(name(static_cast<ErrorKind>(static_cast<int>(last_error_kind) + 1)), "unknown");
}

TEST(OutcomeReasons, KnowThePolicys) {
  EXPECT_EQ(*OutcomeReason(policy::Reason::idle).of_policy(), policy::Reason::idle);
  EXPECT_EQ(OutcomeReason(RunReason::interrupted).of_policy(), nullptr);
  EXPECT_FALSE(OutcomeReason(RunReason::unreadable) == policy::Reason::rules_unreadable);
}

TEST(OutcomeReasons, OfARunAreDocumented) {
  std::ifstream file(REKEYER_OUTPUT_DOC);
  std::stringstream text;
  text << file.rdbuf();
  const auto page = text.str();
  ASSERT_NE(page.find("### Reasons"), std::string::npos);
  for (const auto reason : enumerators_to(last_run_reason)) {
    const auto word = "`" + std::string(name(reason)) + "`";
    EXPECT_NE(page.find(word), std::string::npos) << word << " has no row in docs/output.md";
  }
}

}  // namespace
}  // namespace rekeyer::rotation
