// rekeyer config migrate, on files as the AWS CLI and people write them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/commands.hpp"
#include "cli/environment_file.hpp"
#include "config/config.hpp"
#include "fakes/temporary_folder.hpp"

namespace rekeyer::cli {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;

std::map<std::string, std::string> good_environment(std::string_view text) {
  const auto variables = parse_environment_file(text, "env");
  if (variables) return *variables;
  ADD_FAILURE() << variables.error().message;
  return {};
}

std::string refused(std::string_view text) {
  const auto variables = parse_environment_file(text, "env");
  return variables ? "taken" : variables.error().message;
}

TEST(EnvironmentFile, ReadsWhatTheAwsCliPrints) {
  EXPECT_THAT(good_environment(R"({"A": "1", "B": ""})"), ElementsAre(Pair("A", "1"), Pair("B", "")));
  EXPECT_THAT(good_environment(R"( {"Variables": {"A": "1"}} )"), ElementsAre(Pair("A", "1")));
  EXPECT_THAT(good_environment(R"({"FunctionName": "f", "Timeout": 3, "Environment": {"Variables": {"A": "1"}}})"),
              ElementsAre(Pair("A", "1")));
}

TEST(EnvironmentFile, ReadsLinesAsShellsHaveThem) {
  EXPECT_THAT(good_environment("# notes\n\nA=1\nexport B='two words'\nC=\"x=y\"\r\nD=\n"),
              ElementsAre(Pair("A", "1"), Pair("B", "two words"), Pair("C", "x=y"), Pair("D", "")));
}

TEST(EnvironmentFile, RefusesWithTheLineAndWithoutItsText) {
  EXPECT_EQ(refused("A=1\nhush this\n"), "env:2: is neither NAME=VALUE nor JSON");
  EXPECT_EQ(refused("2B=1"), "env:1: is neither NAME=VALUE nor JSON");
  EXPECT_EQ(refused(" \n"), "env: is empty");
  EXPECT_THAT(refused("{"), HasSubstr("env: is not JSON"));
  EXPECT_THAT(refused(R"({"A": 1})"), HasSubstr("the value of `A` is no text"));
  EXPECT_THAT(refused(R"({"Environment": "none"})"), HasSubstr("is no map of names to texts"));
}

struct Migrated {
  int code = 0;
  std::string out;
  std::string err;
};

Migrated migrate(std::vector<std::string> files, std::string region = {}) {
  Options options;
  options.environment_files = std::move(files);
  options.region = std::move(region);
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  Migrated said;
  said.code = run_config_migrate(options);
  said.err = testing::internal::GetCapturedStderr();
  said.out = testing::internal::GetCapturedStdout();
  return said;
}

TEST(ConfigMigrate, PrintsAConfigurationOfAllFunctionsTogether) {
  const fakes::TemporaryFolder folder;
  const auto rotation = folder.write("rotation.json", R"({"RotationPeriod": "60", "RoleSessionName": "one"})").string();
  const auto notifier = folder.write("notifier.env", "ADMIN_EMAIL=keys@example.com\nRoleSessionName=other\n").string();
  const auto said = migrate({rotation, notifier}, "eu-west-1");
  EXPECT_EQ(said.code, exit_ok) << said.err;
  EXPECT_THAT(said.err, HasSubstr("warning: RoleSessionName means nothing to rekeyer"));
  const auto configuration = config::parse(said.out, "rekeyer.toml");
  ASSERT_TRUE(configuration) << config::describe(configuration.error().front());
  EXPECT_EQ(configuration->rotation.policy.organisation.rotation_period->value, std::chrono::days{60});
  EXPECT_EQ(configuration->rotation.store.region.str(), "eu-west-1");
  EXPECT_EQ(configuration->notify.from, "keys@example.com");
}

TEST(ConfigMigrate, FunctionsThatContradictEachOtherAreNotMixed) {
  const fakes::TemporaryFolder folder;
  const auto one = folder.write("one.env", "RunLambdaInVPC=True\n").string();
  const auto other = folder.write("other.env", "RunLambdaInVPC=False\n").string();
  const auto said = migrate({one, other});
  EXPECT_EQ(said.code, exit_usage);
  EXPECT_EQ(said.out, "");
  EXPECT_THAT(said.err, AllOf(HasSubstr("RunLambdaInVPC"), HasSubstr(one), HasSubstr(other)));
}

TEST(ConfigMigrate, SaysWhatMustBeChangedAndPrintsAllTheSame) {
  const fakes::TemporaryFolder folder;
  const auto said = migrate({folder.write("env", "StoreSecretsInCentralAccount=True\n").string()});
  EXPECT_EQ(said.code, exit_failed);
  EXPECT_THAT(said.out, HasSubstr("# kms_key_id = "));
  EXPECT_THAT(said.err, HasSubstr("environment variable StoreSecretsInCentralAccount: `store.kms_key_id` is required"));
}

TEST(ConfigMigrate, ABadValueAndAMisspeltNameAreToldByName) {
  const fakes::TemporaryFolder folder;
  const auto bad = migrate({folder.write("bad.env", "DryRunFlag=perhaps\n").string()});
  EXPECT_EQ(bad.code, exit_usage);
  EXPECT_EQ(bad.out, "");
  EXPECT_THAT(bad.err, HasSubstr("environment variable DryRunFlag: \"perhaps\" is neither True nor False"));
  const auto misspelt =
      migrate({folder.write("misspelt.env", "RotationPeriod=90\nInactiveBufer=5\nSECRET=hush\n").string()});
  EXPECT_EQ(misspelt.code, exit_ok);
  EXPECT_THAT(misspelt.err, AllOf(HasSubstr("\"InactiveBufer\" means nothing to rekeyer; did you mean InactiveBuffer?"),
                                  HasSubstr("\"SECRET\""), Not(HasSubstr("hush"))));
}

TEST(ConfigMigrate, NothingToMigrateIsWrongUsage) {
  const fakes::TemporaryFolder folder;
  const auto said = migrate({folder.write("env", "PATH=/bin\n").string()});
  EXPECT_EQ(said.code, exit_usage);
  EXPECT_EQ(said.out, "");
  EXPECT_THAT(said.err, HasSubstr("--from-env"));
  EXPECT_THAT(migrate({folder.file("gone").string()}).err, HasSubstr("gone"));
}

TEST(ConfigMigrate, WithoutAFileItReadsItsOwnEnvironment) {
  ASSERT_EQ(setenv("RotationPeriod", "45", 1), 0);
  const auto said = migrate({});
  unsetenv("RotationPeriod");
  EXPECT_EQ(said.code, exit_ok) << said.err;
  EXPECT_THAT(said.out, HasSubstr("rotation_period = \"45d\"  # RotationPeriod\n"));
  EXPECT_THAT(said.err, Not(HasSubstr("PATH")));
}

}  // namespace
}  // namespace rekeyer::cli
