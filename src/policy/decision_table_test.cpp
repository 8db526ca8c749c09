// Every situation that the decision knows, as text tables in tests/policy/cases: what stands before the bar is so, what
// stands after it is decided.
#include "policy/decision_table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "policy/decision.hpp"

namespace rekeyer::policy {
namespace {

std::string due_words(const std::optional<Instant>& due) {
  if (!due) return "none";
  const auto ahead = std::chrono::duration_cast<Period>(*due - table::now);
  return ahead < Period::zero() ? "-" + format_period(-ahead) : format_period(ahead);
}

/// "30d" and "720h" are the same; so are the texts that a table writes for one period.
std::string plain_words(const std::string& due) {
  if (due == "none") return due;
  const Period ahead = table::period(due);
  return ahead < Period::zero() ? "-" + format_period(-ahead) : format_period(ahead);
}

const KeyDecision* find(const UserDecision& decision, const std::string& key) {
  for (const KeyDecision& candidate : decision.keys) {
    if (candidate.key.str() == key) return &candidate;
  }
  return nullptr;
}

void check(const table::Case& row) {
  SCOPED_TRACE(row.title);
  const UserDecision decision = decide(row.facts, row.rules, row.force, table::now);
  EXPECT_EQ(decision.keys.size(), row.expected.size());
  for (const table::Expected& expected : row.expected) {
    const KeyDecision* found = find(decision, expected.key);
    ASSERT_NE(found, nullptr) << expected.key;
    EXPECT_EQ(fmt::format("{} {} {}", name(found->action), name(found->reason), due_words(found->due)),
              fmt::format("{} {} {}", expected.action, expected.reason, plain_words(expected.due)))
        << expected.key << ": " << found->detail;
  }
  if (row.custody) {
    EXPECT_EQ(table::words(decision.custody), *row.custody);
  }
}

std::vector<std::filesystem::path> tables() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(REKEYER_DECISION_CASES)) files.push_back(entry.path());
  std::ranges::sort(files);
  return files;
}

class DecisionTable : public testing::TestWithParam<std::filesystem::path> {};

TEST_P(DecisionTable, Holds) {
  const auto cases = table::read_file(GetParam());
  EXPECT_FALSE(cases.empty());
  for (const table::Case& row : cases) check(row);
}

INSTANTIATE_TEST_SUITE_P(Cases, DecisionTable, testing::ValuesIn(tables()),
                         [](const auto& file) { return file.param.stem().string(); });

TEST(DecisionTables, HaveARowForEveryReasonAndAction) {
  std::set<std::string> reasons;
  std::set<std::string> actions;
  for (const auto& file : tables()) {
    for (const table::Case& row : table::read_file(file)) {
      for (const table::Expected& expected : row.expected) {
        reasons.insert(expected.reason);
        actions.insert(expected.action);
      }
    }
  }
  for (int i = 0; i <= static_cast<int>(Reason::exemption_unreadable); ++i) {
    EXPECT_TRUE(reasons.contains(std::string(name(static_cast<Reason>(i))))) << name(static_cast<Reason>(i));
  }
  for (int i = 0; i <= static_cast<int>(Action::exempt); ++i) {
    const auto action = static_cast<Action>(i);
    if (action == Action::adopt || action == Action::relock) continue;  // an operator's
    EXPECT_TRUE(actions.contains(std::string(name(static_cast<Action>(i))))) << name(static_cast<Action>(i));
  }
}

TEST(DecisionTables, ALineThatCannotBeReadIsAFailureWithItsPlace) {
  using testing::HasSubstr;
  EXPECT_THAT([] { table::read("case a\n A 10d 1d active -", "ann.txt"); },
              testing::ThrowsMessage<std::runtime_error>(HasSubstr("ann.txt:2: bad line in a table:  A 10d 1d")));
  EXPECT_THAT([] { table::read("case a\n\n rules rotaton_period=1d"); },
              testing::ThrowsMessage<std::runtime_error>(HasSubstr("table:3: ")));
  EXPECT_THROW(table::read("A 10d 1d active - no | keep young 80d"), std::runtime_error);
}

}  // namespace
}  // namespace rekeyer::policy
