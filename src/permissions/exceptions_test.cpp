// Users whose keys a rotating role may not touch, by their path or by a tag.
#include <gmock/gmock.h>

#include <algorithm>

#include "permissions/permissions.hpp"
#include "permissions/settings_fixture.hpp"

namespace rekeyer::permissions {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<Statement> denials(std::string_view toml, const PolicyRequest& request) {
  auto all = document_for(parsed(toml), request).statements;
  std::erase_if(all, [](const auto& statement) { return statement.effect != Effect::deny; });
  return all;
}

PolicyRequest excepting(PolicyKind role) {
  PolicyRequest request;
  request.role = role;
  request.tooling_account = "999999999999";
  request.except_paths = {"/break-glass/", "/vendors/payroll/"};
  request.except_tag = "rekeyer:exempt";
  return request;
}

TEST(Exceptions, DenyWhateverTouchesKeys) {
  const auto all = denials("", excepting(PolicyKind::member));
  ASSERT_EQ(all.size(), 2);
  EXPECT_EQ(all[0].sid, "LeavePathsAlone");
  EXPECT_THAT(all[0].actions, ElementsAre("iam:CreateAccessKey", "iam:UpdateAccessKey", "iam:DeleteAccessKey"));
  EXPECT_THAT(all[0].resources,
              ElementsAre("arn:aws:iam::*:user/break-glass/*", "arn:aws:iam::*:user/vendors/payroll/*"));
  EXPECT_THAT(all[0].conditions, IsEmpty());
  EXPECT_EQ(all[1].sid, "LeaveTaggedUsersAlone");
  EXPECT_EQ(all[1].actions, all[0].actions);
  EXPECT_THAT(all[1].resources, ElementsAre("arn:aws:iam::*:user/*"));
  // Null is false: the user has the tag, whatever its value.
  EXPECT_THAT(all[1].conditions, ElementsAre(Condition{"Null", "aws:ResourceTag/rekeyer:exempt", {"false"}}));
}

TEST(Exceptions, DenyEverythingThatTheRoleMayChangeInUsers) {
  const auto toml = "[store]\ngrant = \"both\"\n";
  const auto configuration = config::parse(toml, "rekeyer.toml");
  ASSERT_TRUE(configuration);
  const auto changes = [](const std::string& action) {
    return std::ranges::any_of(
        std::vector{"iam:Create", "iam:Update", "iam:Delete", "iam:Put", "iam:Attach", "iam:Tag"},
        [&](const char* start) { return action.starts_with(start); });
  };
  std::vector<std::string> changing;
  for (const auto& statement : document_for(*configuration, excepting(PolicyKind::member)).statements) {
    if (statement.effect == Effect::allow)
      std::ranges::copy_if(statement.actions, std::back_inserter(changing), changes);
  }
  EXPECT_EQ(changing.size(), 4);
  for (const auto& denial : denials(toml, excepting(PolicyKind::member))) {
    EXPECT_THAT(denial.actions, testing::UnorderedElementsAreArray(changing)) << denial.sid;
  }
}

TEST(Exceptions, AreOfWhoeverTouchesKeys) {
  EXPECT_EQ(denials("[accounts]\n999999999999 = [\"*\"]\n", excepting(PolicyKind::caller)).size(), 2);
  EXPECT_EQ(denials("[accounts]\n999999999999 = [\"*\"]\n", excepting(PolicyKind::account)).size(), 2);
  EXPECT_THAT(denials("", excepting(PolicyKind::caller)), IsEmpty())
      << "it enters accounts, and touches nothing itself";
  auto looking = excepting(PolicyKind::member);
  looking.mode = rotation::Mode::plan;
  EXPECT_THAT(denials("", looking), IsEmpty());
  auto nobody = excepting(PolicyKind::member);
  nobody.except_paths.clear();
  nobody.except_tag.clear();
  EXPECT_THAT(denials("", nobody), IsEmpty());
}

}  // namespace
}  // namespace rekeyer::permissions
