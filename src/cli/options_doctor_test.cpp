#include "cli/options_doctor.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "cli/options_fixture.hpp"

namespace rekeyer::cli {
namespace {

using testing::HasSubstr;

Options doctor_options(const std::vector<std::string>& words) { return fixture::Lines("doctor").good(words); }
std::string doctor_complaint(const std::vector<std::string>& words) {
  return fixture::Lines("doctor").complaint(words);
}

class DoctorOptionsTest : public testing::Test {
 protected:
  void SetUp() override { unsetenv("REKEYER_RUNS"); }
  void TearDown() override { unsetenv("REKEYER_RUNS"); }
};

TEST_F(DoctorOptionsTest, NeedNothing) {
  const auto options = doctor_options({});
  EXPECT_EQ(options.command, Command::doctor);
  EXPECT_EQ(options.doctor.mode, rotation::Mode::apply);
  EXPECT_FALSE(options.doctor.deployment.named());
  EXPECT_EQ(options.format, report::Format::table);
}

TEST_F(DoctorOptionsTest, AreAllRead) {
  const std::string machine = "arn:aws:states:eu-west-1:111111111111:stateMachine:rekeyer";
  const auto options =
      doctor_options({"--mode", "plan", "--schedule", "ops/rekeyer", "--state-machine", machine, "--runs",
                      "s3://bucket/runs", "--account", "111111111111", "--ou", "ou-ab12-cdef3456", "--format", "json"});
  EXPECT_EQ(options.doctor.mode, rotation::Mode::plan);
  EXPECT_EQ(options.doctor.deployment.schedule, "ops/rekeyer");
  EXPECT_EQ(options.doctor.deployment.state_machine, machine);
  EXPECT_EQ(options.doctor.deployment.runs, "s3://bucket/runs");
  EXPECT_EQ(options.filter.accounts.size(), 1U);
  EXPECT_EQ(options.filter.ous.size(), 1U);
  EXPECT_EQ(options.format, report::Format::json);
}

TEST_F(DoctorOptionsTest, TheRunsFolderMayComeFromTheEnvironment) {
  setenv("REKEYER_RUNS", "s3://bucket/daily", 1);
  EXPECT_EQ(doctor_options({}).doctor.deployment.runs, "s3://bucket/daily");
  EXPECT_EQ(doctor_options({"--runs", "s3://bucket/other"}).doctor.deployment.runs, "s3://bucket/other");
  setenv("REKEYER_RUNS", "/tmp/runs", 1);
  EXPECT_THAT(doctor_complaint({}), HasSubstr("s3://bucket/prefix"));
}

TEST_F(DoctorOptionsTest, WrongTextsAreNamed) {
  EXPECT_THAT(doctor_complaint({"--runs", "/tmp/runs"}), HasSubstr("/tmp/runs"));
  EXPECT_THAT(doctor_complaint({"--state-machine", "rekeyer"}), HasSubstr("takes an ARN"));
  doctor_complaint({"--mode", "both"});
  doctor_complaint({"--format", "csv"});
  doctor_complaint({"--user", "ann"});
}

}  // namespace
}  // namespace rekeyer::cli
