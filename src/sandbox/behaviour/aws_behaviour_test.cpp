#include "sandbox/behaviour/aws_behaviour.hpp"

#include <gtest/gtest.h>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace rekeyer::sandbox {
namespace {

boost::json::object behaviour_object(std::string_view text) { return boost::json::parse(text).get_object(); }

std::string problem(std::string_view changes) {
  AwsBehaviour behaviour;
  const auto result = set_behaviour(behaviour, behaviour_object(changes));
  return result ? "" : result.error().message;
}

TEST(AwsBehaviour, AreSetByNameWithDurationsInSeconds) {
  AwsBehaviour behaviour;
  ASSERT_TRUE(
      set_behaviour(behaviour, behaviour_object(R"({"strict_auth":false,"iam_page":7,"iam_rate":2.5,"latency":0.25,
                                            "report_lifetime":14400})")));
  EXPECT_FALSE(behaviour.strict_auth);
  EXPECT_EQ(behaviour.iam_page, 7);
  EXPECT_DOUBLE_EQ(behaviour.iam_rate, 2.5);
  EXPECT_EQ(behaviour.latency, Milliseconds(250));
  EXPECT_EQ(behaviour.report_lifetime, Milliseconds(14'400'000));
}

TEST(AwsBehaviour, AnUnknownNameIsRefusedWithASuggestion) {
  EXPECT_EQ(problem(R"({"strict_aut":true})"), "there is no option `strict_aut`; did you mean `strict_auth`?");
  EXPECT_EQ(problem(R"({"colour":true})"), "there is no option `colour`");
}

TEST(AwsBehaviour, AWrongValueChangesNothing) {
  EXPECT_EQ(problem(R"({"strict_auth":1})"), "option `strict_auth` takes true or false");
  EXPECT_EQ(problem(R"({"iam_page":1.5})"), "option `iam_page` takes a whole number, not negative");
  EXPECT_EQ(problem(R"({"latency":-1})"), "option `latency` takes a number of seconds");
  EXPECT_EQ(problem(R"({"latency":1e300})"), "option `latency` takes a number of seconds");
  EXPECT_EQ(problem(R"({"failing_replica_regions":"eu-west-1"})"),
            "option `failing_replica_regions` takes a list of texts");
  EXPECT_EQ(problem(R"({"failing_replica_regions":[1]})"), "option `failing_replica_regions` takes a list of texts");
  AwsBehaviour behaviour;
  EXPECT_FALSE(set_behaviour(behaviour, behaviour_object(R"({"iam_page":7,"latency":"x"})")));
  EXPECT_EQ(behaviour.iam_page, 0);
}

TEST(AwsBehaviour, WhatIsDescribedCanBeSetAgain) {
  AwsBehaviour behaviour;
  ASSERT_TRUE(set_behaviour(behaviour,
                            behaviour_object(R"({"latency":0.125,"rate_limits":true,"secrets_page":3,"status_delay":4,
                                            "failing_replica_regions":["eu-west-1"]})")));
  const auto described = describe_behaviour(behaviour);
  AwsBehaviour other;
  ASSERT_TRUE(set_behaviour(other, described));
  EXPECT_EQ(boost::json::serialize(describe_behaviour(other)), boost::json::serialize(described));
  EXPECT_NE(boost::json::serialize(describe_behaviour(AwsBehaviour{})), boost::json::serialize(described));
  EXPECT_EQ(described.size(), 32U);
}

}  // namespace
}  // namespace rekeyer::sandbox
