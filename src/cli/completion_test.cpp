// Every command and flag is in the script of each shell, under its own command. That the shells really offer them is
// tested in tests/package.
#include "cli/completion.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "cli/options.hpp"

namespace rekeyer::cli {
namespace {

using testing::HasSubstr;

/// From the first place that begins with `from`, up to `to`; empty where there is none.
std::string part(const std::string& script, const std::string& from, const std::string& to) {
  const auto begin = script.find(from);
  if (begin == std::string::npos) return {};
  return script.substr(begin, script.find(to, begin + from.size()) - begin);
}

std::string underscored(std::string path) {
  std::ranges::replace(path, ' ', '_');
  return path.empty() ? "_rekeyer" : "_rekeyer_" + path;
}

TEST(BashCompletion, HasEveryCommandAndFlag) {
  const auto root = described_commands();
  const auto script = bash_completion(root);
  for (const auto* command : with_all_below(root)) {
    const auto line = part(script, "    '" + command->path + "') words=", ";;");
    ASSERT_NE(line, "") << command->path;
    for (const auto& below : command->commands) EXPECT_THAT(line, testing::ContainsRegex("[' ]" + below.name + "[' ]"));
    if (command == &root) continue;
    for (const auto* flag : own_flags(root, *command)) {
      for (const auto& name : flag->names) EXPECT_THAT(line, testing::ContainsRegex(" " + name + "[\" ]"));
      for (const auto& name : flag->names) {
        const auto value = "\n  '" + command->path + " " + name + "')";
        EXPECT_EQ(script.find(value) != std::string::npos, flag->takes_value()) << value;
      }
    }
  }
  const auto everywhere = part(script, "flags='--", "\n") + " ";
  for (const auto& flag : root.flags) {
    for (const auto& name : flag.names) EXPECT_THAT(everywhere, testing::ContainsRegex("[' ]" + name + "[' ]"));
  }
}

TEST(ZshCompletion, HasEveryCommandAndFlag) {
  const auto root = described_commands();
  const auto script = zsh_completion(root);
  for (const auto* command : with_all_below(root)) {
    const auto function = part(script, "\n" + underscored(command->path) + "() {", "\n}\n");
    ASSERT_NE(function, "") << command->path;
    for (const auto& below : command->commands) {
      EXPECT_THAT(function, HasSubstr("'" + below.name + ":"));
      EXPECT_THAT(function, HasSubstr(below.name + ") " + underscored(below.path) + " ;;"));
    }
    for (const auto& flag : command->flags) {
      for (const auto& name : flag.names) EXPECT_THAT(function, testing::ContainsRegex("[*)]" + name + "=?\\["));
    }
    for (const auto& flag : root.flags) {
      for (const auto& name : flag.names) EXPECT_THAT(function, testing::ContainsRegex("[*)]" + name + "=?\\["));
    }
  }
}

TEST(FishCompletion, HasEveryCommandAndFlag) {
  const auto root = described_commands();
  const auto script = fish_completion(root);
  for (const auto* command : with_all_below(root)) {
    const auto beginning =
        "\ncomplete -c rekeyer" + (command == &root ? "" : " -n '__rekeyer_at " + command->path + "'");
    const auto at = command->path.empty() ? "" : " " + command->path;
    for (const auto& below : command->commands) {
      EXPECT_THAT(script, HasSubstr("\ncomplete -c rekeyer -n '__rekeyer_at" + at + "' -a " + below.name + " "));
    }
    for (const auto* flag : own_flags(root, *command)) {
      if (flag->argument()) continue;
      EXPECT_THAT(script, HasSubstr(beginning + " -l " + flag->names.front().substr(2) + " ")) << command->path;
    }
    if (command != &root) continue;
    for (const auto& flag : root.flags) EXPECT_THAT(script, HasSubstr(beginning + " -l " + flag.names[0].substr(2)));
  }
}

/// A tree whose texts hold everything that a shell could take for its own.
CommandText awkward() {
  CommandText command;
  command.name = "plan";
  command.path = "plan";
  command.text = "It's [due]: now";
  command.flags.push_back({{"--at"}, "TEXT", {}, "", "Don't: [a] \\ $HOME `x`", false, false, false});
  CommandText root;
  root.name = "rekeyer";
  root.commands.push_back(command);
  return root;
}

TEST(ZshCompletion, TakesNoTextForSyntax) {
  const auto script = zsh_completion(awkward());
  EXPECT_THAT(script, HasSubstr(R"('plan:It'\''s [due]\: now')"));
  EXPECT_THAT(script, HasSubstr(R"('(--at)--at=[Don'\''t\: \[a\] \\ $HOME `x`]:TEXT:')"));
}

TEST(FishCompletion, TakesNoTextForSyntax) {
  const auto script = fish_completion(awkward());
  EXPECT_THAT(script, HasSubstr(R"(-l at -x -d 'Don\'t: [a] \\ $HOME `x`')"));
}

}  // namespace
}  // namespace rekeyer::cli
