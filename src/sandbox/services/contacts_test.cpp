// Account Management: one's own contacts, and those of the organisation's accounts.
#include "sandbox/services/operation_fixture.hpp"

namespace rekeyer::sandbox {
namespace {

class Contacts : public OperationTest {
 protected:
  Contacts() : OperationTest(contact_operations()) {
    asked.protocol = Protocol::rest_json;
    world.organization.id = "o-1";
    world.organization.management = management;
    for (const char* id : {"100000000000", "111111111111", "222222222222"}) {
      world.account(AccountId(id));
      world.organization.parent_of[AccountId(id)] = OuId("r-1");
    }
  }
  static constexpr std::string_view put =
      R"({"AlternateContactType": "SECURITY", "Name": "n", "Title": "t", "EmailAddress": "s@example.com",
          "PhoneNumber": "+1", "AccountId": "111111111111"})";
};

TEST_F(Contacts, OfAMemberAreThereOnceTheyWerePut) {
  const std::string_view get = R"({"AlternateContactType": "SECURITY", "AccountId": "111111111111"})";
  EXPECT_EQ(outcome("GetAlternateContact", get), "ResourceNotFoundException");
  EXPECT_EQ(refusal.status, 404);
  EXPECT_EQ(outcome("PutAlternateContact", put), "{}");
  EXPECT_EQ(text(call("GetAlternateContact", get).at("AlternateContact").at("EmailAddress")), "s@example.com");
  EXPECT_EQ(outcome("DeleteAlternateContact", get), "{}");
  EXPECT_EQ(outcome("DeleteAlternateContact", get), "ResourceNotFoundException");
}

TEST_F(Contacts, OfOthersAreForTheManagementAccountAndItsDelegates) {
  EXPECT_EQ(outcome("GetAlternateContact", R"({"AlternateContactType": "BILLING", "AccountId": "100000000000"})"),
            "AccessDeniedException");
  EXPECT_EQ(outcome("GetAlternateContact", R"({"AlternateContactType": "BILLING", "AccountId": "999999999999"})"),
            "AccessDeniedException");
  caller.account = AccountId("222222222222");
  EXPECT_EQ(outcome("PutAlternateContact", put), "AccessDeniedException");
  EXPECT_EQ(outcome("GetAlternateContact", R"({"AlternateContactType": "BILLING"})"), "ResourceNotFoundException");
  world.organization.delegated_administrators = {caller.account};
  EXPECT_EQ(outcome("PutAlternateContact", put), "{}");
}

TEST_F(Contacts, MustBeWhole) {
  EXPECT_EQ(outcome("GetAlternateContact", R"({"AlternateContactType": "security"})"), "ValidationException");
  EXPECT_EQ(outcome("PutAlternateContact", R"({"AlternateContactType": "SECURITY", "Name": "n"})"),
            "ValidationException");
}

}  // namespace
}  // namespace rekeyer::sandbox
