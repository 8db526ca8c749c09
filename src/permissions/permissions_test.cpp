// A table of settings and what they change: each line is one action on one resource, more (+) or less (-) than the
// defaults give the same role.
#include "permissions/permissions.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "permissions/settings_fixture.hpp"

namespace rekeyer::permissions {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::UnorderedElementsAreArray;

/// "Sid action resource[ if …]", one for each action and resource.
std::set<std::string> grants(const Document& document) {
  std::set<std::string> all;
  for (const auto& statement : document.statements) {
    std::string conditions;
    for (const auto& condition : statement.conditions) {
      conditions += fmt::format(" if {} {}", condition.key, condition.values.front());
    }
    for (const auto& action : statement.actions) {
      for (const auto& resource : statement.resources) {
        all.insert(fmt::format("{} {} {}{}", statement.sid, action, resource, conditions));
      }
    }
  }
  return all;
}

std::vector<std::string> difference(const Document& base, const Document& other) {
  const auto before = grants(base);
  const auto after = grants(other);
  std::vector<std::string> lines;
  for (const auto& grant : after) {
    if (!before.contains(grant)) lines.push_back("+ " + grant);
  }
  for (const auto& grant : before) {
    if (!after.contains(grant)) lines.push_back("- " + grant);
  }
  return lines;
}

PolicyRequest request_for(PolicyKind role) {
  PolicyRequest request;
  request.role = role;
  request.tooling_account = "999999999999";
  return request;
}

std::vector<std::string> sids(const Document& document) {
  std::vector<std::string> all;
  for (const auto& statement : document.statements) all.push_back(statement.sid);
  return all;
}

#define USERS "arn:aws:iam::*:user/*"
#define SECRETS "arn:aws:secretsmanager:us-east-1:*:secret:Account_*_User_*_AccessKey-??????"
#define CENTRAL "arn:aws:secretsmanager:us-east-1:999999999999:secret:Account_*_User_*_AccessKey-??????"
#define SECRETS_OR_NONE "arn:aws:secretsmanager:us-east-1:*:secret:Account_*_User_*_AccessKey"
#define CENTRAL_OR_NONE "arn:aws:secretsmanager:us-east-1:999999999999:secret:Account_*_User_*_AccessKey"
#define FROM_KEYS " if ses:FromAddress keys@example.com"
#define KEY "arn:aws:kms:us-east-1:999999999999:key/k1"
#define CAREFULLY " if secretsmanager:BlockPublicPolicy true if secretsmanager:ForceDeleteWithoutRecovery false"
#define HOME " if kms:ViaService secretsmanager.us-east-1.amazonaws.com"

struct Row {
  std::string name;
  PolicyKind role = PolicyKind::member;
  std::string toml;
  std::vector<std::string> expected;
};

std::vector<Row> member_rows() {
  return {
      {"the defaults", PolicyKind::member, "", {}},
      {"rules alone", PolicyKind::member, "[policy]\nrotation_period = \"30d\"\n", {}},
      {"direct discovery",
       PolicyKind::member,
       "[discovery]\nmode = \"direct\"\n",
       {"+ SurveyUsers iam:ListUsers *", "+ LookAtUsers iam:ListUserTags " USERS,
        "- SurveyUsers iam:GenerateCredentialReport *", "- SurveyUsers iam:GetCredentialReport *",
        "- SurveyUsers iam:GetAccountAuthorizationDetails *"}},
      {"a few users by name",
       PolicyKind::member,
       "[accounts]\n111111111111 = [\"ann\", \"bob\"]\n",
       {"- SurveyUsers iam:GenerateCredentialReport *", "- SurveyUsers iam:GetCredentialReport *",
        "- SurveyUsers iam:GetAccountAuthorizationDetails *",
        "- KeepSecrets secretsmanager:DeleteSecret " SECRETS CAREFULLY}},
      {"all users of a few accounts", PolicyKind::member, "[accounts]\n111111111111 = [\"*\"]\n", {}},
      {"grants to users",
       PolicyKind::member,
       "[store]\ngrant = \"user-policy\"\n",
       {"+ LookAtUsers iam:GetUserPolicy " USERS,
        "+ GrantToUsersOnlyForStoreGrantUserPolicyOrBoth iam:PutUserPolicy " USERS}},
      {"grants to users, and no lock",
       PolicyKind::member,
       "[store]\ngrant = \"user-policy\"\nlock = \"none\"\n",
       {"+ LookAtUsers iam:GetUserPolicy " USERS,
        "+ GrantToUsersOnlyForStoreGrantUserPolicyOrBoth iam:PutUserPolicy " USERS,
        "- KeepSecrets secretsmanager:GetResourcePolicy " SECRETS CAREFULLY,
        "- KeepSecrets secretsmanager:PutResourcePolicy " SECRETS CAREFULLY}},
      {"grants by both",
       PolicyKind::member,
       "[store]\ngrant = \"both\"\n",
       {"+ LookAtUsers iam:GetUserPolicy " USERS,
        "+ GrantToUsersOnlyForStoreGrantUserPolicyOrBoth iam:PutUserPolicy " USERS}},
      {"no grants",
       PolicyKind::member,
       "[store]\ngrant = \"none\"\nlock = \"none\"\n",
       {"- KeepSecrets secretsmanager:GetResourcePolicy " SECRETS CAREFULLY,
        "- KeepSecrets secretsmanager:PutResourcePolicy " SECRETS CAREFULLY}},
      {"no grants, and locks", PolicyKind::member, "[store]\ngrant = \"none\"\n", {}},
      {"no group",
       PolicyKind::member,
       "[exempt]\ngroup = \"\"\n",
       {"- ReadExemptionGroup iam:GetGroup arn:aws:iam::*:group/*"}},
      {"groups that name owners",
       PolicyKind::member,
       "[exempt]\ngroup = \"\"\n[owner.groups]\nops = [\"ops@example.com\"]\n"
       "[[notify.channel]]\ntype = \"file\"\npath = \"-\"\n",
       {}},
      {"a key of your own",
       PolicyKind::member,
       "[store]\nkms_key_id = \"k1\"\n",
       {"+ EncryptSecrets kms:GenerateDataKey arn:aws:kms:us-east-1:*:key/k1" HOME,
        "+ EncryptSecrets kms:Decrypt arn:aws:kms:us-east-1:*:key/k1" HOME,
        "+ LookAtKey kms:DescribeKey arn:aws:kms:us-east-1:*:key/k1"}},
      {"an alias",
       PolicyKind::member,
       "[store]\nkms_key_id = \"alias/keys\"\n",
       {"+ EncryptSecretsByAlias kms:GenerateDataKey arn:aws:kms:us-east-1:*:key/*" HOME
        " if kms:ResourceAliases alias/keys",
        "+ EncryptSecretsByAlias kms:Decrypt arn:aws:kms:us-east-1:*:key/*" HOME " if kms:ResourceAliases alias/keys",
        "+ LookAtKeyByAlias kms:DescribeKey arn:aws:kms:us-east-1:*:key/* if kms:ResourceAliases alias/keys"}},
      {"replicas",
       PolicyKind::member,
       "[store]\nreplica_regions = [\"eu-west-1\"]\n[store.replica_kms_key_ids]\n\"eu-west-1\" = \"k2\"\n",
       {"+ KeepSecrets secretsmanager:ReplicateSecretToRegions " SECRETS CAREFULLY,
        "+ KeepSecrets secretsmanager:RemoveRegionsFromReplication " SECRETS CAREFULLY,
        "+ EncryptReplicas kms:GenerateDataKey arn:aws:kms:eu-west-1:*:key/k2" HOME,
        "+ EncryptReplicas kms:Encrypt arn:aws:kms:eu-west-1:*:key/k2" HOME}},
  };
}

std::vector<Row> caller_rows() {
  return {
      {"signed proofs",
       PolicyKind::caller,
       "[store]\nproof = \"" KEY "\"\n",
       {"+ ProveSecrets kms:GetPublicKey " KEY, "+ ProveSecrets kms:Sign " KEY}},
      {"a list role",
       PolicyKind::caller,
       "[organization]\nlist_role_arn = \"arn:aws:iam::100000000000:role/lists\"\n",
       {"+ EnterListRole sts:AssumeRole arn:aws:iam::100000000000:role/lists",
        "- ReadOrganization organizations:DescribeOrganization *", "- ReadOrganization organizations:ListAccounts *",
        "- ReadOrganization organizations:ListParents *"}},
      {"fixed accounts, among them its own",
       PolicyKind::caller,
       "[accounts]\n111111111111 = [\"ann\"]\n222222222222 = [\"*\"]\n[organization]\nmember_role = \"r/keys\"\n",
       {"+ EnterMemberAccounts sts:AssumeRole arn:aws:iam::111111111111:role/r/keys",
        "+ EnterMemberAccounts sts:AssumeRole arn:aws:iam::222222222222:role/r/keys",
        "- EnterMemberAccounts sts:AssumeRole arn:aws:iam::*:role/rekeyer-member",
        "- ReadOrganization organizations:DescribeOrganization *", "- ReadOrganization organizations:ListAccounts *",
        "- ReadOrganization organizations:ListParents *"}},
      {"a central store",
       PolicyKind::caller,
       "[store]\nlocation = \"central\"\nkms_key_id = \"" KEY "\"\n",
       {"+ ListSecrets secretsmanager:ListSecrets *", "+ LookForSecrets secretsmanager:DescribeSecret " CENTRAL,
        "+ LookForSecrets secretsmanager:DescribeSecret " CENTRAL_OR_NONE,
        "+ KeepSecrets secretsmanager:CreateSecret " CENTRAL CAREFULLY,
        "+ KeepSecrets secretsmanager:PutSecretValue " CENTRAL CAREFULLY,
        "+ KeepSecrets secretsmanager:UpdateSecretVersionStage " CENTRAL CAREFULLY,
        "+ KeepSecrets secretsmanager:TagResource " CENTRAL CAREFULLY,
        "+ KeepSecrets secretsmanager:RestoreSecret " CENTRAL CAREFULLY,
        "+ KeepSecrets secretsmanager:GetResourcePolicy " CENTRAL CAREFULLY,
        "+ KeepSecrets secretsmanager:PutResourcePolicy " CENTRAL CAREFULLY,
        "+ KeepSecrets secretsmanager:DeleteSecret " CENTRAL CAREFULLY,
        "+ EncryptSecrets kms:GenerateDataKey " KEY HOME, "+ EncryptSecrets kms:Decrypt " KEY HOME,
        "+ LookAtKey kms:DescribeKey " KEY}},
      {"every channel",
       PolicyKind::caller,
       "[notify]\nfrom = \"Keys <keys@example.com>\"\ntemplates = \"s3://texts/mails/\"\n"
       "[owner]\nchain = [\"user-tag\"]\n"
       "[[notify.channel]]\ntype = \"ses\"\nregion = \"eu-west-1\"\nconfiguration_set = \"bounces\"\n"
       "[[notify.channel]]\ntype = \"smtp\"\nhost = \"m.example.com\"\nuser_parameter = \"/m/user\"\n"
       "password_parameter = \"/m/password\"\n"
       "[[notify.channel]]\ntype = \"sns\"\ntopic_arn = \"arn:aws:sns:us-east-1:999999999999:keys\"\n"
       "[[notify.channel]]\ntype = \"eventbridge\"\n"
       "[[notify.channel]]\ntype = \"webhook\"\nurl_parameter = \"hook\"\n",
       {"+ SendMails ses:SendEmail arn:aws:ses:eu-west-1:999999999999:identity/*" FROM_KEYS,
        "+ SendMails ses:SendEmail arn:aws:ses:eu-west-1:999999999999:configuration-set/*" FROM_KEYS,
        "+ PublishToTopics sns:Publish arn:aws:sns:us-east-1:999999999999:keys",
        "+ PutEvents events:PutEvents arn:aws:events:*:999999999999:event-bus/default",
        "+ ReadParameters ssm:GetParameter arn:aws:ssm:*:999999999999:parameter/m/user",
        "+ ReadParameters ssm:GetParameter arn:aws:ssm:*:999999999999:parameter/m/password",
        "+ ReadParameters ssm:GetParameter arn:aws:ssm:*:999999999999:parameter/hook",
        "+ ReadTemplates s3:GetObject arn:aws:s3:::texts/mails/*",
        "+ TellMissingTemplates s3:ListBucket arn:aws:s3:::texts"}},
      {"owners by account",
       PolicyKind::caller,
       "[[notify.channel]]\ntype = \"file\"\npath = \"-\"\n",
       {"+ ReadAlternateContacts account:GetAlternateContact *",
        "+ ReadAccountTags organizations:ListTagsForResource arn:aws:organizations::*:account/*"}},
  };
}

std::vector<Row> function_rows() {
  return {
      {"OUs",
       PolicyKind::inventory,
       "[organization]\nexclude_ous = [\"ou-ab12-cdef3456\"]\n",
       {"+ ReadOrganization organizations:ListParents *"}},
      {"a central store is not the summary's",
       PolicyKind::summary,
       "[store]\nlocation = \"central\"\nkms_key_id = \"" KEY "\"\n",
       {}},
      {"administrators",
       PolicyKind::summary,
       "[notify]\nfrom = \"keys@example.com\"\nadministrators = [\"a@example.com\"]\n"
       "[[notify.channel]]\ntype = \"ses\"\nidentity_arn = "
       "\"arn:aws:ses:us-east-1:888888888888:identity/example.com\"\n"
       "[[notify.channel]]\ntype = \"sns\"\ntopic_arn = \"arn:aws:sns:us-east-1:999999999999:keys\"\n",
       {"+ SendMails ses:SendEmail arn:aws:ses:us-east-1:888888888888:identity/example.com" FROM_KEYS,
        "+ SendMails ses:SendEmail arn:aws:ses:us-east-1:999999999999:identity/*" FROM_KEYS,
        "+ SendMails ses:SendEmail arn:aws:ses:us-east-1:999999999999:configuration-set/*" FROM_KEYS}},
      {"account tags by a list role",
       PolicyKind::account,
       "[organization]\nlist_role_arn = \"arn:aws:iam::100000000000:role/lists\"\n"
       "[[notify.channel]]\ntype = \"file\"\npath = \"-\"\n",
       {"+ EnterListRole sts:AssumeRole arn:aws:iam::100000000000:role/lists",
        "+ ReadAlternateContacts account:GetAlternateContact *",
        "- PlaceAccounts organizations:DescribeOrganization *"}},
      {"where an account of an event stands",
       PolicyKind::account,
       "[organization]\nmanagement_account = true\nown_account = \"role\"\nexclude_ous = [\"ou-ab12-cdef3456\"]\n",
       {"- PlaceAccounts organizations:DescribeOrganization *", "+ PlaceAccounts organizations:ListParents *"}},
      {"fixed accounts place themselves",
       PolicyKind::account,
       "[accounts]\n111111111111 = [\"*\"]\n",
       {"- PlaceAccounts organizations:DescribeOrganization *",
        "- EnterMemberAccounts sts:AssumeRole arn:aws:iam::*:role/rekeyer-member",
        "+ EnterMemberAccounts sts:AssumeRole arn:aws:iam::111111111111:role/rekeyer-member"}},
      {"account tags by the list role itself",
       PolicyKind::list,
       "[organization]\nlist_role_arn = \"arn:aws:iam::100000000000:role/lists\"\n"
       "[[notify.channel]]\ntype = \"file\"\npath = \"-\"\n",
       {"+ ReadAccountTags organizations:ListTagsForResource arn:aws:organizations::*:account/*"}},
  };
}

void expect_rows(const std::vector<Row>& rows) {
  const auto defaults = parsed("");
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    const auto request = request_for(row.role);
    const auto base = document_for(defaults, request);
    EXPECT_THAT(difference(base, document_for(parsed(row.toml), request)), UnorderedElementsAreArray(row.expected));
  }
}

