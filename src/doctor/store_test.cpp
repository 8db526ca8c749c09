// The central store's region, key and rights.
#include "doctor/store.hpp"

#include "doctor/judgement_fixture.hpp"

namespace rekeyer::doctor {
namespace {

using testing::HasSubstr;

aws::KmsKey key() {
  return {Arn("arn:aws:kms:eu-west-1:1:key/k"),
          AccountId("111111111111"),
          true,
          "Enabled",
          "ENCRYPT_DECRYPT",
          "SYMMETRIC_DEFAULT",
          "CUSTOMER"};
}

std::string policy(std::string_view principal, std::string_view condition, std::string_view action = "kms:Decrypt") {
  return R"({"Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::1:root"},"Action":"kms:*"},)"
         R"({"Effect":"Allow","Principal":)" +
         std::string(principal) + R"(,"Action":")" + std::string(action) + R"(","Condition":)" +
         std::string(condition) + "}]}";
}

constexpr std::string_view of_organization = R"({"StringEquals":{"aws:PrincipalOrgID":"o-1"}})";

StoreFacts fine_store() {
  StoreFacts facts;
  facts.region = Region("eu-west-1");
  facts.organization = "o-1";
  facts.key = Result<aws::KmsKey>(key());
  facts.key_policy = Result<std::string>(policy("\"*\"", of_organization));
  facts.rights = Simulated(std::vector<aws::SimulatedAction>{{"secretsmanager:CreateSecret", true, false, {}, {}, {}}});
  return facts;
}

TEST(DoctorStore, AWorkingOneIsFine) {
  EXPECT_EQ(lines_of(judge(fine_store())),
            "ok store.region\nok store.key\nok store.key-policy\nok store.permissions\n");
}

TEST(DoctorStore, TheKeyMustBeEnabledSymmetricAndTheCustomers) {
  const auto status = [](auto change) {
    auto facts = fine_store();
    auto changed = key();
    change(changed);
    facts.key = Result<aws::KmsKey>(changed);
    return status_of(judge(facts), Topic::store_key);
  };
  EXPECT_EQ(status([](aws::KmsKey&) {}), "ok");
  EXPECT_EQ(status([](aws::KmsKey& k) {
              k.enabled = false;
              k.state = "Disabled";
            }),
            "problem");
  EXPECT_EQ(status([](aws::KmsKey& k) {
              k.enabled = false;
              k.state = "PendingDeletion";
            }),
            "problem");
  EXPECT_EQ(status([](aws::KmsKey& k) { k.usage = "SIGN_VERIFY"; }), "problem");
  EXPECT_EQ(status([](aws::KmsKey& k) { k.spec = "RSA_2048"; }), "problem");
  EXPECT_EQ(status([](aws::KmsKey& k) { k.manager = "AWS"; }), "problem");
  auto facts = fine_store();
  facts.key = Result<aws::KmsKey>(refused(ErrorKind::not_found));
  EXPECT_EQ(status_of(judge(facts), Topic::store_key), "problem");
  facts.key = Result<aws::KmsKey>(refused(ErrorKind::access_denied));
  EXPECT_EQ(status_of(judge(facts), Topic::store_key), "not checked");
}

TEST(DoctorStore, TheKeysPolicyMustLetTheOrganizationDecrypt) {
  struct Row {
    std::string policy;
    std::string_view status;
  };
  for (const auto& [text, status] : std::vector<Row>{
           Row{policy("\"*\"", of_organization), "ok"},
           {policy(R"({"AWS":"*"})", of_organization, "kms:De*"), "ok"},
           {policy(R"({"AWS":["*"]})", R"({"ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":["o-1/r-1/*"]}})"), "ok"},
           {policy("\"*\"", R"({"StringEquals":{"aws:PrincipalOrgID":"o-2"}})"), "problem"},
           {policy("\"*\"", of_organization, "kms:Encrypt"), "problem"},
           {policy("\"*\"", R"({"StringEquals":{"kms:ViaService":"secretsmanager.eu-west-1.amazonaws.com"}})"),
            "warning"},
           {policy(R"({"AWS":["arn:aws:iam::2:root","arn:aws:iam::3:root"]})", "{}"), "not checked"},
           {R"({"Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::1:root"},"Action":"kms:*"}]})",
            "problem"},
           {R"({"Statement":[{"Effect":"Deny","Principal":"*","Action":"kms:Decrypt"}]})", "problem"},
           {"[]", "not checked"}}) {
    auto facts = fine_store();
    facts.key_policy = Result<std::string>(text);
    EXPECT_EQ(status_of(judge(facts), Topic::store_key_policy), status) << text;
  }
  auto facts = fine_store();
  facts.organization.clear();
  EXPECT_EQ(status_of(judge(facts), Topic::store_key_policy), "not checked");
  facts.key_policy = Result<std::string>(refused(ErrorKind::access_denied));
  const auto check = of(judge(facts), Topic::store_key_policy);
  EXPECT_EQ(check.status, Status::not_checked);
  EXPECT_THAT(check.remedy, HasSubstr("kms:GetKeyPolicy"));
}

TEST(DoctorStore, ADeniedStoreIsAProblem) {
  auto facts = fine_store();
  facts.answered = refused(ErrorKind::access_denied);
  EXPECT_EQ(status_of(judge(facts), Topic::store_region), "problem");
  facts.answered = refused(ErrorKind::credentials_invalid);
  EXPECT_THAT(of(judge(facts), Topic::store_region).finding, HasSubstr("not enabled"));
  facts.answered = refused(ErrorKind::outcome_unknown);
  EXPECT_EQ(status_of(judge(facts), Topic::store_region), "not checked");
}

}  // namespace
}  // namespace rekeyer::doctor
