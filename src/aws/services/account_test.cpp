// The Account client: contacts that are there, and such that are not.
#include "aws/services/account.hpp"

#include <gtest/gtest.h>

#include "fakes/call_bench.hpp"

namespace rekeyer::aws {
namespace {

using fakes::CallBench;

class AccountTest : public testing::Test {
 protected:
  std::string kind(const auto& result) { return result ? "ok" : std::string(name(result.error().kind)); }
  void refuse(int status, const std::string& code) {
    bench.transport.reply(status, R"({"message":"no"})", {{"x-amzn-ErrorType", code}});
  }
  CallBench bench;
  AccountClient accounts{bench.caller, bench.principal()};
};

TEST_F(AccountTest, NamesAContact) {
  bench.transport.reply(200, R"({"AlternateContact":{"AlternateContactType":"SECURITY","EmailAddress":"s@example.com",
    "Name":"S","PhoneNumber":"+1","Title":"T"}})");
  EXPECT_EQ(bench.run(accounts.alternate_contact(AccountId("222222222222"), "security")).value(), "s@example.com");
  const auto& sent = bench.transport.sent.at(0);
  EXPECT_EQ(sent.method, "POST");
  EXPECT_EQ(sent.url, "https://account.us-east-1.amazonaws.com/getAlternateContact");
  EXPECT_NE(sent.header("Authorization").find("/us-east-1/account/aws4_request"), std::string::npos);
  EXPECT_EQ(sent.body, R"({"AccountId":"222222222222","AlternateContactType":"SECURITY"})");
}

TEST_F(AccountTest, TheCallersOwnAccountIsNotNamed) {
  refuse(404, "ResourceNotFoundException:http://internal.amazon.com/coral/");
  EXPECT_EQ(bench.run(accounts.alternate_contact(AccountId(), "billing")).value(), std::nullopt);
  EXPECT_EQ(bench.transport.sent.at(0).body, R"({"AlternateContactType":"BILLING"})");
}

TEST_F(AccountTest, ARefusalIsNotAnAbsence) {
  refuse(403, "AccessDeniedException");
  EXPECT_EQ(kind(bench.run(accounts.alternate_contact(AccountId(), "security"))), "access_denied");
  bench.transport.reply(404, "<html>");
  EXPECT_EQ(kind(bench.run(accounts.alternate_contact(AccountId(), "security"))), "bad_reply");
  for (int i = 0; i < 8; ++i) bench.transport.reply(200, "{}");
  EXPECT_EQ(kind(bench.run(accounts.alternate_contact(AccountId(), "security"))), "bad_reply");
}

}  // namespace
}  // namespace rekeyer::aws
