#include "cli/options_permissions.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/options_fixture.hpp"

namespace rekeyer::cli {
namespace {

using permissions::PolicyKind;
using rotation::Mode;
using testing::ElementsAre;
using testing::HasSubstr;

PermissionsOptions permissions_options(const std::vector<std::string>& words) {
  const auto options = fixture::Lines("permissions").good(words);
  EXPECT_EQ(options.command, Command::permissions);
  return options.permissions;
}

std::string permissions_complaint(const std::vector<std::string>& words) {
  return fixture::Lines("permissions").complaint(words);
}

TEST(PermissionsOptions, NameOneRole) {
  EXPECT_EQ(permissions_options({"--caller"}).request.role, PolicyKind::caller);
  EXPECT_EQ(permissions_options({"--member"}).request.role, PolicyKind::member);
  EXPECT_EQ(permissions_options({"--trust"}).request.role, PolicyKind::trust);
  EXPECT_EQ(permissions_options({"--list-role"}).request.role, PolicyKind::list);
  EXPECT_EQ(permissions_options({"--function", "inventory"}).request.role, PolicyKind::inventory);
  EXPECT_EQ(permissions_options({"--function", "account"}).request.role, PolicyKind::account);
  EXPECT_EQ(permissions_options({"--function", "summary"}).request.role, PolicyKind::summary);
  EXPECT_EQ(permissions_options({"--organization-policy"}).request.role, PolicyKind::reservation);
  EXPECT_TRUE(permissions_options({"--all"}).every_role);
  EXPECT_THAT(permissions_complaint({}), HasSubstr("--caller"));
  EXPECT_THAT(permissions_complaint({"--member", "--caller"}), HasSubstr("2 were given"));
  EXPECT_THAT(permissions_complaint({"--function", "all"}), HasSubstr("inventory"));
}

TEST(PermissionsOptions, FillPlaceholders) {
  const auto given =
      permissions_options({"--trust", "--tooling-account", "999999999999", "--external-id", "orchid-7", "--org-id",
                           "o-a1b2c3d4e5", "--mode", "plan", "--region", "eu-west-1", "--runs", "s3://runs/daily"});
  EXPECT_EQ(given.request.tooling_account, "999999999999");
  EXPECT_EQ(given.request.external_id, "orchid-7");
  EXPECT_EQ(given.request.organization, "o-a1b2c3d4e5");
  EXPECT_EQ(given.request.mode, Mode::plan);
  EXPECT_EQ(given.request.region, "eu-west-1");
  EXPECT_EQ(given.request.runs, "s3://runs/daily");
  const auto none = permissions_options({"--trust"});
  EXPECT_EQ(none.request.tooling_account, permissions::tooling_account_placeholder);
  EXPECT_EQ(none.request.runs, permissions::runs_placeholder);
  EXPECT_EQ(none.request.mode, Mode::apply);
  EXPECT_EQ(none.request.region, "*");
}

TEST(PermissionsOptions, LetNothingWidenAnArn) {
  EXPECT_THAT(permissions_complaint({"--caller", "--tooling-account", "*"}), HasSubstr("twelve digits"));
  EXPECT_THAT(permissions_complaint({"--caller", "--partition", "a*"}), HasSubstr("--partition"));
  EXPECT_THAT(permissions_complaint({"--caller", "--partition", "aws*"}), HasSubstr("--partition"));
  EXPECT_THAT(permissions_complaint({"--trust", "--org-id", "o-*"}), HasSubstr("--org-id"));
  EXPECT_THAT(permissions_complaint({"--function", "account", "--runs", "runs"}), HasSubstr("s3://bucket/prefix"));
  EXPECT_THAT(permissions_complaint({"--function", "account", "--runs", "s3://runs/*"}),
              HasSubstr("s3://bucket/prefix"));
  EXPECT_THAT(permissions_complaint({"--function", "account", "--function-config", "rekeyer.toml"}),
              HasSubstr("in the package"));
  EXPECT_THAT(permissions_complaint({"--function", "account", "--deployment", "*"}), HasSubstr("--deployment"));
}

TEST(PermissionsOptions, ExceptUsersFromRolesThatTouchKeys) {
  const auto given = permissions_options(
      {"--member", "--except-path", "/break-glass/", "--except-path", "/a/b/", "--except-tag", "rekeyer:exempt"});
  EXPECT_THAT(given.request.except_paths, ElementsAre("/break-glass/", "/a/b/"));
  EXPECT_EQ(given.request.except_tag, "rekeyer:exempt");
  for (const auto* path : {"/", "//", "break-glass/", "/break-glass", "/*/", "/${aws:username}/", "/a b/", ""}) {
    EXPECT_THAT(permissions_complaint({"--member", "--except-path", path}), HasSubstr("--except-path takes a path"));
  }
  EXPECT_THAT(permissions_complaint({"--member", "--except-tag", "a*"}), HasSubstr("--except-tag"));
  EXPECT_THAT(permissions_complaint({"--member", "--mode", "plan", "--except-tag", "a"}), HasSubstr("--mode plan"));
  for (const auto* role : {"--trust", "--list-role", "--organization-policy"}) {
    EXPECT_THAT(permissions_complaint({role, "--except-path", "/a/"}), HasSubstr("roles that touch keys"));
  }
  EXPECT_THAT(permissions_complaint({"--function", "summary", "--except-path", "/a/"}), HasSubstr("that touch keys"));
}

TEST(PermissionsOptions, NameWritersOfTheOrganizationsPolicy) {
  const auto* sso = "arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_Keys_*";
  const auto given = permissions_options(
      {"--organization-policy", "--writer", sso, "--writer", "arn:aws:iam::111111111111:user/old-rotator"});
  EXPECT_THAT(given.request.writers, ElementsAre(sso, "arn:aws:iam::111111111111:user/old-rotator"));
  EXPECT_THAT(permissions_complaint({"--member", "--writer", sso}), HasSubstr("--organization-policy"));
  for (const auto* writer : {"*", "arn:aws:iam::*:role/*", "arn:aws:iam::*:role/*/?", "arn:aws:iam::*:*",
                             "arn:aws:iam::1*:role/a", "arn:aws-cn:iam::*:role/a", "arn:aws:sts::*:assumed-role/a/b",
                             "arn:aws:iam::*:root", "arn:aws:iam::*:role/${aws:username}", "rekeyer"}) {
    EXPECT_THAT(permissions_complaint({"--organization-policy", "--writer", writer}), HasSubstr("--writer takes"));
  }
}

}  // namespace
}  // namespace rekeyer::cli
