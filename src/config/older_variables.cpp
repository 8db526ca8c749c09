#include "config/older_variables.hpp"

#include <algorithm>
#include <array>

namespace rekeyer::config {
namespace {

constexpr auto variable = OlderVariable::Kind::variable;
constexpr auto older_parameter = OlderVariable::Kind::parameter;
constexpr auto sample = OlderVariable::System::sample;
constexpr auto org_wide = OlderVariable::System::org_wide;

constexpr std::string_view deployment_only = "a matter of how the functions are deployed";

constexpr std::array all{
    OlderVariable{"DryRunFlag", variable, sample, "REKEYER_MODE",
                  "\"True\" is a deployment for `plan` (mails, but no change), \"False\" one for `apply`"},
    OlderVariable{"RotationPeriod", variable, sample, "policy.rotation_period",
                  "days of age at which a key is replaced"},
    OlderVariable{"InactivePeriod", variable, sample, "policy.installation_grace",
                  "days of age at which a replaced key is deactivated; what is left when RotationPeriod is taken off"},
    OlderVariable{"InactiveBuffer", variable, sample, "policy.installation_grace",
                  "days between rotation and deactivation"},
    OlderVariable{"InstallationGracePeriod", variable, sample, "policy.installation_grace",
                  "the same under the name that the code read, while the stack set the two above"},
    OlderVariable{"RecoveryGracePeriod", variable, sample, "policy.recovery_grace",
                  "days between deactivation and deletion"},
    OlderVariable{
        "RetentionPeriod", variable, sample, "policy.recovery_grace",
        "in the version of 2020: days of age at which a replaced key is deleted; what is left when the periods "
        "before are taken off"},
    OlderVariable{"PendingActionWarnPeriod", variable, sample, "policy.warn_period, notify.warn_days",
                  "for how many days ahead somebody was warned, every day"},
    OlderVariable{"IAMExemptionGroup", variable, sample, "exempt.group",
                  "the IAM group whose members are exempt; empty: nobody"},
    OlderVariable{"IAMAssumedRoleName", variable, sample, "organization.member_role",
                  "the role that is assumed in each account; it needs rights that it did not have there"},
    OlderVariable{"OrgListAccount", variable, sample, "organization.list_role_arn",
                  "the account in which Organizations is read"},
    OlderVariable{"OrgListRole", variable, sample, "organization.list_role_arn", "the role that is assumed there"},
    OlderVariable{"Partition", variable, sample, "organization.list_role_arn", "the partition of that role's ARN"},
    OlderVariable{"InventoryOU", variable, sample, "organization.include_ous", "only the accounts below this OU"},
    OlderVariable{"LambdaRotationFunction", variable, sample, "REKEYER_ACCOUNT_FUNCTION",
                  "the function that the inventory invokes for each account"},
    OlderVariable{
        "StoreSecretsInCentralAccount", variable, sample, "store.location",
        "\"True\": secrets in one account, which needs a KMS key here; \"False\": in the account of the user"},
    OlderVariable{"CredentialReplicationRegions", variable, sample, "store.replica_regions",
                  "the regions that secrets are copied to, with commas between them"},
    OlderVariable{"ResourceOwnerTag", variable, sample, "owner.tag",
                  "the user tag that names the owner; empty: as if it were not set"},
    OlderVariable{"ADMIN_EMAIL", variable, sample,
                  "notify.from, notify.administrators, notify.account_digest, notify.channel",
                  "the sender of all mails, which went to each account's address; it gets the run's digest now"},
    OlderVariable{"RunLambdaInVPC", variable, sample, "notify.channel",
                  "with \"True\" mails go out by SMTP; where the functions run is no setting of rekeyer's"},
    OlderVariable{"SMTPUserParamName", variable, sample, "notify.channel",
                  "the Systems Manager parameter that holds the SMTP user"},
    OlderVariable{"SMTPPasswordParamName", variable, sample, "notify.channel", "the one that holds the SMTP password"},
    OlderVariable{"S3_BUCKET_NAME", variable, sample, "notify.templates",
                  "the bucket that holds the templates of mails"},
    OlderVariable{"S3_BUCKET_PREFIX", variable, sample, "notify.templates", "they are below this prefix, in Template/"},
    OlderVariable{"EmailTemplateEnforce", variable, sample, "notify.templates",
                  "the template's file name; rekeyer knows it by iam-auto-key-rotation-enforcement.html"},
    OlderVariable{"EmailTemplateAudit", variable, sample, "notify.templates",
                  "the same for audits; rekeyer knows it by iam-auto-key-rotation-audit.html"},
    OlderVariable{"NotifierArn", variable, sample, "",
                  "there is no notifier function: whoever does the work sends the mails"},
    OlderVariable{"RoleSessionName", variable, sample, "", "sessions are called rekeyer- and the run in CloudTrail"},
    OlderVariable{
        "sns_arn", variable, sample, "",
        "in the version of 2020: the topic that fed the notifier function, which is gone; for a topic of your "
        "own add a [[notify.channel]] of type \"sns\""},
    OlderVariable{"DYNAMODB_TABLE_NAME", variable, sample, "",
                  "in the version of 2020: the accounts' addresses, which Organizations knows"},
    OlderVariable{"S3_BUCKET", variable, sample, "", "in the version of 2020: the bucket of the list of addresses"},
    OlderVariable{"S3_KEY", variable, sample, "", "in the version of 2020: that list"},
    OlderVariable{"dynamodb_table_name", variable, sample, "", "of the Emailer Tool, which is gone"},
    OlderVariable{"s3_bucket_name", variable, sample, "", "of the Emailer Tool, which is gone"},
    OlderVariable{"admin_email_source", variable, sample, "",
                  "of the Emailer Tool, which is gone; write `from` below [notify]"},

    OlderVariable{"IAMRoleName", older_parameter, sample, "organization.member_role", "sets IAMAssumedRoleName",
                  "IAMAssumedRoleName"},
    OlderVariable{"AdminEmailAddress", older_parameter, sample,
                  "notify.from, notify.administrators, notify.account_digest, notify.channel", "sets ADMIN_EMAIL",
                  "ADMIN_EMAIL"},
    OlderVariable{"S3BucketName", older_parameter, sample, "notify.templates",
                  "sets S3_BUCKET_NAME; the code was there too", "S3_BUCKET_NAME"},
    OlderVariable{"S3BucketPrefix", older_parameter, sample, "notify.templates", "sets S3_BUCKET_PREFIX",
                  "S3_BUCKET_PREFIX"},
    OlderVariable{"ExecutionRoleName", older_parameter, sample, "", deployment_only},
    OlderVariable{"InventoryExecutionRoleName", older_parameter, sample, "", deployment_only},
    OlderVariable{"AccountExecutionRoleName", older_parameter, sample, "", deployment_only},
    OlderVariable{"RotationExecutionRoleName", older_parameter, sample, "", deployment_only},
    OlderVariable{"PrimaryAccountID", older_parameter, sample, "",
                  "whom the member role trusts: a parameter of rekeyer's own stack for members"},
    OlderVariable{"AWSOrgID", older_parameter, sample, "",
                  "a condition in the roles' policies; rekeyer's stacks have their own"},
    OlderVariable{"EnvironmentName", older_parameter, sample, "",
                  "a condition on a tag of the member role; keep such a tag, and the condition, in your own roles"},
    OlderVariable{"InfraestructureAccountIDDEV", older_parameter, sample, "", "whom the list role trusts"},
    OlderVariable{"InfraestructureAccountIDPRD", older_parameter, sample, "", "whom the list role trusts"},
    OlderVariable{"VpcId", older_parameter, sample, "", deployment_only},
    OlderVariable{"VpcCidr", older_parameter, sample, "", deployment_only},
    OlderVariable{"SubnetId", older_parameter, sample, "", deployment_only},
    OlderVariable{"CSVBucketName", older_parameter, sample, "", "in the version of 2020: the list of addresses"},
    OlderVariable{"CSVFileName", older_parameter, sample, "", "in the version of 2020: the list of addresses"},
    OlderVariable{"EmailTableName", older_parameter, sample, "", "in the version of 2020: the table of addresses"},

    OlderVariable{"ACCOUNTS_USERS_JSON", variable, org_wide, "accounts", "a map from account to the names of users"},
    OlderVariable{"ACCOUNTS_USERS", variable, org_wide, "accounts", "the same under the name that its Terraform sets",
                  "ACCOUNTS_USERS_JSON"},
    OlderVariable{"ROTATION_ROLE_NAME", variable, org_wide, "organization.member_role",
                  "the role that is assumed in each account; it needs rights that it did not have there"},
    OlderVariable{"SNS_TOPIC_ARN", variable, org_wide, "notify.channel",
                  "the topic that is told; events go there now, and never a secret"},
    OlderVariable{"accounts_users", older_parameter, org_wide, "accounts", "sets ACCOUNTS_USERS",
                  "ACCOUNTS_USERS_JSON"},
    OlderVariable{"accounts_users_json", older_parameter, org_wide, "accounts", "what its README calls the same",
                  "ACCOUNTS_USERS_JSON"},
    OlderVariable{"rotation_role_name", older_parameter, org_wide, "organization.member_role",
                  "sets ROTATION_ROLE_NAME", "ROTATION_ROLE_NAME"},
    OlderVariable{"rotation_interval_days", older_parameter, org_wide, "",
                  "nothing there read it: every run replaced every key; write `rotation_period` below [policy]"},
    OlderVariable{"alert_email", older_parameter, org_wide, "", "a subscription of the topic, which stays as it is"},
    OlderVariable{"sns_alert_email", older_parameter, org_wide, "",
                  "a subscription of the topic, which stays as it is"},
    OlderVariable{"aws_region", older_parameter, org_wide, "", deployment_only},
    OlderVariable{"trusted_account_id", older_parameter, org_wide, "", "whom the member role trusts"},
    OlderVariable{"account_id", older_parameter, org_wide, "", "the account in which its member role was made"},
    OlderVariable{"role_name", older_parameter, org_wide, "", "what its member role was called"},
};

}  // namespace

std::span<const OlderVariable> older_variables() { return all; }

const OlderVariable* find_older_variable(std::string_view name) {
  const auto found = std::ranges::find(all, name, &OlderVariable::name);
  return found == all.end() ? nullptr : &*found;
}

}  // namespace rekeyer::config
