// The command line: every command and flag, wherever global ones stand, and what wrong usage says.
#include "cli/options.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <sstream>

namespace rekeyer::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::MatchesRegex;
using testing::StartsWith;

Parsed parse(const std::vector<std::string>& words) {
  std::vector<const char*> arguments{"rekeyer"};
  for (const auto& word : words) arguments.push_back(word.c_str());
  return parse_options(static_cast<int>(arguments.size()), arguments.data());
}

/// The options of a line that is right; nothing is printed then.
Options good(const std::vector<std::string>& words) {
  const auto parsed = parse(words);
  EXPECT_EQ(parsed.out, "");
  EXPECT_EQ(parsed.err, "");
  EXPECT_EQ(parsed.exit_code, 0);
  EXPECT_TRUE(parsed.options) << testing::PrintToString(words);
  return parsed.options.value_or(Options{});
}

/// What is said on stderr to a line that is wrong: exit code 2, and nothing on stdout.
std::string complaint(const std::vector<std::string>& words) {
  const auto parsed = parse(words);
  EXPECT_FALSE(parsed.options) << testing::PrintToString(words);
  EXPECT_EQ(parsed.exit_code, 2) << testing::PrintToString(words);
  EXPECT_EQ(parsed.out, "");
  EXPECT_NE(parsed.err, "") << testing::PrintToString(words);
  return parsed.err;
}

const std::string account = "111111111111";
const std::string other = "222222222222";

std::vector<std::string> texts(const auto& names) {
  std::vector<std::string> result;
  for (const auto& name : names) result.push_back(name.str());
  return result;
}
using Texts = std::vector<std::string>;

TEST(Options, HaveDefaultsThatAskForNothingSpecial) {
  const auto options = good({"plan"});
  EXPECT_EQ(options.command, Command::plan);
  EXPECT_EQ(options.profile + options.region + options.endpoint_url + options.config_file + options.at, "");
  EXPECT_EQ(options.log_level, log::Level::warn);
  EXPECT_EQ(options.log_format, log::Format::text);
  EXPECT_EQ(options.colour, Colour::automatic);
  EXPECT_EQ(options.format, report::Format::table);
  EXPECT_FALSE(options.all || options.exit_code || options.yes || options.deactivate_now || options.force);
  EXPECT_FALSE(options.max_changes);
  EXPECT_THAT(options.filter.accounts, IsEmpty());
  EXPECT_THAT(options.filter.ous, IsEmpty());
  EXPECT_THAT(options.filter.users, IsEmpty());
}

TEST(Options, OfPlan) {
  const auto options =
      good({"plan", "--account", account, "--account=" + other, "--ou", "ou-ab12-cdef3456", "--ou", "r-ab12", "--user",
            "ann", "--user", "bob", "--format", "csv", "--at", "+30d", "--all", "--exit-code"});
  EXPECT_EQ(options.command, Command::plan);
  EXPECT_EQ(texts(options.filter.accounts), (Texts{account, other}));
  EXPECT_EQ(texts(options.filter.ous), (Texts{"ou-ab12-cdef3456", "r-ab12"}));
  EXPECT_EQ(texts(options.filter.users), (Texts{"ann", "bob"}));
  EXPECT_EQ(options.format, report::Format::csv);
  EXPECT_EQ(options.at, "+30d");
  EXPECT_TRUE(options.all);
  EXPECT_TRUE(options.exit_code);
}

TEST(Options, OfApply) {
  const auto options = good({"apply", "--account", account, "--ou", "ou-ab12-cdef3456", "--user", "ann",
                             "--max-changes", "7", "--yes", "--all", "--format", "json"});
  EXPECT_EQ(options.command, Command::apply);
  EXPECT_EQ(texts(options.filter.accounts), Texts{account});
  EXPECT_EQ(texts(options.filter.users), Texts{"ann"});
  EXPECT_EQ(options.max_changes, 7);
  EXPECT_TRUE(options.yes);
  EXPECT_TRUE(options.all);
  EXPECT_EQ(options.format, report::Format::json);
  EXPECT_TRUE(good({"apply", "-y"}).yes);
  EXPECT_FALSE(good({"apply"}).yes);
}

