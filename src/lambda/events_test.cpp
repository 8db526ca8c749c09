// Events: their forms, and what is said of those that are wrong.
#include "lambda/events.hpp"

#include <gtest/gtest.h>

#include "lambda/deployment.hpp"

namespace rekeyer::lambda {
namespace {

std::string refusal(const auto& result) {
  if (result) return "fine";
  EXPECT_EQ(result.error().kind, ErrorKind::usage);
  return result.error().message;
}

TEST(Events, OfARun) {
  const auto run = read_run_event(R"({"run": "daily-2026-03-01", "mode": "apply"})");
  ASSERT_TRUE(run);
  EXPECT_EQ(run->run, "daily-2026-03-01");
  EXPECT_EQ(run->mode, (Work{rotation::Mode::apply, false}));
  EXPECT_TRUE(read_run_event("{}")->run.empty());
  // What EventBridge sends on its own says nothing to us.
  EXPECT_TRUE(read_run_event(R"({"version":"0","id":"x","detail-type":"Scheduled Event","source":"aws.events",
                                 "account":"111111111111","time":"t","region":"r","resources":[],"detail":{}})"));
}

TEST(Events, OfAnAccountInBothForms) {
  const auto fresh = read_account_event(
      R"({"run":"r","mode":"plan","run_mode":"apply","account":{"id":"111111111111","name":"N","email":"e@x.example",
          "ous":["ou-1"],"users":["ann"],"changes":3}})");
  ASSERT_TRUE(fresh);
  EXPECT_EQ(fresh->target.id.str(), "111111111111");
  EXPECT_EQ(fresh->target.users, std::vector{UserName("ann")});
  EXPECT_EQ(fresh->changes, 3U);
  EXPECT_EQ(fresh->run_mode, (Work{rotation::Mode::apply, false}));

  const auto older = read_account_event(
      R"({"account":"111111111111","name":"N","email":"e@x.example","ForceRotate":"ann,b","dryrun":"False"})");
  ASSERT_TRUE(older);
  EXPECT_FALSE(older->mode);  // as deployed
  EXPECT_EQ(older->force, std::vector{UserName("ann,b")});
  EXPECT_EQ(older->target.users, std::vector{UserName("ann,b")});
  EXPECT_TRUE(older->target.users_required);
  EXPECT_TRUE(older->run.empty());
  EXPECT_EQ(read_account_event(R"({"account":"111111111111","dryrun":true})")->mode, Work{});
  EXPECT_EQ(read_account_event(R"({"account":"111111111111","dryrun":"TRUE"})")->mode, Work{});
  EXPECT_FALSE(read_account_event(R"({"account":"111111111111"})")->mode);
}

TEST(Events, WhatIsWrongIsNamed) {
  EXPECT_NE(refusal(read_run_event("nonsense")).find("not JSON"), std::string::npos);
  EXPECT_NE(refusal(read_run_event("[]")).find("a JSON object"), std::string::npos);
  EXPECT_NE(refusal(read_run_event(R"({"rnu":"x"})")).find("unknown member \"rnu\""), std::string::npos);
  EXPECT_NE(refusal(read_run_event(R"({"mode":"destroy"})")).find("plan"), std::string::npos);
  for (const char* run : {"../x", "a/b", "a b", "ä"}) {
    EXPECT_NE(refusal(read_run_event(std::string(R"({"run":")") + run + "\"}")).find("run:"), std::string::npos) << run;
  }
  EXPECT_NE(refusal(read_account_event(R"({"account":"123"})")).find("twelve digits"), std::string::npos);
  EXPECT_NE(refusal(read_account_event(R"({"account":{"id":"123"}})")).find("twelve digits"), std::string::npos);
  EXPECT_NE(refusal(read_account_event(R"({"account":{"id":"111111111111","user":[]}})")).find("\"user\""),
            std::string::npos);
  EXPECT_NE(refusal(read_account_event(R"({"account":"111111111111","force":"ann"})")).find("\"force\""),
            std::string::npos);
  EXPECT_NE(refusal(read_account_event(R"({"account":"111111111111","dryrun":"maybe"})")).find("dryrun"),
            std::string::npos);
  EXPECT_NE(refusal(read_account_event("{}")).find("account"), std::string::npos);
}

TEST(Deployment, SaysWhatAnEventMayAskFor) {
  const auto plan = read_deployment(aws::Environment::of({}));
  ASSERT_TRUE(plan);
  EXPECT_EQ(plan->allowed, rotation::Mode::plan);
  const auto apply = read_deployment(aws::Environment::of(
      {{"REKEYER_MODE", "apply"}, {"REKEYER_RUNS", "s3://bucket/a/b/"}, {"REKEYER_DEPLOYMENT", "prod"}}));
  ASSERT_TRUE(apply);
  EXPECT_EQ(apply->allowed, rotation::Mode::apply);
  EXPECT_EQ(apply->runs->bucket, "bucket");
  EXPECT_EQ(apply->runs->prefix, "a/b");
  EXPECT_EQ(apply->name, "prod");
}

TEST(Deployment, AVariableOfOursThatMeansNothingIsNamed) {
  const auto sentences = unknown_own_variables({{"REKEYER_MODE", "plan"}, {"REKEYER_MOED", "apply"}, {"PATH", "/bin"}});
  ASSERT_EQ(sentences.size(), 1U);
  EXPECT_TRUE(sentences[0].starts_with("REKEYER_MOED")) << sentences[0];
}

TEST(Deployment, AWrongVariableIsNamed) {
  const std::pair<const char*, const char*> wrong[] = {{"REKEYER_MODE", "Apply"},
                                                       {"REKEYER_RUNS", "bucket/x"},
                                                       {"REKEYER_RUNS", "s3:///x"},
                                                       {"REKEYER_LOG_LEVEL", "loud"}};
  for (const auto& [name, value] : wrong) {
    const auto read = read_deployment(aws::Environment::of({{name, value}}));
    ASSERT_FALSE(read) << name;
    EXPECT_NE(read.error().message.find(name), std::string::npos);
  }
}

}  // namespace
}  // namespace rekeyer::lambda
