// The sandbox's flags: their defaults, what they set, and what is refused before anything starts.
#include "cli/options_sandbox.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/options_fixture.hpp"

namespace rekeyer::cli {
namespace {

using testing::HasSubstr;

Parsed parse_sandbox(const std::vector<std::string>& words) { return fixture::Lines("sandbox").parse(words); }

TEST(SandboxOptions, ServeHasAWorldAndAPortWithoutAnyFlag) {
  const auto parsed = parse_sandbox({"serve"});
  ASSERT_TRUE(parsed.options) << parsed.err;
  EXPECT_EQ(parsed.options->command, Command::sandbox_serve);
  const auto& sandbox = parsed.options->sandbox;
  EXPECT_EQ(sandbox.listen, "127.0.0.1");
  EXPECT_EQ(sandbox.port, 5000);
  EXPECT_EQ(sandbox.world_file, "");
  EXPECT_EQ(sandbox.accounts, 12);
  EXPECT_EQ(sandbox.users, 300);
  EXPECT_FALSE(sandbox.tended);
  EXPECT_EQ(sandbox.tested_processes_of, std::nullopt);
  EXPECT_FALSE(sandbox.quiet);
}

TEST(SandboxOptions, ServeTakesAWorldsShapeOrFile) {
  const auto shaped =
      parse_sandbox({"serve", "--port", "0", "--seed", "7", "--accounts", "3", "--users", "0", "--days-ahead", "2.5",
                     "--tended", "--victims-of", "4711", "--quiet", "--listen", "::1"});
  ASSERT_TRUE(shaped.options) << shaped.err;
  const auto& sandbox = shaped.options->sandbox;
  EXPECT_EQ(sandbox.port, 0);
  EXPECT_EQ(sandbox.seed, 7);
  EXPECT_EQ(sandbox.accounts, 3);
  EXPECT_EQ(sandbox.users, 0);
  EXPECT_EQ(sandbox.days_ahead, 2.5);
  EXPECT_TRUE(sandbox.tended);
  EXPECT_EQ(sandbox.tested_processes_of, 4711);
  EXPECT_TRUE(sandbox.quiet);
  EXPECT_EQ(sandbox.listen, "::1");
  const auto described = parse_sandbox({"serve", "--world", "w.json", "--seed", "9"});
  ASSERT_TRUE(described.options) << described.err;
  EXPECT_EQ(described.options->sandbox.world_file, "w.json");
}

TEST(SandboxOptions, GenerateWritesSomewhere) {
  const auto parsed = parse_sandbox({"generate", "--users", "5", "--tended", "--out", "w.json"});
  ASSERT_TRUE(parsed.options) << parsed.err;
  EXPECT_EQ(parsed.options->command, Command::sandbox_generate);
  EXPECT_EQ(parsed.options->sandbox.users, 5);
  EXPECT_TRUE(parsed.options->sandbox.tended);
  EXPECT_EQ(parsed.options->sandbox.output, "w.json");
}

TEST(SandboxOptions, WrongOnesAreNamed) {
  const std::pair<std::vector<std::string>, std::string> cases[] = {
      {{"serve", "--port", "65536"}, "--port"},
      {{"serve", "--port", "-1"}, "--port"},
      {{"serve", "--accounts", "0"}, "--accounts"},
      {{"serve", "--days-ahead", "1e9"}, "--days-ahead"},
      {{"serve", "--world", "w", "--users", "3"}, "--world"},
      {{"serve", "--world", "w", "--tended"}, "--world"},
      {{"generate", "--world", "w"}, "--world"},
      {{}, "subcommand"},
  };
  for (const auto& [words, named] : cases) {
    const auto parsed = parse_sandbox(words);
    EXPECT_FALSE(parsed.options) << testing::PrintToString(words);
    EXPECT_EQ(parsed.exit_code, 2) << testing::PrintToString(words);
    EXPECT_THAT(parsed.err, HasSubstr(named)) << testing::PrintToString(words);
  }
}

}  // namespace
}  // namespace rekeyer::cli