TEST(Options, OfRotate) {
  const auto options = good({"rotate", "--account", account, "--user", "ann", "--user", "bob", "--deactivate-now",
                             "--yes", "--format", "json"});
  EXPECT_EQ(options.command, Command::rotate);
  EXPECT_EQ(texts(options.filter.accounts), Texts{account});
  EXPECT_EQ(texts(options.filter.users), (Texts{"ann", "bob"}));
  EXPECT_TRUE(options.deactivate_now);
  EXPECT_TRUE(options.yes);
  EXPECT_EQ(options.format, report::Format::json);
  EXPECT_FALSE(good({"rotate", "--account", account, "--user", "ann"}).deactivate_now);
}

TEST(Options, OfExplain) {
  const auto options =
      good({"explain", "--account", account, "--user", "ann", "--at", "2026-12-24", "--format", "json"});
  EXPECT_EQ(options.command, Command::explain);
  EXPECT_EQ(texts(options.filter.accounts), Texts{account});
  EXPECT_EQ(texts(options.filter.users), Texts{"ann"});
  EXPECT_EQ(options.at, "2026-12-24");
  EXPECT_EQ(options.format, report::Format::json);
}

TEST(Options, OfConfig) {
  EXPECT_EQ(good({"config", "check"}).command, Command::config_check);
  const auto init = good({"config", "init"});
  EXPECT_EQ(init.command, Command::config_init);
  EXPECT_EQ(init.output, "");
  EXPECT_FALSE(init.force);
  const auto elsewhere = good({"config", "init", "etc/rekeyer.toml", "--force"});
  EXPECT_EQ(elsewhere.output, "etc/rekeyer.toml");
  EXPECT_TRUE(elsewhere.force);
  EXPECT_EQ(good({"config", "init", "-"}).output, "-");
}

TEST(Options, ConfigMigrateTakesFilesOneByOne) {
  const auto own = good({"config", "migrate"});
  EXPECT_EQ(own.command, Command::config_migrate);
  EXPECT_THAT(own.environment_files, IsEmpty());
  const auto files =
      good({"config", "migrate", "--from-env", "a.json", "--region", "eu-west-1", "--from-env", "b.env"});
  EXPECT_EQ(files.command, Command::config_migrate);
  EXPECT_THAT(files.environment_files, testing::ElementsAre("a.json", "b.env"));
  EXPECT_EQ(files.region, "eu-west-1");
  EXPECT_THAT(complaint({"config", "migrate", "--from-env"}), HasSubstr("--from-env"));
  EXPECT_THAT(complaint({"config", "migrate", "a.json"}), HasSubstr("a.json"));
}

TEST(Options, GlobalOnesStandBeforeOrAfterAnyCommand) {
  const Texts globals{"--profile", "audit",   "--region",    "eu-west-1", "--endpoint-url", "http://localhost:5000",
                      "--config",  "my.toml", "--log-level", "debug",     "--log-format",   "json",
                      "--color",   "off"};
  const std::vector<Texts> commands{{"plan"},
                                    {"apply"},
                                    {"rotate", "--account", account, "--user", "ann"},
                                    {"explain", "--account", account, "--user", "ann"},
                                    {"config", "check"},
                                    {"config", "init"}};
  for (const auto& command : commands) {
    for (const bool before : {true, false}) {
      Texts words = before ? globals : command;
      const auto& rest = before ? command : globals;
      words.insert(words.end(), rest.begin(), rest.end());
      SCOPED_TRACE(testing::PrintToString(words));
      const auto options = good(words);
      EXPECT_EQ(options.profile, "audit");
      EXPECT_EQ(options.region, "eu-west-1");
      EXPECT_EQ(options.endpoint_url, "http://localhost:5000");
      EXPECT_EQ(options.config_file, "my.toml");
      EXPECT_EQ(options.log_level, log::Level::debug);
      EXPECT_EQ(options.log_format, log::Format::json);
      EXPECT_EQ(options.colour, Colour::off);
    }
  }
  EXPECT_EQ(good({"config", "--config", "my.toml", "check"}).config_file, "my.toml");
}

TEST(Options, EveryWordOfAChoiceIsTaken) {
  using log::Level;
  for (const auto& [word, level] : std::map<std::string, Level>{{"debug", Level::debug},
                                                                {"info", Level::info},
                                                                {"warn", Level::warn},
                                                                {"error", Level::error},
                                                                {"off", Level::off}}) {
    EXPECT_EQ(good({"plan", "--log-level", word}).log_level, level) << word;
  }
  EXPECT_EQ(good({"plan", "--log-format", "text"}).log_format, log::Format::text);
  EXPECT_EQ(good({"plan", "--color", "on"}).colour, Colour::on);
  EXPECT_EQ(good({"plan", "--color", "auto"}).colour, Colour::automatic);
  EXPECT_EQ(good({"plan", "--format", "table"}).format, report::Format::table);
}