TEST(Permissions, OfTheMemberRoleFollowTheSettings) { expect_rows(member_rows()); }
TEST(Permissions, OfTheCallerFollowTheSettings) { expect_rows(caller_rows()); }
TEST(Permissions, OfFunctionsFollowTheSettings) { expect_rows(function_rows()); }

TEST(Permissions, ForPlanChangeNothing) {
  auto request = request_for(PolicyKind::member);
  request.mode = rotation::Mode::plan;
  const auto configuration =
      parsed("[store]\ngrant = \"both\"\nkms_key_id = \"k1\"\nreplica_regions = [\"eu-west-1\"]\n");
  const auto document = document_for(configuration, request);
  EXPECT_THAT(sids(document), ElementsAre("SurveyUsers", "ListSecrets", "SurveySecrets", "CheckItself"));
  for (const auto& grant : grants(document)) {
    for (const auto* change : {":Create", ":Put", ":Update", ":Delete", ":Tag", ":Restore", "kms:"}) {
      EXPECT_THAT(grant, Not(HasSubstr(change)));
    }
  }
}

TEST(Permissions, ForPlanDescribeUsersSecretsOnly) {
  auto request = request_for(PolicyKind::member);
  request.mode = rotation::Mode::plan;
  for (const auto* toml : {"", "[accounts]\n111111111111 = [\"ann\"]\n"}) {
    auto all = grants(document_for(parsed(toml), request));
    EXPECT_EQ(all.erase("ListSecrets secretsmanager:ListSecrets *"), 1u) << "lists can't be bound to names";
    for (const auto* secrets : {SECRETS, SECRETS_OR_NONE}) {
      EXPECT_EQ(all.erase(fmt::format("SurveySecrets secretsmanager:DescribeSecret {}", secrets)), 1u);
      EXPECT_EQ(all.erase(fmt::format("SurveySecrets secretsmanager:GetResourcePolicy {}", secrets)), 1u);
    }
    for (const auto& grant : all) EXPECT_THAT(grant, Not(HasSubstr("secretsmanager:")));
  }
}

