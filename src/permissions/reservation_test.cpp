// The organization's policy that reserves the secrets' names: its text, and who is let through by which settings.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "permissions/permissions.hpp"
#include "permissions/settings_fixture.hpp"

namespace rekeyer::permissions {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

PolicyRequest reservation() {
  PolicyRequest request;
  request.role = PolicyKind::reservation;
  return request;
}

Document reserved(std::string_view toml, const PolicyRequest& request = reservation()) {
  return document_for(parsed(toml), request);
}

/// Whom the policy lets through; the same in every statement, or a way around one of them would be open.
std::vector<std::string> let_through(const Document& document) {
  std::vector<std::vector<std::string>> all;
  for (const auto& statement : document.statements) {
    for (const auto& condition : statement.conditions) {
      if (condition.key != "aws:PrincipalArn") continue;
      EXPECT_EQ(condition.operation, "ArnNotLike");
      all.push_back(condition.values);
    }
  }
  EXPECT_EQ(all.size(), document.statements.size());
  if (all.empty()) return {};
  EXPECT_THAT(all, Each(all.front()));
  return all.front();
}

TEST(Reservation, DeniesEveryChangeAndNoReading) {
  EXPECT_EQ(to_json(reserved("")), R"({
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "KeepOthersOffSecretsOfAccessKeys",
      "Effect": "Deny",
      "NotAction": [
        "secretsmanager:BatchGet*",
        "secretsmanager:Describe*",
        "secretsmanager:Get*",
        "secretsmanager:List*"
      ],
      "Resource": [
        "arn:aws:secretsmanager:*:*:secret:Account_*_User_*_AccessKey",
        "arn:aws:secretsmanager:*:*:secret:Account_*_User_*_AccessKey-??????"
      ],
      "Condition": {
        "ArnNotLike": {
          "aws:PrincipalArn": "arn:aws:iam::*:role/rekeyer-member"
        }
      }
    },
    {
      "Sid": "KeepOthersFromMakingThem",
      "Effect": "Deny",
      "Action": "secretsmanager:CreateSecret",
      "Resource": "*",
      "Condition": {
        "StringLike": {
          "secretsmanager:Name": "Account_*_User_*_AccessKey"
        },
        "ArnNotLike": {
          "aws:PrincipalArn": "arn:aws:iam::*:role/rekeyer-member"
        }
      }
    }
  ]
}
)");
}

TEST(Reservation, LetsThroughWhoeverKeepsTheSecrets) {
  auto tooling = reservation();
  tooling.tooling_account = "999999999999";
  tooling.deployment = "keys";
  const std::string member = "arn:aws:iam::*:role/rekeyer-member";
  const std::string function = "arn:aws:iam::999999999999:role/keys-account";
  const std::string central =
      "[store]\nlocation = \"central\"\nkms_key_id = \"arn:aws:kms:us-east-1:999999999999:key/k1\"\n";
  EXPECT_THAT(let_through(reserved("", tooling)), ElementsAre(member));
  EXPECT_THAT(let_through(reserved("[organization]\nmember_role = \"security/keys\"\n", tooling)),
              ElementsAre("arn:aws:iam::*:role/security/keys"));
  EXPECT_THAT(let_through(reserved(central, tooling)), ElementsAre(function));
  EXPECT_THAT(let_through(reserved("[accounts]\n999999999999 = [\"*\"]\n", tooling)), ElementsAre(member, function));
  tooling.writers = {"arn:aws:iam::*:role/old-rotator"};
  EXPECT_THAT(let_through(reserved("", tooling)), ElementsAre(member, "arn:aws:iam::*:role/old-rotator"));
  EXPECT_THAT(let_through(reserved("[store]\nwriters = [\"arn:aws:iam::{account}:role/nightly\"]\n"
                                   "break_glass = [\"arn:aws:iam::*:role/sealed\"]\n"
                                   "former_writers = [\"arn:aws:iam::{account}:role/gone\"]\n",
                                   tooling)),
              ElementsAre(member, "arn:aws:iam::*:role/nightly", "arn:aws:iam::*:role/sealed",
                          "arn:aws:iam::*:role/old-rotator"));
  EXPECT_THAT(placeholders_in(reserved(central)), ElementsAre("<TOOLING_ACCOUNT>"));
  EXPECT_THAT(placeholders_in(reserved("")), IsEmpty());
}

TEST(Reservation, FollowsTheTemplateOfNamesInAnyPartition) {
  auto request = reservation();
  request.partition = "aws-cn";
  const auto document = reserved("[store]\nname = \"keys/{account}/{user}.key\"\nregion = \"cn-north-1\"\n", request);
  EXPECT_THAT(document.statements.front().resources,
              ElementsAre("arn:aws-cn:secretsmanager:*:*:secret:keys/*/*.key",
                          "arn:aws-cn:secretsmanager:*:*:secret:keys/*/*.key-??????"));
  EXPECT_THAT(to_json(document), Not(HasSubstr("arn:aws:")));
}

TEST(Reservation, FitsItsLimitWithTwentyMoreWriters) {
  auto request = reservation();
  for (int i = 0; i < 20; ++i) {
    request.writers.push_back(fmt::format("arn:aws-us-gov:iam::*:role/organization/security/rotator-{:02}", i));
  }
  EXPECT_LE(to_json(reserved("", request)).size(), service_control_policy_limit);
}

TEST(Reservation, IsExplainedAsWhatNobodyMay) {
  const auto text = explained(reserved(""));
  EXPECT_THAT(text, HasSubstr("\n  never anything but secretsmanager:BatchGet* "));
  EXPECT_THAT(text, HasSubstr("\n  never secretsmanager:CreateSecret\n"));
}

}  // namespace
}  // namespace rekeyer::permissions
