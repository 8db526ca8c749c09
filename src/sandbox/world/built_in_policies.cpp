// A few of AWS's managed policies, in short: what they allow is close enough for a rehearsal.
#include "sandbox/world/built_in_policies.hpp"

#include "sandbox/world/ids.hpp"

namespace rekeyer::sandbox {
namespace {

struct Template {
  std::string_view path;
  std::string_view name;
  std::string_view statement;
};

constexpr Template templates[] = {
    {"/", "AdministratorAccess", R"({"Effect":"Allow","Action":"*","Resource":"*"})"},
    {"/", "AmazonS3FullAccess", R"({"Effect":"Allow","Action":"s3:*","Resource":"*"})"},
    {"/", "AmazonS3ReadOnlyAccess", R"({"Effect":"Allow","Action":["s3:Get*","s3:List*"],"Resource":"*"})"},
    {"/", "IAMFullAccess", R"({"Effect":"Allow","Action":"iam:*","Resource":"*"})"},
    {"/", "IAMReadOnlyAccess",
     R"({"Effect":"Allow","Action":["iam:Get*","iam:List*","iam:GenerateCredentialReport","iam:Simulate*"],"Resource":"*"})"},
    {"/", "IAMUserChangePassword",
     R"({"Effect":"Allow","Action":["iam:ChangePassword","iam:GetAccountPasswordPolicy"],"Resource":"*"})"},
    {"/", "PowerUserAccess",
     R"({"Effect":"Allow","NotAction":["iam:*","organizations:*","account:*"],"Resource":"*"})"},
    // Reading by name, without the values of secrets: as AWS's own policy has it.
    {"/", "ReadOnlyAccess",
     R"({"Effect":"Allow","Action":["iam:Get*","iam:List*","iam:GenerateCredentialReport","kms:Describe*","kms:Get*","kms:List*","organizations:Describe*","organizations:List*","s3:Get*","s3:List*","secretsmanager:Describe*","secretsmanager:GetResourcePolicy","secretsmanager:List*","ses:Get*","ses:List*","sns:Get*","sns:List*","sts:GetCallerIdentity"],"Resource":"*"})"},
    {"/", "SecretsManagerReadWrite", R"({"Effect":"Allow","Action":"secretsmanager:*","Resource":"*"})"},
    {"/", "SecurityAudit",
     R"({"Effect":"Allow","Action":["iam:Get*","iam:List*","iam:GenerateCredentialReport","kms:Describe*","kms:List*","organizations:Describe*","organizations:List*","secretsmanager:Describe*","secretsmanager:GetResourcePolicy","secretsmanager:List*"],"Resource":"*"})"},
    {"/", "AWSDenyAll", R"({"Sid":"DenyAll","Effect":"Deny","Action":["*"],"Resource":"*"})"},
    // What AWS attaches to users whose keys it finds in public: of all that it denies, what concerns keys and users.
    {"/", "AWSCompromisedKeyQuarantineV2",
     R"({"Effect":"Deny","Action":["iam:AttachUserPolicy","iam:CreateAccessKey","iam:CreateUser","iam:PutUserPolicy","iam:UpdateAccessKey","organizations:CreateAccount"],"Resource":"*"})"},
    {"/", "AWSCompromisedKeyQuarantineV3",
     R"({"Effect":"Deny","Action":["iam:AttachUserPolicy","iam:CreateAccessKey","iam:CreateUser","iam:PutUserPolicy","iam:UpdateAccessKey","organizations:CreateAccount","sts:GetFederationToken"],"Resource":"*"})"},
};

using Policies = std::map<std::string, ManagedPolicy>;

constexpr Instant first_version{std::chrono::seconds(1423247999)};  // early 2015, like AWS's oldest ones

Policies in_partition(std::string_view partition) {
  Ids ids(1);
  Policies policies;
  for (const Template& entry : templates) {
    ManagedPolicy policy;
    policy.arn.append("arn:").append(partition).append(":iam::aws:policy").append(entry.path).append(entry.name);
    policy.name = entry.name;
    policy.id = ids.unique("ANPA");
    policy.path = entry.path;
    policy.created = first_version;
    policy.document.append(R"({"Version":"2012-10-17","Statement":[)").append(entry.statement).append("]}");
    policies.emplace(policy.arn, policy);
  }
  return policies;
}

}  // namespace

const std::map<std::string, ManagedPolicy>& built_in_policies(std::string_view partition) {
  static const std::map<std::string, Policies, std::less<>> all = [] {
    std::map<std::string, Policies, std::less<>> made;
    for (const std::string_view name :
         {"aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f", "aws-eusc"}) {
      made.emplace(name, in_partition(name));
    }
    return made;
  }();
  const auto found = all.find(partition);
  return found == all.end() ? all.at("aws") : found->second;
}

const ManagedPolicy* find_managed_policy(const World& world, const AccountId& account, const std::string& arn) {
  if (const Account* const home = world.find_account(account)) {
    const auto own = home->iam.policies.find(arn);
    if (own != home->iam.policies.end()) return &own->second;
  }
  const auto& built_in = built_in_policies(world.partition);
  const auto found = built_in.find(arn);
  return found == built_in.end() ? nullptr : &found->second;
}

}  // namespace rekeyer::sandbox
