// Each variable of the older systems and its effect on the settings; bad values; what is set together.
#include "config/older_environment.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "config/config.hpp"
#include "config/older_variables.hpp"

namespace rekeyer::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Environment = std::map<std::string, std::string>;
using std::chrono::days;

/// What came of an environment: the settings that the text parses to, with what stood beside it.
struct Read {
  Configuration configuration;
  OlderSettings older;
  std::string failure;  ///< of reading or parsing, every problem a line
};

Read read(const Environment& environment) {
  Read result;
  auto older = from_older_environment(environment);
  if (!older) {
    EXPECT_EQ(older.error().kind, ErrorKind::usage);
    result.failure = older.error().message;
    return result;
  }
  result.older = *std::move(older);
  auto configuration = parse(result.older.text, std::string(environment_name));
  if (configuration) {
    result.configuration = *std::move(configuration);
  } else {
    for (const auto& problem : configuration.error()) result.failure += describe(problem) + "\n";
  }
  return result;
}

const policy::RuleChanges& rules(const Read& read) { return read.configuration.rotation.policy.organisation; }
const notify::Settings& mails(const Read& read) { return read.configuration.notify; }
const rotation::Settings& rotation_of(const Read& read) { return read.configuration.rotation; }

/// "90d" as the setting has it, or "unset".
std::string in_days(const std::optional<policy::Sourced<Period>>& setting) {
  return setting ? format_period(setting->value) : "unset";
}

std::string channel_of(const Read& read) {
  if (mails(read).channels.size() != 1) return fmt::format("{} channels", mails(read).channels.size());
  const auto& channel = mails(read).channels.front();
  switch (channel.kind) {
    case notify::ChannelKind::ses: return "ses " + channel.region.str();
    case notify::ChannelKind::smtp:
      return fmt::format("smtp {}:{} {} {}{}", channel.host, channel.port, channel.user_parameter,
                         channel.password_parameter, channel.security == notify::SmtpSecurity::tls ? " tls" : "");
    case notify::ChannelKind::sns: return "sns " + channel.topic_arn;
    default: return "another";
  }
}

std::string joined(const std::vector<std::string>& texts) { return fmt::format("{}", fmt::join(texts, " ")); }

/// One variable, what must be set beside it, and the effect that must be seen.
struct OlderRow {
  std::string variable;
  std::string value;
  Environment beside;
  std::function<std::string(const Read&)> seen;
  std::string effect;
};

