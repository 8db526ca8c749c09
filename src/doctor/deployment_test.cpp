// The daily run: schedule, state machine, executions, and what the last run left behind.
#include "doctor/deployment.hpp"

#include <fmt/format.h>

#include "doctor/judgement_fixture.hpp"

namespace rekeyer::doctor {
namespace {

using std::chrono::hours;
using testing::HasSubstr;

const Instant now = *parse_iso8601("2026-03-10T12:00:00Z");
constexpr std::string_view machine = "arn:aws:states:eu-west-1:1:stateMachine:rekeyer";

std::string latest(Instant finished, int denied = 0, int failed = 0, int actions = 0) {
  return fmt::format(R"({{"run":"0123456789abcdef","mode":"apply","finished":"{}","totals":{{"accounts":{{"done":3,
      "denied":{},"skipped":0,"failed":{}}},"users":9,"actions":{{"rotate":{{"done":1,"failed":{}}}}}}}}})",
                     iso8601(finished), denied, failed, actions);
}

DeploymentFacts fine_deployment() {
  DeploymentFacts facts;
  facts.deployment = {"rekeyer", std::string(machine), "s3://bucket/runs"};
  facts.now = now;
  facts.schedule =
      Result<aws::Schedule>(aws::Schedule{Arn("arn:s"), true, "rate(1 day)", "", Arn(std::string(machine)), {}});
  facts.machine = Result<aws::StateMachine>(aws::StateMachine{"rekeyer", "ACTIVE"});
  facts.executions = Result<std::vector<aws::Execution>>(
      std::vector{aws::Execution{"e", "SUCCEEDED", now - hours{8}, now - hours{7}}});
  facts.latest = Result<std::string>(latest(now - hours{7}));
  return facts;
}

TEST(DoctorDeployment, OneThatRunsIsFine) {
  EXPECT_EQ(lines_of(judge(fine_deployment())),
            "ok deployment.schedule\nok deployment.state-machine\nok deployment.executions\nok deployment.runs\n");
}

TEST(DoctorDeployment, OneThatIsNotNamedIsNotChecked) {
  EXPECT_EQ(lines_of(judge(DeploymentFacts{})), "not checked deployment.schedule\n");
}

TEST(DoctorDeployment, TheScheduleMustBeEnabledAndStartTheMachine) {
  auto facts = fine_deployment();
  (**facts.schedule).enabled = false;
  EXPECT_EQ(status_of(judge(facts), Topic::deployment_schedule), "problem");
  facts = fine_deployment();
  (**facts.schedule).target = Arn("arn:aws:lambda:x");
  EXPECT_THAT(of(judge(facts), Topic::deployment_schedule).finding, HasSubstr("arn:aws:lambda:x"));
  EXPECT_EQ(status_of(judge(facts), Topic::deployment_schedule), "problem");
  facts.deployment.state_machine.clear();
  EXPECT_EQ(status_of(judge(facts), Topic::deployment_schedule), "ok") << "nothing to compare with";
  facts = fine_deployment();
  (**facts.schedule).ends = now;
  EXPECT_EQ(status_of(judge(facts), Topic::deployment_schedule), "problem");
  facts.schedule = Result<aws::Schedule>(refused(ErrorKind::not_found));
  EXPECT_EQ(status_of(judge(facts), Topic::deployment_schedule), "problem");
  facts.schedule = Result<aws::Schedule>(refused(ErrorKind::access_denied));
  EXPECT_EQ(status_of(judge(facts), Topic::deployment_schedule), "not checked");
}

