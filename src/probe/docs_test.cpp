// docs/probe.md has a row for each check, in their order, and for nothing else; what rests on a belief is there.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "probe/check.hpp"

namespace rekeyer::probe {
namespace {

const std::filesystem::path docs = REKEYER_DOCS;

TEST(ProbeDocs, HaveARowForEachCheckAndForNothingElse) {
  std::ifstream page(docs / "probe.md");
  ASSERT_TRUE(page) << "docs/probe.md can't be read";
  std::vector<std::string> rows;
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with("| `") && line.find("` |") < line.find('.', line.find("` |"))) rows.push_back(line);
  }
  std::vector<std::string> wanted;
  for (const auto& check : all_checks()) {
    const auto never = check.attempt == nullptr ? fmt::format(". **Not tried:** {}", check.reason) : std::string();
    wanted.push_back(fmt::format("| `{}` | {}{} | {} |", check.name, check.belief, never, check.rests_on));
  }
  std::erase_if(rows, [](const std::string& row) { return split(row, '|').size() != 5; });
  EXPECT_EQ(rows, wanted) << "scripts/probe_docs writes them";
}

TEST(ProbeDocs, WhatIsNeverTriedIsToldHowToTryByHand) {
  std::ifstream in(docs / "first-account.md");
  const std::string page{std::istreambuf_iterator<char>(in), {}};
  std::size_t never = 0;
  for (const auto& check : all_checks()) {
    if (check.attempt != nullptr) continue;
    ++never;
    EXPECT_TRUE(page.contains(fmt::format("`{}`", check.name))) << check.name;
  }
  EXPECT_GT(never, 5U);
}

TEST(ProbeDocs, WhatRestsOnABeliefIsThere) {
  const auto checks = all_checks();
  ASSERT_FALSE(checks.empty());
  for (const auto& check : checks) {
    for (const auto path : split(check.rests_on, ',')) {
      EXPECT_TRUE(std::filesystem::exists(docs.parent_path() / trimmed(path))) << check.name << ": " << path;
    }
  }
}

}  // namespace
}  // namespace rekeyer::probe