std::vector<OlderRow> table() {
  const Environment sender{{"ADMIN_EMAIL", "keys@example.com"}, {"AWS_REGION", "eu-west-1"}};
  auto smtp = sender;
  smtp.insert(
      {{"RunLambdaInVPC", "True"}, {"SMTPUserParamName", "/smtp/user"}, {"SMTPPasswordParamName", "/smtp/password"}});
  auto bucket = sender;
  bucket.insert({{"S3_BUCKET_NAME", "templates-bucket"}, {"S3_BUCKET_PREFIX", "asa/rotation"}});
  const Environment list_role{{"OrgListAccount", "999999999999"}, {"OrgListRole", "org-reader"}};
  const auto mode = [](const Read& r) {
    return std::string(!r.older.dry_run ? "unset" : *r.older.dry_run ? "plan" : "apply");
  };
  const auto rotation_period = [](const Read& r) { return in_days(rules(r).rotation_period); };
  const auto grace = [](const Read& r) { return in_days(rules(r).installation_grace); };
  const auto recovery = [](const Read& r) { return in_days(rules(r).recovery_grace); };
  const auto warned = [](const Read& r) {
    return fmt::format("{} {}", in_days(rules(r).warn_period), fmt::join(rotation_of(r).notices.warn_days, " "));
  };
  const auto group = [](const Read& r) { return "group " + rotation_of(r).policy.exempt_group; };
  const auto role = [](const Read& r) { return rotation_of(r).scope.member_role.str(); };
  const auto lister = [](const Read& r) { return rotation_of(r).scope.list_role.str(); };
  const auto ous = [](const Read& r) { return fmt::format("{}", fmt::join(rotation_of(r).scope.include_ous, " ")); };
  const auto location = [](const Read& r) {
    return std::string(rotation_of(r).store.location == rotation::StoreLocation::central ? "central" : "member");
  };
  const auto replicas = [](const Read& r) {
    return fmt::format("{}", fmt::join(rotation_of(r).store.replica_regions, " "));
  };
  const auto owner_tag = [](const Read& r) { return mails(r).owner.tag; };
  const auto templates = [](const Read& r) { return mails(r).templates; };
  const auto people = [](const Read& r) {
    return fmt::format("{} to {}{}", mails(r).from, joined(mails(r).administrators),
                       mails(r).account_digest ? " and accounts" : "");
  };
  const auto users = [](const Read& r) {
    std::string text;
    for (const auto& [account, names] : rotation_of(r).scope.fixed_accounts)
      text += account.str() + ": " + joined(names) + "; ";
    return text;
  };
  const std::string map = R"({"111111111111": ["ann", "ci-deploy"], "222222222222": ["bob"]})";
  const std::string map_read = "111111111111: ann ci-deploy; 222222222222: bob; ";
  const std::string topic = "arn:aws:sns:eu-west-1:111111111111:alerts";
  return {
      {"DryRunFlag", "True", {}, mode, "plan"},
      {"DryRunFlag", "false", {}, mode, "apply"},
      {"RotationPeriod", "60", {}, rotation_period, "60d"},
      {"InactivePeriod", "105", {}, grace, "15d"},
      {"InactivePeriod", "75", {{"RotationPeriod", "60"}}, grace, "15d"},
      {"InactiveBuffer", "12", {}, grace, "12d"},
      {"InstallationGracePeriod", "14", {}, grace, "14d"},
      {"RecoveryGracePeriod", "20", {}, recovery, "20d"},
      {"RetentionPeriod", "110", {{"RotationPeriod", "90"}, {"InactivePeriod", "100"}}, recovery, "10d"},
      {"PendingActionWarnPeriod", "5", {{"SNS_TOPIC_ARN", topic}}, warned, "5d 5 3 1"},
      {"PendingActionWarnPeriod", "2", {{"SNS_TOPIC_ARN", topic}}, warned, "2d 2 1"},
      {"PendingActionWarnPeriod", "0", {{"SNS_TOPIC_ARN", topic}}, warned, "0d "},
      {"PendingActionWarnPeriod", "5", {}, warned, "5d 7 3 1"},
      {"IAMExemptionGroup", "NeverRotate", {}, group, "group NeverRotate"},
      {"IAMExemptionGroup", "", {}, group, "group "},
      {"IAMAssumedRoleName", "asa-assumed-role", {}, role, "asa-assumed-role"},
      {"IAMRoleName", "asa-assumed-role", {}, role, "asa-assumed-role"},
      {"ROTATION_ROLE_NAME", "IAMKeyRotationRole", {}, role, "IAMKeyRotationRole"},
      {"rotation_role_name", "IAMKeyRotationRole", {}, role, "IAMKeyRotationRole"},
      {"OrgListAccount", "888888888888", list_role, lister, "arn:aws:iam::888888888888:role/org-reader"},
      {"OrgListRole", "other-reader", list_role, lister, "arn:aws:iam::999999999999:role/other-reader"},
      {"Partition", "aws-us-gov", list_role, lister, "arn:aws-us-gov:iam::999999999999:role/org-reader"},
      {"InventoryOU", "ou-ab12-cdef3456", {}, ous, "ou-ab12-cdef3456"},
      {"LambdaRotationFunction", "rotate-it", {}, [](const Read& r) { return r.older.account_function; }, "rotate-it"},
      {"StoreSecretsInCentralAccount", "False", {}, location, "member"},
      {"CredentialReplicationRegions", "us-west-1, us-west-2,", {}, replicas, "us-west-1 us-west-2"},
      {"ResourceOwnerTag", "contact", {}, owner_tag, "contact"},
      {"ResourceOwnerTag", "", {{"RotationPeriod", "90"}}, owner_tag, "owner"},
      {"ADMIN_EMAIL",
       "Keys <keys@example.com>",
       {},
       people,
       "Keys <keys@example.com> to keys@example.com and accounts"},
      {"AdminEmailAddress", "keys@example.com", {}, people, "keys@example.com to keys@example.com and accounts"},
      {"ADMIN_EMAIL", "keys@example.com", {{"AWS_REGION", "eu-west-1"}}, channel_of, "ses eu-west-1"},
      {"ADMIN_EMAIL", "keys@example.com", {{"ACCOUNTS_USERS", map}}, people, "keys@example.com to keys@example.com"},
      {"RunLambdaInVPC", "True", smtp, channel_of,
       "smtp email-smtp.eu-west-1.amazonaws.com:465 /smtp/user /smtp/password tls"},
      {"RunLambdaInVPC", "False", smtp, channel_of, "ses eu-west-1"},
      {"SMTPUserParamName", "/mine", smtp, channel_of,
       "smtp email-smtp.eu-west-1.amazonaws.com:465 /mine /smtp/password tls"},
      {"SMTPPasswordParamName", "/mine", smtp, channel_of,
       "smtp email-smtp.eu-west-1.amazonaws.com:465 /smtp/user /mine tls"},
      {"S3_BUCKET_NAME", "other-bucket", bucket, templates, "s3://other-bucket/asa/rotation/Template"},
      {"S3_BUCKET_PREFIX", "", bucket, templates, "s3://templates-bucket/Template"},
      {"S3_BUCKET_PREFIX", "a/b/", bucket, templates, "s3://templates-bucket/a/b/Template"},
      {"S3BucketName", "templates-bucket", bucket, templates, "s3://templates-bucket/asa/rotation/Template"},
      {"S3BucketPrefix", "asa/rotation", bucket, templates, "s3://templates-bucket/asa/rotation/Template"},
      {"EmailTemplateEnforce", "iam-auto-key-rotation-enforcement.html", bucket, templates,
       "s3://templates-bucket/asa/rotation/Template"},
      {"EmailTemplateEnforce", "ours.html", bucket, templates, ""},
      {"EmailTemplateAudit", "iam-auto-key-rotation-audit.html", bucket, templates,
       "s3://templates-bucket/asa/rotation/Template"},
      {"ACCOUNTS_USERS_JSON", map, {}, users, map_read},
      {"ACCOUNTS_USERS", map, {}, users, map_read},
      {"accounts_users", map, {}, users, map_read},
      {"accounts_users_json", map, {}, users, map_read},
      {"SNS_TOPIC_ARN", topic, {}, channel_of, "sns " + topic},
  };
}

