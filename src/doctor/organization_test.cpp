// Whether the organization can be read, and from where.
#include "doctor/organization.hpp"

#include "doctor/judgement_fixture.hpp"

namespace rekeyer::doctor {
namespace {

using testing::HasSubstr;

OrganizationFacts fine_organization() {
  OrganizationFacts facts;
  facts.caller = AccountId("222222222222");
  facts.organization = aws::Organization{"o-1", AccountId("100000000000")};
  facts.accounts = std::vector<aws::Account>{};
  return facts;
}

TEST(DoctorOrganization, AToolingAccountThatMayReadIsFine) {
  EXPECT_EQ(lines_of(judge(fine_organization())),
            "ok organization.read\nok organization.accounts\nok organization.caller\n");
}

TEST(DoctorOrganization, TheManagementAccountIsNoPlaceToRun) {
  auto facts = fine_organization();
  facts.caller = AccountId("100000000000");
  EXPECT_EQ(status_of(judge(facts), Topic::organization_caller), "warning");
}

TEST(DoctorOrganization, ADenialIsAProblemAndFailuresAreUnknown) {
  auto facts = fine_organization();
  facts.accounts = refused(ErrorKind::access_denied);
  auto check = of(judge(facts), Topic::organization_accounts);
  EXPECT_EQ(check.status, Status::problem);
  EXPECT_THAT(check.remedy, HasSubstr("delegated administrator"));
  facts.list_role = Arn("arn:aws:iam::100000000000:role/list");
  EXPECT_THAT(of(judge(facts), Topic::organization_accounts).remedy, HasSubstr("role/list"));
  facts.accounts = refused(ErrorKind::server_fault);
  EXPECT_EQ(status_of(judge(facts), Topic::organization_accounts), "not checked");
  facts.organization = refused(ErrorKind::not_found);
  EXPECT_EQ(lines_of(judge(facts)),
            "problem organization.read\nnot checked organization.accounts\nnot checked organization.caller\n");
  facts.organization = refused(ErrorKind::access_denied);
  EXPECT_EQ(status_of(judge(facts), Topic::organization_read), "problem");
}

TEST(DoctorOrganization, AFixedListNeedsNone) {
  auto facts = fine_organization();
  facts.fixed_accounts = true;
  EXPECT_EQ(lines_of(judge(facts)), "ok organization.read\n");
}

}  // namespace
}  // namespace rekeyer::doctor
