#include "probe/output.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rekeyer::probe {
namespace {

using testing::HasSubstr;
using testing::Not;

ResultTask<Finding> nothing(Bench&) { co_return as_believed(""); }

constexpr Check tried_one{"iam.a", "a belief", "a/file.cpp", Takes::a_moment, nothing};
constexpr Check never_tried{"iam.b", "another belief", "b/file.cpp", Takes::a_moment, nullptr, "it costs a dollar"};

Outcome outcome_of(Finding finding) {
  Outcome outcome;
  outcome.tried.push_back({tried_one, std::move(finding), Milliseconds{1500}});
  return outcome;
}

TEST(ProbeList, SaysWhatIsNeverTriedAndWhy) {
  EXPECT_EQ(list_as_table({tried_one, never_tried}),
            "iam.a  a belief\n"
            "iam.b  another belief\n"
            "       not tried: it costs a dollar\n");
  EXPECT_THAT(list_as_json({never_tried}), HasSubstr(R"("never_tried":"it costs a dollar")"));
}

TEST(ProbeTable, SaysOfADifferenceWhatRestsOnIt) {
  const report::Style plain{false, 80, false};
  EXPECT_THAT(
      to_table(outcome_of(different("403 X: no")), {}, plain),
      testing::AllOf(HasSubstr("403 X: no"), HasSubstr("believed: a belief"), HasSubstr("rests on: a/file.cpp")));
  EXPECT_THAT(to_table(outcome_of(as_believed("fine")), {}, plain), Not(HasSubstr("rests on")));
}

TEST(ProbeReport, NamesNoAccountIdOrAddress) {
  const auto outcome = outcome_of(different("no AKIAEXAMPLEEXAMPLE22 in 111111111111 for ann@example.com"));
  const Heading heading{"1", "aws", Region("eu-west-1"), true, Instant{}, false};
  for (const auto& text : {to_json(outcome, {}, heading), to_table(outcome, {}, {false, 80, false})}) {
    EXPECT_THAT(text, HasSubstr("no <id> in <account> for <address>"));
    EXPECT_THAT(text, Not(HasSubstr("AKIA")));
  }
}

TEST(ProbeOutcome, ADifferenceOrAThingThatStaysIsAProblem) {
  EXPECT_FALSE(has_problems(outcome_of(as_believed(""))));
  EXPECT_FALSE(has_problems(outcome_of(not_tried("no right"))));
  EXPECT_TRUE(has_problems(outcome_of(different(""))));
  auto outcome = outcome_of(as_believed(""));
  outcome.left.push_back({{}, "may still come", true});
  EXPECT_FALSE(has_problems(outcome));
  outcome.left.push_back({{}, "denied", false});
  EXPECT_TRUE(has_problems(outcome));
}

}  // namespace
}  // namespace rekeyer::probe