TEST(OlderEnvironment, EachVariableHasItsEffect) {
  std::set<std::string, std::less<>> shown;
  for (const auto& row : table()) {
    SCOPED_TRACE(row.variable + "=" + row.value);
    auto environment = row.beside;
    environment[row.variable] = row.value;
    const auto result = read(environment);
    EXPECT_EQ(result.failure, "");
    EXPECT_EQ(row.seen(result), row.effect);
    shown.insert(row.variable);
  }
  // StoreSecretsInCentralAccount=True has a test of its own; everything that becomes something is in the table.
  for (const auto& older : older_variables()) {
    if (!older.becomes.empty()) EXPECT_TRUE(shown.contains(older.name)) << "not in the table: " << older.name;
  }
}

TEST(OlderEnvironment, WhatMeansNothingIsAWarningByName) {
  std::size_t seen = 0;
  for (const auto& older : older_variables()) {
    if (!older.becomes.empty()) continue;
    SCOPED_TRACE(older.name);
    const auto result = read({{std::string(older.name), "something"}});
    EXPECT_EQ(result.older.text, "") << "such a variable alone is no older deployment";
    EXPECT_THAT(result.older.warnings,
                ElementsAre(fmt::format("{} means nothing to rekeyer: {}", older.name, older.meaning)));
    ++seen;
  }
  EXPECT_GT(seen, 20U);
}

