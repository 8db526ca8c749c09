// docs/configuration.md says of every key what the table of keys says, and of no other key anything.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "base/text.hpp"
#include "config/keys.hpp"

namespace rekeyer::config {
namespace {

struct Row {
  std::string fallback;
  std::string allowed;
};
using Documented = std::map<std::string, std::map<std::string, Row>>;  ///< table → key → row

std::string without(std::string text, char unwanted) {
  std::erase(text, unwanted);
  return text;
}

std::vector<std::string> cells(const std::string& line) {
  std::vector<std::string> result;
  std::istringstream parts(line.substr(1));
  for (std::string cell; std::getline(parts, cell, '|');) result.emplace_back(trimmed(cell, " "));
  return result;
}

/// The rows of each section "## `[table]`", "## `[[table]]`" or "## `match`".
Documented read_docs(std::istream& docs) {
  Documented documented;
  std::string table;
  for (std::string line; std::getline(docs, line);) {
    if (line.starts_with("## ")) {
      table = line.starts_with("## `") ? without(without(without(line.substr(3), '`'), '['), ']') : "";
    } else if (!table.empty() && line.starts_with("| `")) {
      const auto columns = cells(line);
      if (columns.size() < 4) {
        ADD_FAILURE() << "too few columns: " << line;
        continue;
      }
      documented[table][without(columns[0], '`')] = {without(columns[1], '`'), without(columns[2], '`')};
    }
  }
  return documented;
}

TEST(ConfigDocs, SayWhatTheTableOfKeysSays) {
  std::ifstream file(REKEYER_CONFIGURATION_DOC);
  ASSERT_TRUE(file) << REKEYER_CONFIGURATION_DOC;
  auto documented = read_docs(file);
  for (const auto& table : tables()) {
    for (const auto& key : table.keys) {
      auto rows = documented[std::string(table.name)].extract(std::string(key.name));
      if (rows.empty()) {
        ADD_FAILURE() << "not documented: " << key.name << " in " << table.name;
        continue;
      }
      const auto& row = rows.mapped();
      EXPECT_EQ(row.fallback, key.fallback.empty() ? "none" : key.fallback) << table.name << "." << key.name;
      const bool as_in_policy = table.name == "override" && key.name != "match";
      EXPECT_EQ(row.allowed, as_in_policy ? "as in [policy]" : allowed_text(key)) << table.name << "." << key.name;
    }
  }
  for (const auto& [table, rows] : documented) {
    for (const auto& [key, row] : rows) ADD_FAILURE() << "documented, but not taken: " << key << " in " << table;
  }
}

}  // namespace
}  // namespace rekeyer::config
