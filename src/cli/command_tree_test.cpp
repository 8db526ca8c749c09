// The commands as data are those that the parser has: held against what --help says.
#include "cli/command_tree.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <sstream>

#include "cli/options.hpp"

namespace rekeyer::cli {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// `rekeyer PATH --help`.
std::string help_of(const CommandText& command) {
  std::vector<std::string> words{"rekeyer"};
  std::istringstream path(command.path);
  for (std::string word; path >> word;) words.push_back(word);
  words.emplace_back("--help");
  std::vector<const char*> arguments;
  arguments.reserve(words.size());
  for (const auto& word : words) arguments.push_back(word.c_str());
  return parse_options(static_cast<int>(arguments.size()), arguments.data()).out;
}

/// The first word of each indented line; "-h,--help" gives two.
std::set<std::string> first_words(const std::string& help, bool flags) {
  std::set<std::string> found;
  std::istringstream lines(help);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("  ") || line.starts_with("   ")) continue;
    std::istringstream first(line.substr(2, line.find(' ', 2) - 2));
    for (std::string word; std::getline(first, word, ',');) {
      if (word.starts_with("-") == flags) found.insert(word);
    }
  }
  return found;
}

const CommandText& command_at(const CommandText& root, std::string_view path) {
  for (const auto* command : with_all_below(root)) {
    if (command->path == path) return *command;
  }
  throw std::logic_error("no command " + std::string(path));
}

const FlagText& flag_at(const CommandText& root, std::string_view path, std::string_view name) {
  for (const auto& flag : command_at(root, path).flags) {
    if (flag.argument() ? flag.value == name : flag.names.front() == name) return flag;
  }
  throw std::logic_error("no flag " + std::string(name));
}

TEST(CommandTree, HasTheFlagsAndCommandsThatHelpTells) {
  const auto root = described_commands();
  for (const auto* command : with_all_below(root)) {
    std::set<std::string> flags;
    std::set<std::string> others;  // commands and arguments
    for (const auto& flag : command->flags) {
      flags.insert(flag.names.begin(), flag.names.end());
      if (flag.argument()) others.insert(flag.value);
      EXPECT_NE(flag.text, "") << command->path << ": a flag without a text";
    }
    for (const auto& below : command->commands) others.insert(below.name);
    const auto help = help_of(*command);
    EXPECT_EQ(flags, first_words(help, true)) << command->path;
    EXPECT_EQ(others, first_words(help, false)) << command->path;
  }
}

TEST(CommandTree, NamesCommandsByAllTheirWords) {
  const auto root = described_commands();
  EXPECT_EQ(root.name, "rekeyer");
  EXPECT_EQ(root.path, "");
  EXPECT_EQ(command_at(root, "sandbox serve").name, "serve");
  EXPECT_EQ(command_at(root, "sandbox").commands.size(), 2U);
}

TEST(CommandTree, TellsWhatAFlagTakes) {
  const auto root = described_commands();
  const auto& yes = flag_at(root, "apply", "--yes");
  EXPECT_THAT(yes.names, ElementsAre("--yes", "-y"));
  EXPECT_FALSE(yes.takes_value());
  const auto& format = flag_at(root, "plan", "--format");
  EXPECT_TRUE(format.takes_value());
  EXPECT_FALSE(format.file);
  EXPECT_THAT(format.choices, ElementsAre("table", "json", "csv"));
  const auto& region = flag_at(root, "", "--region");
  EXPECT_TRUE(region.takes_value());
  EXPECT_THAT(region.choices, IsEmpty());
  EXPECT_EQ(flag_at(root, "sandbox serve", "--port").standard, "5000");
}

TEST(CommandTree, TellsFilesFromTexts) {
  const auto root = described_commands();
  EXPECT_TRUE(flag_at(root, "", "--config").file);
  EXPECT_TRUE(flag_at(root, "sandbox serve", "--world").file);
  EXPECT_TRUE(flag_at(root, "config init", "file").file);
  EXPECT_FALSE(flag_at(root, "plan", "--at").file);
}

TEST(CommandTree, TellsWhatMayBeRepeatedAndWhatMustBeThere) {
  const auto root = described_commands();
  EXPECT_TRUE(flag_at(root, "plan", "--account").repeatable);
  EXPECT_FALSE(flag_at(root, "plan", "--account").required);
  EXPECT_FALSE(flag_at(root, "rotate", "--account").repeatable);
  EXPECT_TRUE(flag_at(root, "rotate", "--account").required);
}

TEST(CommandTree, KnowsWhichFlagsMayStandEverywhere) {
  const auto root = described_commands();
  EXPECT_GT(own_flags(root, command_at(root, "plan")).size(), 5U);
  for (const auto* flag : own_flags(root, command_at(root, "plan"))) {
    EXPECT_THAT(flag->names, testing::Not(testing::Contains("--help")));
  }
  EXPECT_EQ(own_flags(root, command_at(root, "config check")).size(), 0U);
  EXPECT_EQ(own_flags(root, command_at(root, "completion")).size(), 1U) << "an argument is a command's own";
}

}  // namespace
}  // namespace rekeyer::cli