TEST(Permissions, ForPlanLookAtNoPolicyWhereNothingIsLocked) {
  auto request = request_for(PolicyKind::member);
  request.mode = rotation::Mode::plan;
  const auto all = grants(document_for(parsed("[store]\nlock = \"none\"\n"), request));
  for (const auto& grant : all) EXPECT_THAT(grant, Not(HasSubstr("ResourcePolicy")));
  request = request_for(PolicyKind::caller);
  request.mode = rotation::Mode::plan;
  constexpr std::string_view central = "[store]\nlocation = \"central\"\nkms_key_id = \"" KEY "\"\n";
  for (const auto& grant : grants(document_for(parsed(central), request))) {
    EXPECT_THAT(grant, Not(HasSubstr("ResourcePolicy")));
  }
  const auto locked = std::string(central) + "writers = [\"arn:aws:iam::999999999999:role/rekeyer-account\"]\n";
  EXPECT_THAT(grants(document_for(parsed(locked), request)),
              Contains("SurveySecrets secretsmanager:GetResourcePolicy " CENTRAL));
}

TEST(Permissions, WithACentralStoreMembersHaveNoneOnSecrets) {
  const auto configuration = parsed("[store]\nlocation = \"central\"\nkms_key_id = \"" KEY "\"\n");
  const auto granted = grants(document_for(configuration, request_for(PolicyKind::member)));
  EXPECT_THAT(granted, Contains(HasSubstr("iam:CreateAccessKey")));
  for (const auto& grant : granted) {
    EXPECT_THAT(grant, Not(HasSubstr("secretsmanager:")));
    EXPECT_THAT(grant, Not(HasSubstr("kms:")));
  }
}

