#include "sandbox/truth/truths.hpp"

#include <gtest/gtest.h>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace rekeyer::sandbox {
namespace {

boost::json::object truths_object(std::string_view text) { return boost::json::parse(text).get_object(); }

std::string problem(std::string_view changes) {
  Truths truths;
  const auto result = set_truths(truths, truths_object(changes));
  return result ? "" : result.error().message;
}

TEST(Truths, AreSetByNameWithDurationsInSeconds) {
  Truths truths;
  ASSERT_TRUE(set_truths(truths, truths_object(R"({"strict_auth":false,"iam_page":7,"iam_rate":2.5,"latency":0.25,
                                            "report_lifetime":14400})")));
  EXPECT_FALSE(truths.strict_auth);
  EXPECT_EQ(truths.iam_page, 7);
  EXPECT_DOUBLE_EQ(truths.iam_rate, 2.5);
  EXPECT_EQ(truths.latency, Milliseconds(250));
  EXPECT_EQ(truths.report_lifetime, Milliseconds(14'400'000));
}

TEST(Truths, AnUnknownNameIsRefusedWithASuggestion) {
  EXPECT_EQ(problem(R"({"strict_aut":true})"), "there is no option `strict_aut`; did you mean `strict_auth`?");
  EXPECT_EQ(problem(R"({"colour":true})"), "there is no option `colour`");
}

TEST(Truths, AWrongValueChangesNothing) {
  EXPECT_EQ(problem(R"({"strict_auth":1})"), "option `strict_auth` takes true or false");
  EXPECT_EQ(problem(R"({"iam_page":1.5})"), "option `iam_page` takes a whole number, not negative");
  EXPECT_EQ(problem(R"({"latency":-1})"), "option `latency` takes a number of seconds");
  EXPECT_EQ(problem(R"({"latency":1e300})"), "option `latency` takes a number of seconds");
  EXPECT_EQ(problem(R"({"failing_replica_regions":"eu-west-1"})"),
            "option `failing_replica_regions` takes a list of texts");
  EXPECT_EQ(problem(R"({"failing_replica_regions":[1]})"), "option `failing_replica_regions` takes a list of texts");
  Truths truths;
  EXPECT_FALSE(set_truths(truths, truths_object(R"({"iam_page":7,"latency":"x"})")));
  EXPECT_EQ(truths.iam_page, 0);
}

TEST(Truths, WhatIsDescribedCanBeSetAgain) {
  Truths truths;
  ASSERT_TRUE(set_truths(truths, truths_object(R"({"latency":0.125,"rate_limits":true,"secrets_page":3,"status_delay":4,
                                            "failing_replica_regions":["eu-west-1"]})")));
  const auto described = describe_truths(truths);
  Truths other;
  ASSERT_TRUE(set_truths(other, described));
  EXPECT_EQ(boost::json::serialize(describe_truths(other)), boost::json::serialize(described));
  EXPECT_NE(boost::json::serialize(describe_truths(Truths{})), boost::json::serialize(described));
  EXPECT_EQ(described.size(), 32U);
}

}  // namespace
}  // namespace rekeyer::sandbox