TEST(DoctorDeployment, ExecutionsAreJudgedByTheLastThatEnded) {
  struct Row {
    std::vector<std::string> statuses;  ///< latest first, a day apart
    std::string_view status;
  };
  for (const auto& [statuses, status] : std::vector<Row>{Row{{}, "warning"},
                                                         {{"SUCCEEDED"}, "ok"},
                                                         {{"RUNNING"}, "ok"},
                                                         {{"RUNNING", "SUCCEEDED"}, "ok"},
                                                         {{"RUNNING", "FAILED"}, "problem"},
                                                         {{"TIMED_OUT", "SUCCEEDED"}, "problem"},
                                                         {{"ABORTED"}, "problem"},
                                                         {{"SUCCEEDED", "FAILED"}, "warning"}}) {
    std::vector<aws::Execution> executions;
    auto started = now - hours{2};
    for (const auto& each : statuses) {
      executions.push_back({"e", each, started, std::nullopt});
      started -= hours{24};
    }
    auto facts = fine_deployment();
    facts.executions = Result<std::vector<aws::Execution>>(executions);
    EXPECT_EQ(status_of(judge(facts), Topic::deployment_executions), status) << testing::PrintToString(statuses);
  }
  auto facts = fine_deployment();
  (**facts.executions).front() = {"e", "RUNNING", now - hours{25}, std::nullopt};
  EXPECT_EQ(status_of(judge(facts), Topic::deployment_executions), "problem") << "it never ends";
  facts.executions = Result<std::vector<aws::Execution>>(refused(ErrorKind::access_denied));
  EXPECT_EQ(status_of(judge(facts), Topic::deployment_executions), "not checked");
}

TEST(DoctorDeployment, AMachineThatIsGoneIsAProblem) {
  auto facts = fine_deployment();
  facts.machine = Result<aws::StateMachine>(refused(ErrorKind::not_found));
  facts.executions.reset();
  EXPECT_EQ(status_of(judge(facts), Topic::deployment_state_machine), "problem");
  facts.machine = Result<aws::StateMachine>(aws::StateMachine{"rekeyer", "DELETING"});
  EXPECT_EQ(status_of(judge(facts), Topic::deployment_state_machine), "problem");
  facts.machine = Result<aws::StateMachine>(refused(ErrorKind::access_denied));
  EXPECT_EQ(status_of(judge(facts), Topic::deployment_state_machine), "not checked");
}

TEST(DoctorDeployment, TheLastRunMustBeFreshAndWithoutFailures) {
  struct Row {
    std::string text;
    std::string_view status;
  };
  for (const auto& [text, status] : std::vector<Row>{
           Row{latest(now - hours{26}), "ok"},
           {latest(now - hours{26} - std::chrono::seconds{1}), "problem"},
           {latest(now - hours{7}, 1), "warning"},
           {latest(now - hours{7}, 0, 1), "warning"},
           {latest(now - hours{7}, 0, 0, 1), "warning"},
           {latest(now - hours{700}, 1), "problem"},
           {R"({"run":"r","mode":"apply","finished":"2026-03-10T12:00:00Z","incomplete":"denied",
                                      "totals":{"accounts":{"denied":0,"failed":0}}})",
            "warning"},
           {R"({"run":"r","mode":"apply","finished":"2026-03-10T12:00:00Z","fits_nobody":["rekeyer.toml:3"],
                                      "totals":{"accounts":{"denied":0,"failed":0}}})",
            "warning"},
           {"", "problem"},
           {R"({"run":"r","mode":"apply","finished":"2026-03-10T12:00:00Z"})", "problem"}}) {
    auto facts = fine_deployment();
    facts.latest = Result<std::string>(text);
    EXPECT_EQ(status_of(judge(facts), Topic::deployment_runs), status) << text;
  }
  auto facts = fine_deployment();
  facts.latest = Result<std::string>(refused(ErrorKind::not_found));
  EXPECT_EQ(status_of(judge(facts), Topic::deployment_runs), "problem");
  facts.latest = Result<std::string>(refused(ErrorKind::access_denied));
  EXPECT_EQ(status_of(judge(facts), Topic::deployment_runs), "not checked");
}

TEST(DoctorDeployment, TheRunsFolderIsAPlaceInS3) {
  const auto place = [](std::string_view where) {
    const auto parsed = parse_runs(where);
    return parsed ? parsed->first + " " + parsed->second : std::string(name(parsed.error().kind));
  };
  EXPECT_EQ(place("s3://bucket/a/b"), "bucket a/b/");
  EXPECT_EQ(place("s3://bucket/a/"), "bucket a/");
  EXPECT_EQ(place("s3://bucket"), "bucket ");
  for (const char* wrong : {"", "bucket/a", "s3://", "s3:///a", "/tmp/runs"}) EXPECT_EQ(place(wrong), "usage") << wrong;
}

}  // namespace
}  // namespace rekeyer::doctor