TEST(OlderEnvironment, WithoutOlderVariablesThereIsNoText) {
  const auto result = read({{"PATH", "/bin"}, {"AWS_REGION", "eu-west-1"}, {"REKEYER_MODE", "plan"}});
  EXPECT_EQ(result.older.text, "");
  EXPECT_THAT(result.older.warnings, IsEmpty());
  EXPECT_FALSE(result.older.dry_run);
}

/// The three functions of the sample's stack as its template deploys them, read together.
Environment whole_sample() {
  return {{"DryRunFlag", "True"},
          {"RotationPeriod", "90"},
          {"InactivePeriod", "100"},
          {"InactiveBuffer", "10"},
          {"RecoveryGracePeriod", "10"},
          {"IAMExemptionGroup", "IAMKeyRotationExemptionGroup"},
          {"IAMAssumedRoleName", "asa-iam-key-rotation-lambda-assumed-role"},
          {"RoleSessionName", "ASA-IAM-Access-Key-Rotation-Function"},
          {"Partition", "aws"},
          {"NotifierArn", "arn:aws:lambda:eu-west-1:111111111111:function:ASA-Notifier"},
          {"EmailTemplateEnforce", "iam-auto-key-rotation-enforcement.html"},
          {"EmailTemplateAudit", "iam-auto-key-rotation-enforcement.html"},
          {"ResourceOwnerTag", ""},
          {"StoreSecretsInCentralAccount", "False"},
          {"CredentialReplicationRegions", ""},
          {"RunLambdaInVPC", "False"},
          {"OrgListAccount", "999999999999"},
          {"OrgListRole", "asa-iam-key-rotation-list-accounts-role"},
          {"LambdaRotationFunction", "ASA-IAM-Access-Key-Rotation-Function"},
          {"ADMIN_EMAIL", "keys@example.com"},
          {"S3_BUCKET_NAME", "templates-bucket"},
          {"S3_BUCKET_PREFIX", "asa/asa-iam-rotation"},
          {"AWS_REGION", "eu-west-1"}};
}

TEST(OlderEnvironment, TheSampleAsItIsDeployedMeansWhatItsDocumentsSay) {
  const auto result = read(whole_sample());
  EXPECT_EQ(result.failure, "");
  EXPECT_EQ(in_days(rules(result).rotation_period), "90d");
  EXPECT_EQ(in_days(rules(result).installation_grace), "10d") << "not the 7 days that the code fell back to";
  EXPECT_EQ(in_days(rules(result).recovery_grace), "10d");
  EXPECT_EQ(rotation_of(result).store.region.str(), "eu-west-1") << "secrets are where the functions ran";
  EXPECT_EQ(rotation_of(result).store.name_template, "Account_{account}_User_{user}_AccessKey");
  EXPECT_EQ(result.older.dry_run, true);
  EXPECT_EQ(result.older.account_function, "ASA-IAM-Access-Key-Rotation-Function");
  EXPECT_THAT(result.older.warnings, testing::UnorderedElementsAre(HasSubstr("NotifierArn means nothing"),
                                                                   HasSubstr("RoleSessionName means nothing"),
                                                                   HasSubstr("EmailTemplateAudit: mails of an audit")));
}

TEST(OlderEnvironment, EachLineNamesItsVariables) {
  const auto text = read(whole_sample()).older.text;
  EXPECT_THAT(text, HasSubstr("rotation_period = \"90d\"  # RotationPeriod\n"));
  EXPECT_THAT(text, HasSubstr("installation_grace = \"10d\"  # InactiveBuffer, InactivePeriod\n"));
  EXPECT_THAT(text, HasSubstr("# OrgListAccount, OrgListRole, Partition\n"));
  EXPECT_THAT(text, HasSubstr("region = \"eu-west-1\"  # AWS_REGION: "));
  EXPECT_THAT(text, HasSubstr("# DryRunFlag: the deployment's mode is `plan`"));
}

TEST(OlderEnvironment, ARuleNamesTheVariableItCameFrom) {
  const auto result = read({{"RotationPeriod", "60"}});
  ASSERT_TRUE(rules(result).rotation_period);
  EXPECT_EQ(rules(result).rotation_period->source, "environment variable RotationPeriod");
}

