// rekeyer config init and config check, on real files.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/commands.hpp"
#include "config/config.hpp"
#include "fakes/temporary_folder.hpp"

namespace rekeyer::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;

/// What a command said and with what it ended.
struct Said {
  int code = 0;
  std::string out;
  std::string err;
};

Said run(int (*command)(const Options&), const Options& options) {
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  Said said;
  said.code = command(options);
  said.err = testing::internal::GetCapturedStderr();
  said.out = testing::internal::GetCapturedStdout();
  return said;
}

Said init(std::string output, bool force = false) {
  Options options;
  options.output = std::move(output);
  options.force = force;
  return run(run_config_init, options);
}

Said check(std::string file) {
  Options options;
  options.config_file = std::move(file);
  return run(run_config_check, options);
}

TEST(ConfigInit, WritesAFileThatConfigCheckFindsGood) {
  const fakes::TemporaryFolder folder;
  const auto path = folder.file("rekeyer.toml").string();
  const auto written = init(path);
  EXPECT_EQ(written.code, exit_ok);
  EXPECT_EQ(written.out, "");
  EXPECT_THAT(written.err, HasSubstr(path));
  EXPECT_EQ(folder.read("rekeyer.toml"), config::starter_file());
  const auto checked = check(path);
  EXPECT_EQ(checked.code, exit_ok) << checked.err;
  EXPECT_EQ(checked.err, "");
  EXPECT_THAT(checked.out, AllOf(HasSubstr(path), HasSubstr("good")));
}

TEST(ConfigInit, NeverOverwritesUnlessForced) {
  const fakes::TemporaryFolder folder;
  const auto path = folder.write("rekeyer.toml", "# mine\n").string();
  const auto refused = init(path);
  EXPECT_EQ(refused.code, exit_usage);
  EXPECT_THAT(refused.err, AllOf(HasSubstr(path), HasSubstr("--force")));
  EXPECT_EQ(folder.read("rekeyer.toml"), "# mine\n");
  EXPECT_EQ(init(path, true).code, exit_ok);
  EXPECT_EQ(folder.read("rekeyer.toml"), config::starter_file());
}

TEST(ConfigInit, WritesToStandardOutputWhereAskedTo) {
  const auto said = init("-");
  EXPECT_EQ(said.code, exit_ok);
  EXPECT_EQ(said.out, config::starter_file());
  EXPECT_EQ(said.err, "");
}

TEST(ConfigInit, SaysThatAFileCanNotBeWritten) {
  const fakes::TemporaryFolder folder;
  const auto said = init(folder.file("missing/rekeyer.toml").string());
  EXPECT_EQ(said.code, exit_failed);
  EXPECT_THAT(said.err, HasSubstr("can't be written"));
}

TEST(ConfigCheck, SaysEveryProblemWithItsLine) {
  const fakes::TemporaryFolder folder;
  const auto path = folder.write("rekeyer.toml", "[policy]\nrotation_perod = \"90d\"\nwarn_period = 7\n").string();
  const auto said = check(path);
  EXPECT_EQ(said.code, exit_usage);
  EXPECT_EQ(said.out, "");
  EXPECT_THAT(said.err, AllOf(HasSubstr(path + ":2:"), HasSubstr("rotation_period"), HasSubstr(path + ":3:")));
}

TEST(ConfigCheck, AFileThatWasNamedMustBeThere) {
  const fakes::TemporaryFolder folder;
  const auto said = check(folder.file("gone.toml").string());
  EXPECT_EQ(said.code, exit_usage);
  EXPECT_THAT(said.err, HasSubstr("gone.toml"));
}

TEST(ReportError, SaysItOnStandardErrorAndGivesTheExitCode) {
  const auto said = [](const Error& error) {
    testing::internal::CaptureStderr();
    const int code = report_error(error);
    return std::pair(code, testing::internal::GetCapturedStderr());
  };
  EXPECT_EQ(said({ErrorKind::usage, "no such file", {}, {}, {}}),
            std::pair(exit_usage, std::string("rekeyer: no such file\n")));
  EXPECT_EQ(said({ErrorKind::access_denied, "no", "AccessDenied", "sts:AssumeRole", {}}),
            std::pair(exit_failed, std::string("rekeyer: sts:AssumeRole: AccessDenied: no\n")));
}

}  // namespace
}  // namespace rekeyer::cli
