// The policy simulator on the wire: what is asked, and what each answer says of who denied.
#include "aws/services/policy_simulation.hpp"

#include <gtest/gtest.h>

#include "fakes/call_bench.hpp"

namespace rekeyer::aws {
namespace {

using fakes::CallBench;

std::string reply(std::string_view members, std::string_view end = "<IsTruncated>false</IsTruncated>") {
  return fmt::format(
      "<SimulatePrincipalPolicyResponse><SimulatePrincipalPolicyResult><EvaluationResults>{}</EvaluationResults>{}"
      "</SimulatePrincipalPolicyResult></SimulatePrincipalPolicyResponse>",
      members, end);
}

std::string member(std::string_view action, std::string_view decision, std::string_view more = {}) {
  return fmt::format(
      "<member><EvalActionName>{}</EvalActionName><EvalResourceName>*</EvalResourceName>"
      "<EvalDecision>{}</EvalDecision>{}</member>",
      action, decision, more);
}

class SimulationTest : public testing::Test {
 protected:
  static Simulation question() {
    return {Arn("arn:aws:iam::111111111111:role/r"),
            {"iam:CreateAccessKey", "iam:DeleteAccessKey"},
            "arn:aws:iam::111111111111:user/u",
            {{"aws:RequestedRegion", "eu-west-1"}}};
  }
  CallBench bench;
  PolicySimulator simulator{bench.caller, bench.principal()};
};

TEST_F(SimulationTest, EachActionIsAnsweredWithWhoDeniesIt) {
  bench.transport.reply(
      200,
      reply(
          member("iam:CreateAccessKey", "explicitDeny",
                 "<OrganizationsDecisionDetail><AllowedByOrganizations>false</AllowedByOrganizations>"
                 "</OrganizationsDecisionDetail><PermissionsBoundaryDecisionDetail>"
                 "<AllowedByPermissionsBoundary>true</AllowedByPermissionsBoundary></PermissionsBoundaryDecisionDetail>"
                 "<MissingContextValues><member>aws:SourceIp</member></MissingContextValues>") +
          member("iam:DeleteAccessKey", "allowed")));
  const auto answers = bench.run(simulator.simulate(question()));
  ASSERT_TRUE(answers) << describe(answers.error());
  ASSERT_EQ(answers->size(), 2u);
  const auto& denied = answers->at(0);
  EXPECT_EQ(denied.action, "iam:CreateAccessKey");
  EXPECT_FALSE(denied.allowed);
  EXPECT_TRUE(denied.denied_explicitly);
  EXPECT_EQ(denied.allowed_by_organizations, false);
  EXPECT_EQ(denied.allowed_by_boundary, true);
  EXPECT_EQ(denied.missing_context, std::vector<std::string>{"aws:SourceIp"});
  const auto& allowed = answers->at(1);
  EXPECT_TRUE(allowed.allowed);
  EXPECT_FALSE(allowed.allowed_by_organizations.has_value());
  EXPECT_FALSE(allowed.allowed_by_boundary.has_value());
  const auto& sent = bench.transport.sent.at(0);
  EXPECT_TRUE(
      sent.has("PolicySourceArn=arn%3Aaws%3Aiam%3A%3A111111111111%3Arole%2Fr&ActionNames.member.1=iam%3ACreate"
               "AccessKey&ActionNames.member.2=iam%3ADeleteAccessKey&ResourceArns.member.1=arn"))
      << sent.body;
  EXPECT_TRUE(
      sent.has("&ContextEntries.member.1.ContextKeyName=aws%3ARequestedRegion"
               "&ContextEntries.member.1.ContextKeyValues.member.1=eu-west-1"
               "&ContextEntries.member.1.ContextKeyType=string"))
      << sent.body;
}

TEST_F(SimulationTest, PagesAreReadToTheEnd) {
  bench.transport.reply(
      200, reply(member("iam:CreateAccessKey", "allowed"), "<IsTruncated>true</IsTruncated><Marker>m1</Marker>"));
  bench.transport.reply(200, reply(member("iam:DeleteAccessKey", "implicitDeny")));
  const auto answers = bench.run(simulator.simulate(question()));
  ASSERT_TRUE(answers) << describe(answers.error());
  ASSERT_EQ(answers->size(), 2u);
  EXPECT_FALSE(answers->at(1).allowed);
  EXPECT_FALSE(answers->at(1).denied_explicitly);
  EXPECT_TRUE(bench.transport.sent.at(1).has("&Marker=m1"));
}

TEST_F(SimulationTest, AnAnswerWithoutDecisionIsNone) {
  for (int i = 0; i < 8; ++i) {
    bench.transport.reply(200, reply("<member><EvalActionName>iam:CreateAccessKey</EvalActionName></member>"));
  }
  const auto answers = bench.run(simulator.simulate(question()));
  ASSERT_FALSE(answers);
  EXPECT_EQ(answers.error().kind, ErrorKind::bad_reply);
}

}  // namespace
}  // namespace rekeyer::aws