TEST(OlderEnvironment, WherePeriodsDisagreeTheLongestCounts) {
  const auto result = read({{"InactivePeriod", "100"}, {"InstallationGracePeriod", "14"}, {"InactiveBuffer", "10"}});
  EXPECT_EQ(in_days(rules(result).installation_grace), "14d");
  EXPECT_THAT(
      result.older.warnings,
      testing::Contains(HasSubstr("InactiveBuffer 10 days, InstallationGracePeriod 14 days, InactivePeriod 10 days")));
}

TEST(OlderEnvironment, AnAgeThatIsNotBeyondTheRotationSaysNothingBesideABuffer) {
  // The defaults of the sample's Terraform.
  const auto result = read({{"RotationPeriod", "90"}, {"InactivePeriod", "90"}, {"InactiveBuffer", "10"}});
  EXPECT_EQ(in_days(rules(result).installation_grace), "10d");
  EXPECT_THAT(result.older.warnings, testing::Contains(HasSubstr("InactivePeriod is left out")));
}

TEST(OlderEnvironment, SecretsInACentralAccountNeedAKeyAndSayWhose) {
  const auto result = read({{"StoreSecretsInCentralAccount", "True"},
                            {"OrgListAccount", "999999999999"},
                            {"OrgListRole", "org-reader"},
                            {"CredentialReplicationRegions", "us-west-2"}});
  EXPECT_THAT(result.older.text, HasSubstr("location = \"central\"  # StoreSecretsInCentralAccount\n"));
  EXPECT_THAT(result.failure,
              HasSubstr("environment variable StoreSecretsInCentralAccount: `store.kms_key_id` is required"));
  EXPECT_THAT(result.failure,
              HasSubstr("environment variable CredentialReplicationRegions: `store.replica_kms_key_ids`"));
  EXPECT_THAT(result.older.warnings, testing::Contains(HasSubstr("in the account \"999999999999\"")));
}

TEST(OlderEnvironment, SettingsOfMailsWithoutASenderMeanNothing) {
  const auto result = read({{"RotationPeriod", "90"},
                            {"AWS_REGION", "eu-west-1"},
                            {"S3_BUCKET_NAME", "bucket"},
                            {"RunLambdaInVPC", "True"}});
  EXPECT_EQ(result.failure, "");
  EXPECT_TRUE(mails(result).channels.empty());
  EXPECT_THAT(result.older.warnings,
              ElementsAre(HasSubstr("S3_BUCKET_NAME means nothing"), HasSubstr("RunLambdaInVPC means nothing")));
}

TEST(OlderEnvironment, WithoutARegionItSaysWhichIsTaken) {
  EXPECT_THAT(read({{"RotationPeriod", "90"}}).older.warnings, ElementsAre(HasSubstr("us-east-1 is taken")));
  EXPECT_THAT(read({{"RotationPeriod", "90"}, {"AWS_DEFAULT_REGION", "eu-west-1"}}).older.warnings, IsEmpty());
}

TEST(OlderEnvironment, TheListRoleIsInTheFunctionsPartition) {
  const auto result =
      read({{"OrgListAccount", "999999999999"}, {"OrgListRole", "org-reader"}, {"AWS_REGION", "cn-north-1"}});
  EXPECT_EQ(rotation_of(result).scope.list_role.str(), "arn:aws-cn:iam::999999999999:role/org-reader");
}

TEST(OlderEnvironment, AListRoleWithoutItsAccountMeansNothing) {
  // The template's defaults.
  const auto result = read({{"OrgListAccount", ""}, {"OrgListRole", "org-reader"}, {"AWS_REGION", "eu-west-1"}});
  EXPECT_EQ(result.failure, "");
  EXPECT_TRUE(rotation_of(result).scope.list_role.empty());
  EXPECT_THAT(result.older.warnings, ElementsAre(HasSubstr("OrgListRole means nothing")));
}

TEST(OlderEnvironment, AnAccountWithoutUsersIsLeftOut) {
  const auto result = read({{"ACCOUNTS_USERS_JSON", R"({"111111111111": [], "222222222222": ["bob"]})"}});
  EXPECT_EQ(rotation_of(result).scope.fixed_accounts.size(), 1U);
  EXPECT_THAT(result.older.warnings, testing::Contains(HasSubstr("the list of \"111111111111\" is empty")));
}