TEST(Options, AValueMayLookLikeACommand) {
  EXPECT_EQ(texts(good({"plan", "--user", "apply"}).filter.users), Texts{"apply"});
  EXPECT_EQ(good({"--profile", "plan", "apply"}).command, Command::apply);
}

TEST(WrongUsage, NamesTheBadIdAndWhatItShouldBe) {
  for (const std::string_view bad : {"11111111111", "1111111111111", "11111111111a", "prod"}) {
    EXPECT_THAT(complaint({"plan", "--account", std::string(bad)}),
                AllOf(StartsWith("rekeyer: "), HasSubstr("--account"), HasSubstr("twelve digits"), HasSubstr(bad)));
  }
  EXPECT_THAT(complaint({"plan", "--account", account, "--account", "x"}), HasSubstr("`x`"));
  EXPECT_THAT(complaint({"rotate", "--account", "1", "--user", "ann"}), HasSubstr("twelve digits"));
  EXPECT_THAT(complaint({"plan", "--ou", "Sandbox"}),
              AllOf(HasSubstr("--ou"), HasSubstr("ou-ab12-cdef3456"), HasSubstr("`Sandbox`")));
}

TEST(WrongUsage, NamesTheBadWordAndTheGoodOnes) {
  EXPECT_THAT(complaint({"plan", "--format", "yaml"}),
              AllOf(HasSubstr("--format"), HasSubstr("yaml"), HasSubstr("csv")));
  EXPECT_THAT(complaint({"explain", "--account", account, "--user", "a", "--format", "csv"}), HasSubstr("--format"));
  EXPECT_THAT(complaint({"plan", "--color", "always"}), AllOf(HasSubstr("--color"), HasSubstr("auto")));
  EXPECT_THAT(complaint({"plan", "--log-level", "loud"}), AllOf(HasSubstr("--log-level"), HasSubstr("debug")));
  EXPECT_THAT(complaint({"plan", "--log-format", "xml"}), AllOf(HasSubstr("--log-format"), HasSubstr("json")));
  EXPECT_THAT(complaint({"plan", "--at", "yesterday"}),
              AllOf(HasSubstr("--at"), HasSubstr("yesterday"), HasSubstr("+30d")));
}

TEST(WrongUsage, ACommandIsNeeded) {
  EXPECT_THAT(complaint({}), HasSubstr("--help"));
  complaint({"--profile", "audit"});
  complaint({"config"});
  complaint({"rotat"});
  complaint({"plan", "apply"});
  complaint({"config", "check", "init"});
}

TEST(WrongUsage, RotateAndExplainNeedAnAccountAndUsers) {
  EXPECT_THAT(complaint({"rotate"}), HasSubstr("required"));
  EXPECT_THAT(complaint({"rotate", "--account", account}), AllOf(HasSubstr("--user"), HasSubstr("required")));
  EXPECT_THAT(complaint({"rotate", "--user", "ann"}), AllOf(HasSubstr("--account"), HasSubstr("required")));
  EXPECT_THAT(complaint({"explain", "--account", account}), HasSubstr("--user"));
  EXPECT_THAT(complaint({"explain", "--user", "ann"}), HasSubstr("--account"));
}

TEST(WrongUsage, OneAccountMeansOne) {
  complaint({"rotate", "--account", account, "--account", other, "--user", "ann"});
  complaint({"rotate", "--account", account, other, "--user", "ann"});
  complaint({"explain", "--account", account, "--user", "ann", "--user", "bob"});
}

TEST(WrongUsage, AFlagTakesOneValueOnly) {
  // Else `--user ann bob` would take a forgotten flag's value for a user.
  complaint({"plan", "--user", "ann", "bob"});
  complaint({"plan", "--account", account, other});
  complaint({"rotate", "--account", account, "--user", "ann", "bob"});
  complaint({"plan", "--user"});
}

TEST(WrongUsage, AnEmptyUserIsNotEverybody) {
  complaint({"plan", "--user", ""});
  complaint({"rotate", "--account", account, "--user", ""});
  complaint({"plan", "--account", ""});
  complaint({"plan", "--ou", ""});
}

TEST(WrongUsage, ALimitIsAPositiveWholeNumber) {
  for (const std::string_view bad : {"0", "-1", "1.5", "many", "", "99999999999999999999999"}) {
    complaint({"apply", "--max-changes", std::string(bad)});
  }
}