TEST(Permissions, OnTheOwnAccountAreOnThatAccountOnly) {
  const auto mine = parsed("[accounts]\n999999999999 = [\"*\"]\n");
  const auto document = document_for(mine, request_for(PolicyKind::caller));
  EXPECT_THAT(sids(document), ElementsAre("SurveyUsers", "LookAtUsers", "ReadExemptionGroup", "RotateKeys",
                                          "ListSecrets", "LookForSecrets", "KeepSecrets"));
  EXPECT_THAT(document.statements[3].resources, ElementsAre("arn:aws:iam::999999999999:user/*"));
  const auto by_role = parsed("[accounts]\n999999999999 = [\"*\"]\n[organization]\nown_account = \"role\"\n");
  EXPECT_THAT(sids(document_for(by_role, request_for(PolicyKind::caller))), ElementsAre("EnterMemberAccounts"));

  auto request = request_for(PolicyKind::caller);
  EXPECT_THAT(sids(document_for(parsed(""), request)), ElementsAre("EnterMemberAccounts", "ReadOrganization"));
  request.own_account = true;
  EXPECT_THAT(sids(document_for(parsed(""), request)), testing::Contains("RotateKeys"));
}

TEST(Permissions, NameEverySecretOfTheTemplateAndNoOther) {
  const std::vector<std::pair<std::string, std::string>> table{
      {"keys/{account}/{user}.key", "keys/*/*.key-??????"},
      {"k{account}{user}_key", "k*_key-??????"},
      {"user-{user}_AccessKey", "user-*_AccessKey-??????"},
  };
  for (const auto& [name, pattern] : table) {
    auto configuration = parsed("");
    configuration.rotation.store.name_template = name;
    configuration.rotation.store.region = Region("eu-west-1");
    const auto document = document_for(configuration, request_for(PolicyKind::member));
    const auto keeps = std::ranges::find(document.statements, "KeepSecrets", &Statement::sid);
    ASSERT_NE(keeps, document.statements.end());
    EXPECT_THAT(keeps->resources, ElementsAre("arn:aws:secretsmanager:eu-west-1:*:secret:" + pattern));
  }
}