struct Bad {
  Environment environment;
  std::string said;  ///< all of it, or its beginning
};

TEST(OlderEnvironment, ABadValueIsToldByItsVariable) {
  const std::vector<Bad> rows{
      {{{"RotationPeriod", "ninety"}}, "environment variable RotationPeriod: \"ninety\" is not a whole number of days"},
      {{{"RotationPeriod", ""}}, "environment variable RotationPeriod: \"\" is not a whole number of days"},
      {{{"RotationPeriod", "-90"}}, "environment variable RotationPeriod: \"-90\" is not a whole number of days"},
      {{{"RotationPeriod", "9.5"}}, "environment variable RotationPeriod: \"9.5\" is not a whole number of days"},
      {{{"RotationPeriod", "99999999999999999999"}}, "environment variable RotationPeriod: "},
      {{{"RotationPeriod", "0"}}, "environment variable RotationPeriod: "},
      {{{"RotationPeriod", "15"}, {"RecoveryGracePeriod", "10"}},
       "environment variables RotationPeriod, RecoveryGracePeriod: [policy]: rotation_period (15d) is shorter"},
      {{{"InactivePeriod", "80"}},
       "environment variable InactivePeriod: 80 days of age are not beyond the rotation, at 90 days"},
      {{{"RetentionPeriod", "95"}},
       "environment variable RetentionPeriod: 95 days of age are not beyond the deactivation, at 100 days"},
      {{{"DryRunFlag", "yes"}}, "environment variable DryRunFlag: \"yes\" is neither True nor False"},
      {{{"DryRunFlag", ""}}, "environment variable DryRunFlag: \"\" is neither True nor False"},
      {{{"StoreSecretsInCentralAccount", "1"}}, "environment variable StoreSecretsInCentralAccount: \"1\" is neither"},
      {{{"ADMIN_EMAIL", "a@example.com"}, {"RunLambdaInVPC", "no"}},
       "environment variable RunLambdaInVPC: \"no\" is neither"},
      {{{"ADMIN_EMAIL", "a@example.com"}, {"SMTPUserParamName", "/user"}},
       "environment variable SMTPUserParamName: needs SMTPPasswordParamName too"},
      {{{"ADMIN_EMAIL", "nobody"}}, "environment variable ADMIN_EMAIL: "},
      {{{"ADMIN_EMAIL", "a@example.com\"\n[policy]"}}, "environment variable ADMIN_EMAIL: "},
      {{{"ADMIN_EMAIL", "a@example.com"}, {"S3_BUCKET_NAME", "x"}}, "environment variable S3_BUCKET_NAME: "},
      {{{"IAMExemptionGroup", "two words"}}, "environment variable IAMExemptionGroup: "},
      {{{"IAMAssumedRoleName", "arn:aws:iam::111111111111:role/r"}}, "environment variable IAMAssumedRoleName: "},
      {{{"IAMAssumedRoleName", "one"}, {"ROTATION_ROLE_NAME", "other"}},
       "environment variable ROTATION_ROLE_NAME: IAMAssumedRoleName names another role"},
      {{{"IAMAssumedRoleName", "one"}, {"IAMRoleName", "other"}},
       "environment variable IAMRoleName: IAMAssumedRoleName means the same and says something else; remove one"},
      {{{"OrgListAccount", "999999999999"}}, "environment variable OrgListAccount: needs OrgListRole"},
      {{{"OrgListAccount", "12"}, {"OrgListRole", "r"}}, "environment variables OrgListAccount, OrgListRole: "},
      {{{"InventoryOU", "Sandbox"}}, "environment variable InventoryOU: "},
      {{{"CredentialReplicationRegions", "us-west-2,nowhere"}}, "environment variable CredentialReplicationRegions: "},
      {{{"CredentialReplicationRegions", "eu-west-1"}, {"AWS_REGION", "eu-west-1"}},
       "environment variable CredentialReplicationRegions: `store.replica_regions` holds eu-west-1"},
      {{{"ResourceOwnerTag", "aws:owner"}}, "environment variable ResourceOwnerTag: "},
      {{{"PendingActionWarnPeriod", "91"}, {"SNS_TOPIC_ARN", "arn:aws:sns:eu-west-1:111111111111:t"}},
       "environment variable PendingActionWarnPeriod: "},
      {{{"SNS_TOPIC_ARN", "alerts"}}, "environment variable SNS_TOPIC_ARN: "},
      {{{"ACCOUNTS_USERS_JSON", ""}}, "environment variable ACCOUNTS_USERS_JSON: is not JSON"},
      {{{"ACCOUNTS_USERS_JSON", "[]"}}, "environment variable ACCOUNTS_USERS_JSON: is JSON, but no map"},
      {{{"ACCOUNTS_USERS_JSON", "{}"}}, "environment variable ACCOUNTS_USERS_JSON: names no user"},
      {{{"ACCOUNTS_USERS_JSON", R"({"111111111111": []})"}}, "environment variable ACCOUNTS_USERS_JSON: names no user"},
      {{{"ACCOUNTS_USERS_JSON", R"({"111111111111": "ann"})"}},
       "environment variable ACCOUNTS_USERS_JSON: what stands for \"111111111111\" is no list"},
      {{{"ACCOUNTS_USERS_JSON", R"({"111111111111": [1]})"}}, "environment variable ACCOUNTS_USERS_JSON: the list of"},
      {{{"ACCOUNTS_USERS_JSON", R"({"111111111111": ["*"]})"}},
       "environment variable ACCOUNTS_USERS_JSON: \"*\" in the list"},
      {{{"ACCOUNTS_USERS_JSON", R"({"12": ["ann"]})"}}, "environment variable ACCOUNTS_USERS_JSON: "},
      {{{"ACCOUNTS_USERS", R"({"111111111111": ["ann", "Ann"]})"}}, "environment variable ACCOUNTS_USERS: "},
      {{{"ACCOUNTS_USERS_JSON", R"({"111111111111": ["ann"]})"},
        {"OrgListAccount", "999999999999"},
        {"OrgListRole", "r"}},
       "environment variables OrgListAccount, OrgListRole: `organization.list_role_arn` has no effect with [accounts]"},
  };
  for (const auto& row : rows) {
    SCOPED_TRACE(row.said);
    const auto result = read(row.environment);
    EXPECT_TRUE(result.failure.starts_with(row.said)) << result.failure;
  }
}