TEST(WrongUsage, AFlagOfAnotherCommandIsUnknown) {
  EXPECT_THAT(complaint({"plan", "--yes"}), HasSubstr("--yes"));
  EXPECT_THAT(complaint({"plan", "--max-changes", "3"}), HasSubstr("--max-changes"));
  EXPECT_THAT(complaint({"apply", "--at", "+1d"}), HasSubstr("--at"));
  EXPECT_THAT(complaint({"apply", "--exit-code"}), HasSubstr("--exit-code"));
  EXPECT_THAT(complaint({"rotate", "--account", account, "--user", "a", "--ou", "ou-ab12-cdef3456"}),
              HasSubstr("--ou"));
  complaint({"plan", "extra"});
  complaint({"config", "init", "a", "b"});
}

TEST(Help, GoesToStandardOutputWithSuccess) {
  const auto help = parse({"--help"});
  EXPECT_FALSE(help.options);
  EXPECT_EQ(help.exit_code, 0);
  EXPECT_EQ(help.err, "");
  for (const auto* word : {"plan", "apply", "rotate", "explain", "config", "--profile", "--region", "--endpoint-url",
                           "--config", "--log-level", "--log-format", "--color", "Exit codes: 0"}) {
    EXPECT_THAT(help.out, HasSubstr(word));
  }
}

/// The first word of each line that tells of a flag or a command: "--yes" of "  -y,--yes        Do not ask".
std::set<std::string> told_by(const std::string& help) {
  std::set<std::string> told;
  std::istringstream lines(help);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("  ") || line.starts_with("   ")) continue;
    const auto word = line.substr(2, line.find(' ', 2) - 2);
    told.insert(word.substr(word.rfind(',') + 1));
  }
  return told;
}

TEST(Help, OfACommandTellsItsFlagsAndNoOthers) {
  const std::map<std::string, std::set<std::string>> flags{
      {"plan", {"--account", "--ou", "--user", "--format", "--at", "--all", "--ids", "--exit-code", "--notify"}},
      {"apply", {"--account", "--ou", "--user", "--format", "--all", "--max-changes", "--yes"}},
      {"rotate", {"--account", "--user", "--format", "--deactivate-now", "--yes"}},
      {"inventory", {"--account", "--ou", "--user", "--format", "--ids"}},
      {"explain", {"--account", "--user", "--format", "--at"}},
      {"config", {"check", "init", "migrate"}}};
  for (auto [command, words] : flags) {
    const auto help = parse({command, "--help"});
    EXPECT_EQ(help.exit_code, 0) << command;
    EXPECT_EQ(help.err, "") << command;
    words.insert("--help");
    EXPECT_EQ(told_by(help.out), words) << command;
  }
}

TEST(Help, VersionIsOneLineOnStandardOutput) {
  const auto version = parse({"--version"});
  EXPECT_FALSE(version.options);
  EXPECT_EQ(version.exit_code, 0);
  EXPECT_EQ(version.err, "");
  EXPECT_THAT(version.out, MatchesRegex("rekeyer [0-9]+\\.[0-9]+\\.[0-9]+\n"));
}

TEST(ParseAt, ReadsDatesInstantsAndDistances) {
  const Instant now = std::chrono::sys_days{std::chrono::year{2026} / 11 / 22} + std::chrono::hours{6};
  const Instant christmas = std::chrono::sys_days{std::chrono::year{2026} / 12 / 24};
  EXPECT_EQ(parse_at("2026-12-24", now).value(), christmas);
  EXPECT_EQ(parse_at("2026-12-24T08:00:00Z", now).value(), christmas + std::chrono::hours{8});
  EXPECT_EQ(parse_at("2026-12-24T08:00:00+02:00", now).value(), christmas + std::chrono::hours{6});
  EXPECT_EQ(parse_at("+30d", now).value(), now + std::chrono::days{30});
  EXPECT_EQ(parse_at("+1d12h", now).value(), now + std::chrono::hours{36});
  for (const auto* bad : {"", "+", "30d", "-30d", "+30", "++30d", "+ 30d", "2026-13-01", "tomorrow", "+99999999d"}) {
    const auto at = parse_at(bad, now);
    ASSERT_FALSE(at) << bad;
    EXPECT_EQ(at.error().kind, ErrorKind::usage);
    EXPECT_THAT(at.error().message, AllOf(HasSubstr("--at"), HasSubstr(bad)));
  }
}

}  // namespace
}  // namespace rekeyer::cli