TEST(Permissions, AreInTheirPartition) {
  auto request = request_for(PolicyKind::member);
  request.partition = "aws-cn";
  const auto configuration = parsed("[store]\nregion = \"cn-north-1\"\nkms_key_id = \"k1\"\n");
  const auto document = document_for(configuration, request);
  EXPECT_THAT(to_json(document), Not(HasSubstr("arn:aws:")));
  const auto encrypts = std::ranges::find(document.statements, "EncryptSecrets", &Statement::sid);
  ASSERT_NE(encrypts, document.statements.end());
  EXPECT_EQ(encrypts->conditions.front(), (Condition{"StringLike", "kms:ViaService", {"secretsmanager.cn-north-1.*"}}));
}

TEST(Permissions, TrustOneAccountOfOneOrganization) {
  PolicyRequest request;
  request.role = PolicyKind::trust;
  const auto placeholders = document_for(parsed(""), request);
  EXPECT_THAT(placeholders_in(placeholders), ElementsAre("<EXTERNAL_ID>", "<ORG_ID>", "<TOOLING_ACCOUNT>"));
  EXPECT_EQ(to_json(placeholders), R"({
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "AssumedFromToolingAccount",
      "Effect": "Allow",
      "Principal": {"AWS": "arn:aws:iam::<TOOLING_ACCOUNT>:root"},
      "Action": "sts:AssumeRole",
      "Condition": {
        "StringEquals": {
          "sts:ExternalId": "<EXTERNAL_ID>",
          "aws:PrincipalOrgID": "<ORG_ID>"
        }
      }
    }
  ]
}
)");
  request = request_for(PolicyKind::trust);
  request.organization = "o-a1b2c3d4e5";
  const auto filled = document_for(parsed("[organization]\nexternal_id = \"orchid-7\"\n"), request);
  EXPECT_THAT(placeholders_in(filled), IsEmpty());
  EXPECT_THAT(to_json(filled), HasSubstr("\"sts:ExternalId\": \"orchid-7\""));
  request.external_id = "lily-8";
  EXPECT_THAT(to_json(document_for(parsed("[organization]\nexternal_id = \"orchid-7\"\n"), request)),
              HasSubstr("lily-8"));
}