TEST(OlderEnvironment, AFileOfAnyNameHasNoVariables) {
  const auto configuration = parse("[policy]\nrotation_period = \"0d\"  # RotationPeriod\n", "rekeyer.toml");
  ASSERT_FALSE(configuration);
  EXPECT_TRUE(describe(configuration.error().front()).starts_with("rekeyer.toml:2:"));
}

TEST(UnknownVariables, NamesWhatNobodyReadsAndWhatWasMeant) {
  const Environment environment{{"PATH", "/bin"},
                                {"AWS_REGION", "eu-west-1"},
                                {"_HANDLER", "account"},
                                {"LC_ALL", "C"},
                                {"TZ", ":UTC"},
                                {"REKEYER_MODE", "plan"},
                                {"RotationPeriod", "90"},
                                {"RotationPeroid", "60"},
                                {"ROTATION_PERIOD", "60"},
                                {"VpcId", "vpc-1"},
                                {"RecipientEmails", "[]"},
                                {"REKYER_MODE", "apply"}};
  EXPECT_THAT(
      unknown_variables(environment),
      ElementsAre(
          "the environment variable \"REKYER_MODE\" means nothing to rekeyer; did you mean REKEYER_MODE?",
          "the environment variable \"ROTATION_PERIOD\" means nothing to rekeyer; did you mean RotationPeriod?",
          "the environment variable \"RecipientEmails\" means nothing to rekeyer",
          "the environment variable \"RotationPeroid\" means nothing to rekeyer; did you mean RotationPeriod?"));
}

}  // namespace
}  // namespace rekeyer::config
