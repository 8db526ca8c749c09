// IAM's credential report, called directly.
#include <openssl/evp.h>

#include <algorithm>
#include <string>
#include <vector>

#include "sandbox/services/iam_fixture.hpp"

namespace rekeyer::sandbox {
namespace {

using namespace std::chrono_literals;

class IamReportOperations : public IamFixture {
 protected:
  std::string state() { return std::string(done("GenerateCredentialReport").at("State").as_string()); }

  /// The report's text as a client decodes it.
  std::string report() {
    const auto reply = done("GetCredentialReport");
    if (!reply.contains("Content")) return "";
    const std::string encoded(reply.at("Content").as_string());
    std::string text(encoded.size(), '\0');
    const int size =
        EVP_DecodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                        reinterpret_cast<const unsigned char*>(encoded.data()), static_cast<int>(encoded.size()));
    const auto padding = encoded.ends_with("==") ? 2 : encoded.ends_with('=') ? 1 : 0;
    text.resize(static_cast<std::size_t>(size - padding));
    return text;
  }

  static std::vector<std::string> lines(const std::string& text) {
    std::vector<std::string> result{""};
    for (const char c : text) {
      if (c == '\n') {
        result.emplace_back();
      } else {
        result.back().push_back(c);
      }
    }
    return result;
  }
};

TEST_F(IamReportOperations, HasTwentyTwoColumnsTheRootRowAndEveryUser) {
  add_user("ann");
  add_key("ann", 24h * 95).last_use = KeyUse{now - 72h, "s3", "eu-west-1"};
  add_user("bob").password_last_used = now - 1h;
  EXPECT_EQ(state(), "COMPLETE");
  const auto rows = lines(report());
  ASSERT_EQ(rows.size(), 4u);
  for (const std::string& row : rows) EXPECT_EQ(std::ranges::count(row, ','), 21) << row;
  EXPECT_TRUE(rows[0].starts_with("user,arn,user_creation_time,password_enabled,"));
  EXPECT_EQ(rows[1],
            "<root_account>,arn:aws:iam::111111111111:root,2023-04-08T03:04:05+00:00,not_supported,no_information,"
            "not_supported,not_supported,true,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A");
  EXPECT_EQ(rows[2],
            "ann,arn:aws:iam::111111111111:user/ann,2025-09-24T03:04:05+00:00,false,N/A,N/A,N/A,false,"
            "true,2025-09-29T03:04:05+00:00,2025-12-30T03:04:05+00:00,eu-west-1,s3,false,N/A,N/A,N/A,N/A,"
            "false,N/A,false,N/A");
  EXPECT_TRUE(
      rows[3].starts_with("bob,arn:aws:iam::111111111111:user/bob,2025-09-24T03:04:05+00:00,true,"
                          "2026-01-02T02:04:05+00:00,2025-09-24T03:04:05+00:00,N/A,false,"));
}

TEST_F(IamReportOperations, SlotsGoByKeyIdAndInactiveKeysKeepTheirDates) {
  User& user = add_user("ann");
  add_key("ann", 1h).id = AccessKeyId("AKIAZ");
  AccessKey& older_id = add_key("ann", 2h);
  older_id.id = AccessKeyId("AKIAA");
  older_id.active = false;
  ASSERT_EQ(user.keys.size(), 2u);
  state();
  EXPECT_NE(report().find(",false,2026-01-02T01:04:05+00:00,N/A,N/A,N/A,true,2026-01-02T02:04:05+00:00,N/A,N/A,N/A,"),
            std::string::npos);
}

TEST_F(IamReportOperations, QuotesNamesWithCommas) {
  add_user("a,b", "/t/");
  state();
  EXPECT_TRUE(lines(report()).at(2).starts_with("\"a,b\",\"arn:aws:iam::111111111111:user/t/a,b\",2025"));
}

TEST_F(IamReportOperations, ShowsTheRootUsersKeysAndLateUses) {
  world.account(home).iam.root_keys = 1;
  behaviour.last_used_lag = 1h;
  add_user("ann");
  add_key("ann").last_use = KeyUse{now - 30min, "s3", "eu-west-1"};
  state();
  const auto rows = lines(report());
  EXPECT_NE(rows.at(1).find(",true,true,2023-04-08T03:04:05+00:00,N/A,N/A,N/A,false,"), std::string::npos);
  EXPECT_EQ(rows.at(2).find("s3"), std::string::npos);
}

TEST_F(IamReportOperations, IsReusedForFourHoursAndThenExpires) {
  behaviour.report_at_hand = false;
  EXPECT_EQ(refusal("GetCredentialReport").substr(0, 20), "410 ReportNotPresent");
  EXPECT_EQ(state(), "STARTED");
  const std::string before = report();
  add_user("ann");
  now += 3h;
  EXPECT_EQ(state(), "COMPLETE");
  EXPECT_EQ(report(), before);
  EXPECT_EQ(done("GetCredentialReport").at("GeneratedTime").as_string(), "2026-01-02T03:04:05Z");
  now += 1h;
  EXPECT_EQ(refusal("GetCredentialReport").substr(0, 17), "410 ReportExpired");
  EXPECT_EQ(state(), "STARTED");
  EXPECT_NE(report(), before);
}

TEST_F(IamReportOperations, AFrozenReportNeverExpires) {
  behaviour.report_frozen = true;
  state();
  const std::string before = report();
  add_user("ann");
  now += 100h;
  EXPECT_EQ(state(), "COMPLETE");
  EXPECT_EQ(report(), before);
}

TEST_F(IamReportOperations, TakesPollsToBuild) {
  behaviour.report_build_polls = 2;
  EXPECT_EQ(state(), "STARTED");
  EXPECT_EQ(refusal("GetCredentialReport").substr(0, 20), "404 ReportInProgress");
  EXPECT_EQ(state(), "INPROGRESS");
  EXPECT_EQ(state(), "COMPLETE");
  EXPECT_FALSE(report().empty());
}

TEST_F(IamReportOperations, TakesTimeToBuildAndShowsTheStateAtItsRequest) {
  behaviour.report_build_time = 10s;
  EXPECT_EQ(state(), "STARTED");
  add_user("late");
  now += 9s;
  EXPECT_EQ(state(), "INPROGRESS");
  EXPECT_EQ(refusal("GetCredentialReport").substr(0, 20), "404 ReportInProgress");
  now += 1s;
  EXPECT_EQ(state(), "COMPLETE");
  EXPECT_EQ(report().find("late"), std::string::npos);
}

}  // namespace
}  // namespace rekeyer::sandbox