TEST(Permissions, OfFunctionsAreOnTheirRunsAndLogs) {
  auto request = request_for(PolicyKind::account);
  request.runs = "s3://runs/daily/";
  request.region = "eu-west-1";
  request.deployment = "keys";
  request.function_config = "ssm:/keys/config";
  request.vpc = true;
  const auto all = grants(document_for(parsed(""), request));
  for (const auto* grant :
       {"KeepRuns s3:GetObject arn:aws:s3:::runs/daily/*", "KeepRuns s3:PutObject arn:aws:s3:::runs/daily/*",
        "TellMissingObjects s3:ListBucket arn:aws:s3:::runs",
        "WriteLogs logs:PutLogEvents arn:aws:logs:eu-west-1:999999999999:log-group:/aws/lambda/"
        "keys-account:*",
        "ReadConfiguration ssm:GetParameter arn:aws:ssm:eu-west-1:999999999999:parameter/keys/config",
        "AttachToVpc ec2:CreateNetworkInterface *"}) {
    EXPECT_TRUE(all.contains(grant)) << grant;
  }
  request.role = PolicyKind::inventory;
  EXPECT_THAT(sids(document_for(parsed(""), request)),
              ElementsAre("ReadOrganization", "WriteRuns", "WriteLogs", "ReadConfiguration", "AttachToVpc"));
  request.function_config = "s3://settings/rekeyer.toml";
  EXPECT_TRUE(grants(document_for(parsed(""), request))
                  .contains("ReadConfiguration s3:GetObject arn:aws:s3:::settings/rekeyer.toml"));
}

