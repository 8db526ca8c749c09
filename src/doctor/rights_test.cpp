// What is asked of the policy simulator, and who is blamed for a denial.
#include "doctor/rights.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "doctor/judgement_fixture.hpp"
#include "permissions/permissions.hpp"

namespace rekeyer::doctor {
namespace {

using aws::SimulatedAction;
using testing::HasSubstr;

SimulatedAction allowed(std::string action) { return {std::move(action), true, false, {}, {}, {}}; }
SimulatedAction denied(std::string action) { return {std::move(action), false, false, {}, {}, {}}; }

const RightsSubject subject{"aws", AccountId("111111111111"), Arn("arn:aws:iam::111111111111:role/r")};

std::vector<std::string> actions_of(const std::vector<aws::Simulation>& simulations) {
  std::vector<std::string> actions;
  for (const auto& simulation : simulations) std::ranges::copy(simulation.actions, std::back_inserter(actions));
  return actions;
}

TEST(DoctorRights, AnAuditNeedsNoChangingAction) {
  rotation::Settings settings;
  const auto reads = [](const std::string& action) {
    const auto verb = action.substr(action.find(':') + 1);
    return verb.starts_with("Get") || verb.starts_with("List") || verb.starts_with("Describe") ||
           verb.starts_with("Generate");
  };
  EXPECT_TRUE(std::ranges::all_of(actions_of(user_rights(subject, settings, rotation::Mode::plan)), reads));
  EXPECT_TRUE(std::ranges::all_of(actions_of(secret_rights(subject, settings, rotation::Mode::plan)), reads));
  EXPECT_THAT(actions_of(user_rights(subject, settings, rotation::Mode::apply)),
              testing::Contains("iam:CreateAccessKey"));
  EXPECT_THAT(actions_of(secret_rights(subject, settings, rotation::Mode::apply)),
              testing::Contains("secretsmanager:PutSecretValue"));
}

TEST(DoctorRights, FollowTheConfiguration) {
  rotation::Settings settings;
  const auto users = [&] { return actions_of(user_rights(subject, settings, rotation::Mode::apply)); };
  const auto secrets = [&] { return actions_of(secret_rights(subject, settings, rotation::Mode::apply)); };
  EXPECT_THAT(users(), testing::Not(testing::Contains("iam:PutUserPolicy")));
  EXPECT_THAT(secrets(), testing::Contains("secretsmanager:PutResourcePolicy"));
  settings.store.grant = rotation::Grant::user_policy;
  settings.store.replica_regions = {Region("eu-west-1")};
  settings.discovery = rotation::Discovery::direct;
  EXPECT_THAT(users(), testing::Contains("iam:PutUserPolicy"));
  EXPECT_THAT(users(), testing::Contains("iam:ListUsers"));
  EXPECT_THAT(users(), testing::Not(testing::Contains("iam:GenerateCredentialReport")));
  EXPECT_THAT(secrets(), testing::Contains("secretsmanager:PutResourcePolicy")) << "secrets are locked";
  settings.store.lock = rotation::LockMode::none;
  EXPECT_THAT(secrets(), testing::Not(testing::Contains("secretsmanager:PutResourcePolicy")));
  EXPECT_THAT(secrets(), testing::Contains("secretsmanager:ReplicateSecretToRegions"));
}

TEST(DoctorRights, AreAllThatThePublishedPolicyGrants) {
  config::Configuration usual;
  auto shared = usual;
  shared.rotation.store.grant = rotation::Grant::both;
  shared.rotation.store.replica_regions = {Region("eu-west-1")};
  shared.rotation.discovery = rotation::Discovery::direct;
  auto named = usual;
  named.rotation.scope.fixed_accounts[subject.account] = {"ann"};
  named.rotation.policy.exempt_group.clear();
  for (const auto& configuration : {usual, shared, named}) {
    for (const auto mode : {rotation::Mode::plan, rotation::Mode::apply}) {
      permissions::PolicyRequest request;
      request.role = permissions::PolicyKind::member;
      if (mode == rotation::Mode::plan) request.mode = rotation::Mode::plan;
      std::set<std::string> granted;
      for (const auto& statement : permissions::document_for(configuration, request).statements) {
        if (statement.sid == "CheckItself") continue;  // that is the doctor's own
        granted.insert(statement.actions.begin(), statement.actions.end());
      }
      auto asked = actions_of(user_rights(subject, configuration.rotation, mode));
      std::ranges::copy(actions_of(secret_rights(subject, configuration.rotation, mode)), std::back_inserter(asked));
      EXPECT_EQ(std::set(asked.begin(), asked.end()), granted);
    }
  }
}

TEST(DoctorRights, AreAskedOfTheKindOfThingThatEachActionIsAbout) {
  rotation::Settings settings;
  settings.policy.exempt_group = "exempt";
  for (const auto mode : {rotation::Mode::plan, rotation::Mode::apply}) {
    std::map<std::string, std::string> things;
    for (const auto& simulation : user_rights(subject, settings, mode)) {
      for (const auto& action : simulation.actions) things[action] = simulation.resource;
    }
    EXPECT_EQ(things.at("iam:GetCredentialReport"), "*");
    EXPECT_EQ(things.at("iam:ListAccessKeys"), "arn:aws:iam::111111111111:user/rekeyer-doctor");
    EXPECT_EQ(things.at("iam:GetGroup"), "arn:aws:iam::111111111111:group/exempt");
  }
}

TEST(DoctorRights, AreAskedOfAKeyOnlyWhereItIsACustomers) {
  rotation::Settings settings;
  settings.store.region = Region("eu-central-1");
  const Arn key("arn:aws:kms:eu-central-1:111111111111:key/k");
  EXPECT_TRUE(key_rights(subject, settings, key).empty());
  settings.store.kms_key_id = "alias/aws/secretsmanager";
  EXPECT_TRUE(key_rights(subject, settings, key).empty());
  for (const auto* name : {"k", "alias/ours"}) {
    settings.store.kms_key_id = name;
    const auto simulations = key_rights(subject, settings, key);
    ASSERT_EQ(simulations.size(), 1u) << name;
    EXPECT_THAT(simulations[0].actions, testing::UnorderedElementsAre("kms:GenerateDataKey", "kms:Decrypt"));
    EXPECT_EQ(simulations[0].resource, key.str());
    EXPECT_EQ(simulations[0].context.at("kms:ViaService"), "secretsmanager.eu-central-1.amazonaws.com");
  }
}

TEST(DoctorRights, NeverAskForSecretsValues) {
  rotation::Settings settings;
  for (const auto mode : {rotation::Mode::plan, rotation::Mode::apply}) {
    EXPECT_THAT(actions_of(secret_rights(subject, settings, mode)),
                testing::Not(testing::Contains("secretsmanager:GetSecretValue")));
  }
}

TEST(DoctorRights, ASecretIsNamedAsTheTemplateSaysInTheStoresRegion) {
  rotation::Settings settings;
  settings.store.region = Region("eu-central-1");
  const auto simulations = secret_rights(subject, settings, rotation::Mode::apply);
  const std::string nobodys =
      "arn:aws:secretsmanager:eu-central-1:111111111111:secret:Account_111111111111_User_rekeyer-doctor_AccessKey";
  std::map<std::string, std::vector<std::string>> asked;
  for (const auto& simulation : simulations) asked[simulation.resource] = simulation.actions;
  EXPECT_THAT(asked[nobodys + "-AbCdEf"], testing::Contains("secretsmanager:PutSecretValue"));
  EXPECT_THAT(asked[nobodys], testing::ElementsAre("secretsmanager:DescribeSecret")) << "where none is there";
  EXPECT_EQ(simulations.back().context.at("aws:RequestedRegion"), "eu-central-1");
}

TEST(DoctorRights, ASecretIsAskedForWithTheTagsThatItWouldGet) {
  auto settings = rotation::Settings{};
  settings.store.tags = {{"CostCenter", "42"}};
  const auto simulations = secret_rights(subject, settings, rotation::Mode::apply);
  ASSERT_FALSE(simulations.empty());
  EXPECT_EQ(simulations.front().context.at("aws:RequestTag/CostCenter"), "42");
  auto create = denied("secretsmanager:CreateSecret");
  create.allowed_by_organizations = false;
  EXPECT_THAT(judge_rights(std::vector{create}, "r").remedy, HasSubstr("put them into store.tags"));
}

TEST(DoctorRights, TheOneWhoDeniesIsNamedWithItsRemedy) {
  auto by_organization = denied("iam:CreateAccessKey");
  by_organization.allowed_by_organizations = false;
  auto by_boundary = denied("iam:CreateAccessKey");
  by_boundary.allowed_by_organizations = true;
  by_boundary.allowed_by_boundary = false;
  auto by_statement = denied("iam:CreateAccessKey");
  by_statement.denied_explicitly = true;
  struct Row {
    SimulatedAction action;
    std::string finding;
    std::string remedy;
  };
  for (const auto& [action, finding, remedy] : std::vector<Row>{
           Row{by_organization, "a service control policy denies iam:CreateAccessKey", "except the role r"},
           {by_boundary, "the permissions boundary does not allow iam:CreateAccessKey",
            "widen the permissions boundary"},
           {by_statement, "a policy of the principal denies iam:CreateAccessKey", "Deny statement"},
           {denied("iam:CreateAccessKey"), "no policy allows iam:CreateAccessKey", "docs/permissions.md"}}) {
    const auto verdict = judge_rights(std::vector{allowed("iam:GetUser"), action}, "the role r");
    EXPECT_EQ(verdict.status, Status::problem);
    EXPECT_EQ(verdict.finding, finding);
    EXPECT_THAT(verdict.remedy, HasSubstr(remedy));
  }
  EXPECT_EQ(judge_rights(std::vector{allowed("iam:GetUser")}, "r").status, Status::ok);
}

TEST(DoctorRights, WhatDependsOnSomethingUnknownIsNotChecked) {
  auto action = denied("iam:CreateAccessKey");
  action.missing_context = {"aws:SourceIp"};
  const auto verdict = judge_rights(std::vector{action}, "r");
  EXPECT_EQ(verdict.status, Status::not_checked);
  EXPECT_THAT(verdict.finding, HasSubstr("aws:SourceIp"));
  EXPECT_EQ(judge_rights(std::vector{action, denied("iam:GetUser")}, "r").status, Status::problem);
  EXPECT_EQ(judge_rights(refused(ErrorKind::access_denied), "r").status, Status::not_checked);
  EXPECT_THAT(judge_rights(refused(ErrorKind::access_denied), "r").remedy, HasSubstr("iam:SimulatePrincipalPolicy"));
  const auto broken = judge_rights(refused(ErrorKind::server_fault, "501"), "r");
  EXPECT_EQ(broken.status, Status::not_checked);
  EXPECT_EQ(broken.finding.find("request-1"), std::string::npos) << "equal findings must be equal texts";
}

}  // namespace
}  // namespace rekeyer::doctor
