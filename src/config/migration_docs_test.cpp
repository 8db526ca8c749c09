// docs/migrate.md has one row for each name of the older systems, with the words of the table, and no other.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>

#include "config/older_variables.hpp"

namespace rekeyer::config {
namespace {

constexpr std::string_view heading = "## Every variable and parameter";

/// The rows below that heading, as they stand there.
std::vector<std::string> documented() {
  std::ifstream file(REKEYER_MIGRATION_DOC);
  EXPECT_TRUE(file) << REKEYER_MIGRATION_DOC;
  std::vector<std::string> rows;
  bool below = false;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("## ")) below = line == heading;
    if (below && line.starts_with("| `")) rows.push_back(line);
  }
  return rows;
}

std::string keys(std::string_view becomes) {
  if (becomes.empty()) return "nothing";
  std::string quoted = "`";
  for (const char c : becomes) {
    if (c == ',') {
      quoted += "`,";
    } else if (c == ' ') {
      quoted += " `";
    } else {
      quoted += c;
    }
  }
  return quoted + "`";
}

TEST(MigrationDocs, HaveEachNameOnceInTheWordsOfTheTable) {
  std::vector<std::string> wanted;
  for (const auto& older : older_variables()) {
    wanted.push_back(fmt::format("| `{}` | {} | {} |", older.name, keys(older.becomes), older.meaning));
  }
  EXPECT_GT(wanted.size(), 50U);
  EXPECT_EQ(documented(), wanted);
}

TEST(OlderVariables, EachNameStandsOnceAndItsOtherSpellingIsThere) {
  for (const auto& older : older_variables()) {
    EXPECT_EQ(find_older_variable(older.name), &older) << older.name << " stands twice";
    if (older.same_as.empty()) continue;
    const auto* main_name = find_older_variable(older.same_as);
    ASSERT_NE(main_name, nullptr) << older.name;
    EXPECT_EQ(main_name->becomes, older.becomes) << older.name;
    EXPECT_TRUE(main_name->same_as.empty()) << older.name;
  }
}

}  // namespace
}  // namespace rekeyer::config