TEST(Permissions, NameEveryRoleOnce) {
  std::vector<std::string> roles;
  for (const auto& named : all_documents(parsed(""), request_for(PolicyKind::caller))) {
    roles.push_back(named.role);
    EXPECT_THAT(named.document.statements, Not(IsEmpty()));
    EXPECT_LE(size_of(named.document), managed_policy_limit) << named.role;
    std::set<std::string> seen;
    for (const auto& statement : named.document.statements) {
      EXPECT_TRUE(seen.insert(statement.sid).second) << named.role << " has two statements " << statement.sid;
      EXPECT_FALSE(statement.why.empty()) << statement.sid;
    }
  }
  EXPECT_THAT(roles, ElementsAre("caller", "rekeyer-member", "rekeyer-member-plan", "rekeyer-member-trust",
                                 "rekeyer-list-accounts", "rekeyer-inventory", "rekeyer-account", "rekeyer-summary"));
}

TEST(Permissions, CountAsIamDoes) {
  const Document small{{{.sid = "S", .actions = {"a:B"}, .resources = {"*"}, .why = "why"}}};
  EXPECT_EQ(size_of(small), std::string(R"({"Version":"2012-10-17","Statement":[{"Sid":"S","Effect":"Allow",)"
                                        R"("Action":"a:B","Resource":"*"}]})")
                                .size());
  EXPECT_EQ(explained(small), "S: why\n  a:B\n  on *\n");
}

}  // namespace
}  // namespace rekeyer::permissions
