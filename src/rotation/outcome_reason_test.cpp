#include "rotation/outcome_reason.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace rekeyer::rotation {
namespace {

template <class Word>
void add_all(Word last, std::vector<OutcomeReason>& all) {
  for (int i = 0; i <= static_cast<int>(last); ++i) all.emplace_back(static_cast<Word>(i));
}

std::vector<OutcomeReason> all_reasons() {
  std::vector<OutcomeReason> all;
  add_all(policy::last_reason, all);
  add_all(last_run_reason, all);
  add_all(last_error_kind, all);
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
  for (int i = 0; i <= static_cast<int>(last_run_reason); ++i) {
    const auto word = "`" + std::string(name(static_cast<RunReason>(i))) + "`";
    EXPECT_NE(page.find(word), std::string::npos) << word << " has no row in docs/output.md";
  }
}

}  // namespace
}  // namespace rekeyer::rotation
