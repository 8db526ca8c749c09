// The IAM client: pages, missing fields, the key that is issued once, the report's ways of not being ready.
#include "aws/services/iam.hpp"

#include <gtest/gtest.h>

#include "base/base64.hpp"
#include "fakes/call_bench.hpp"

namespace rekeyer::aws {
namespace {

using namespace std::chrono_literals;
using fakes::CallBench;

std::string result_of(std::string_view operation, std::string_view content) {
  return fmt::format(
      "<{0}Response xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><{0}Result>{1}</{0}Result>"
      "<ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></{0}Response>",
      operation, content);
}

std::string acknowledged(std::string_view operation) {
  return fmt::format("<{0}Response><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></{0}Response>",
                     operation);
}

std::string key(std::string_view id, std::string_view status = "Active") {
  return fmt::format(
      "<member><UserName>ann</UserName><AccessKeyId>{}</AccessKeyId><Status>{}</Status>"
      "<CreateDate>2026-01-02T03:04:05Z</CreateDate></member>",
      id, status);
}

std::string user(std::string_view name) {
  return fmt::format(
      "<member><Path>/ci/</Path><UserName>{0}</UserName><UserId>AIDA</UserId>"
      "<Arn>arn:aws:iam::111111111111:user/ci/{0}</Arn><CreateDate>2026-01-02T03:04:05Z</CreateDate></member>",
      name);
}

std::string page(std::string_view list, std::string_view members, std::string_view marker = {}) {
  return fmt::format("<{0}>{1}</{0}><IsTruncated>{2}</IsTruncated>{3}", list, members, !marker.empty(),
                     marker.empty() ? "" : fmt::format("<Marker>{}</Marker>", marker));
}

class IamTest : public testing::Test {
 protected:
  std::string kind(const auto& result) { return result ? "ok" : std::string(name(result.error().kind)); }
  auto keys_of_ann() { return bench.run(iam.list_access_keys(UserName("ann"))); }
  /// Garbled replies are asked for again; this says the same thing each time.
  void always(int status, const std::string& body) {
    for (int i = 0; i < 8; ++i) bench.transport.reply(status, body);
  }

  CallBench bench;
  IamClient iam{bench.caller, bench.principal()};
};

TEST_F(IamTest, KeysAreListedForTheNamedUser) {
  bench.transport.reply(
      200, result_of("ListAccessKeys",
                     page("AccessKeyMetadata", key("AKIA1") + key("AKIA2", "Inactive") + key("AKIA3", "Expired"))));
  const auto keys = keys_of_ann();
  ASSERT_TRUE(keys) << describe(keys.error());
  ASSERT_EQ(keys->size(), 3u);
  EXPECT_EQ((*keys)[0].id.str(), "AKIA1");
  EXPECT_EQ((*keys)[0].status, KeyStatus::active);
  EXPECT_EQ(iso8601((*keys)[0].created), "2026-01-02T03:04:05Z");
  EXPECT_EQ((*keys)[1].status, KeyStatus::inactive);
  EXPECT_EQ((*keys)[2].status, KeyStatus::other);
  EXPECT_TRUE(bench.transport.sent[0].has("Action=ListAccessKeys&Version=2010-05-08"));
  EXPECT_TRUE(bench.transport.sent[0].has("&UserName=ann&MaxItems=1000"));
}

TEST_F(IamTest, NamesAreEncodedOnce) {
  bench.transport.reply(200, result_of("ListAccessKeys", page("AccessKeyMetadata", "")));
  ASSERT_TRUE(bench.run(iam.list_access_keys(UserName("a+b=c,d.@e"))));
  EXPECT_TRUE(bench.transport.sent[0].has("UserName=a%2Bb%3Dc%2Cd.%40e&")) << bench.transport.sent[0].body;
}

TEST_F(IamTest, ListsAreReadToTheirEndEmptyPagesIncluded) {
  bench.transport.reply(200, result_of("ListUsers", page("Users", user("ann"), "m1/+=")));
  bench.transport.reply(200, result_of("ListUsers", page("Users", "", "m2")));
  bench.transport.reply(200, result_of("ListUsers", page("Users", user("bob") + user("cid"))));
  const auto users = bench.run(iam.list_users());
  ASSERT_TRUE(users) << describe(users.error());
  ASSERT_EQ(users->size(), 3u);
  EXPECT_EQ((*users)[2].name.str(), "cid");
  EXPECT_EQ((*users)[2].path, "/ci/");
  EXPECT_EQ((*users)[2].arn.str(), "arn:aws:iam::111111111111:user/ci/cid");
  EXPECT_FALSE(bench.transport.sent[0].has("Marker="));
  EXPECT_TRUE(bench.transport.sent[1].has("&Marker=m1%2F%2B%3D"));
  EXPECT_TRUE(bench.transport.sent[2].has("&Marker=m2"));
}

TEST_F(IamTest, AListThatRepeatsItselfFails) {
  for (const char* marker : {"m1", "m2", "m1"}) {
    bench.transport.reply(200, result_of("ListUsers", page("Users", user("ann"), marker)));
  }
  const auto users = bench.run(iam.list_users());
  ASSERT_FALSE(users);
  EXPECT_EQ(users.error().kind, ErrorKind::bad_reply);
  EXPECT_EQ(users.error().operation, "iam:ListUsers");
  bench.transport.reply(200, result_of("ListUsers", "<Users/><IsTruncated>true</IsTruncated>"));
  EXPECT_EQ(kind(bench.run(iam.list_users())), "bad_reply");
}

TEST_F(IamTest, AFailureInTheMiddleOfAListIsAFailure) {
  bench.transport.reply(200, result_of("ListUsers", page("Users", user("ann"), "m1")));
  bench.transport.xml_error(403, "AccessDenied");
  EXPECT_EQ(kind(bench.run(iam.list_users())), "access_denied");
}

TEST_F(IamTest, AReplyWithoutWhatWasAskedIsNoAnswer) {
  for (const std::string& body :
       {std::string(""), std::string("<html/>"), std::string("not XML"), result_of("ListUsers", page("Users", "")),
        result_of("ListAccessKeys", ""), result_of("ListAccessKeys", page("AccessKeyMetadata", "<member/>")),
        result_of("ListAccessKeys", page("AccessKeyMetadata", key(""))),
        result_of("ListAccessKeys", page("AccessKeyMetadata", key("AKIA1", ""))),
        result_of("ListAccessKeys",
                  page("AccessKeyMetadata", "<member><AccessKeyId>A</AccessKeyId><Status>Active</Status></member>"))}) {
    always(200, body);
    EXPECT_EQ(kind(keys_of_ann()), "bad_reply") << body;
    EXPECT_TRUE(bench.transport.finished());
    bench.clock.advance(10min);  // gives the retry budget back
  }
}

/// A refusal for the rate counts as a third of an attempt.
constexpr int refusals_until_given_up = 22;

TEST_F(IamTest, AThrottledListIsNotAnEmptyOne) {
  for (int i = 0; i < refusals_until_given_up; ++i) bench.transport.xml_error(400, "Throttling", "Rate exceeded");
  EXPECT_EQ(kind(keys_of_ann()), "throttled");
  bench.transport.xml_error(400, "Throttling")
      .reply(200, result_of("ListAccessKeys", page("AccessKeyMetadata", key("A"))));
  EXPECT_EQ(keys_of_ann().value().size(), 1u);
}

TEST_F(IamTest, LastUseIsNeverOnlyWhereAwsSaysSo) {
  const auto last_used = [&] { return bench.run(iam.access_key_last_used(AccessKeyId("AKIA1"))); };
  bench.transport.reply(200, result_of("GetAccessKeyLastUsed",
                                       "<UserName>ann</UserName><AccessKeyLastUsed><Region>N/A</Region>"
                                       "<ServiceName>N/A</ServiceName></AccessKeyLastUsed>"));
  const auto never = last_used().value();
  EXPECT_EQ(never.last, LastUse::never());
  EXPECT_EQ(never.user.str(), "ann");
  bench.transport.reply(200, result_of("GetAccessKeyLastUsed",
                                       "<AccessKeyLastUsed><LastUsedDate>2026-02-01T00:00:00Z</LastUsedDate>"
                                       "<Region>us-east-1</Region><ServiceName>s3</ServiceName></AccessKeyLastUsed>"));
  EXPECT_EQ(last_used().value().last,
            LastUse::used(std::chrono::sys_days{std::chrono::year{2026} / 2 / 1}, "s3", "us-east-1"));

  for (int i = 0; i < refusals_until_given_up; ++i) bench.transport.xml_error(400, "Throttling");
  EXPECT_EQ(kind(last_used()), "throttled");
  bench.transport.xml_error(403, "AccessDenied");
  EXPECT_EQ(kind(last_used()), "access_denied");
  always(200, result_of("GetAccessKeyLastUsed", "<UserName>ann</UserName>"));
  EXPECT_EQ(kind(last_used()), "bad_reply");
  always(200, result_of("GetAccessKeyLastUsed",
                        "<AccessKeyLastUsed><LastUsedDate>yesterday</LastUsedDate></AccessKeyLastUsed>"));
  EXPECT_EQ(kind(last_used()), "bad_reply");
}

TEST_F(IamTest, TagsMembersAndDetailsAreRead) {
  const std::string tags =
      "<member><Key>owner</Key><Value>ann@example.com</Value></member><member><Key>x</Key><Value/></member>";
  bench.transport.reply(200, result_of("ListUserTags", page("Tags", tags)));
  EXPECT_EQ(bench.run(iam.list_user_tags(UserName("ann"))).value(), (Tags{{"owner", "ann@example.com"}, {"x", ""}}));

  bench.transport.reply(
      200, result_of("GetGroup", "<Group><GroupName>ops</GroupName></Group>" + page("Users", user("ann"), "m")));
  bench.transport.reply(
      200, result_of("GetGroup", "<Group><GroupName>ops</GroupName></Group>" + page("Users", user("bob"))));
  EXPECT_EQ(bench.run(iam.group_members(GroupName("ops"))).value(), (std::vector{UserName("ann"), UserName("bob")}));

  bench.transport.reply(200, result_of("GetUser", "<User>" + user("Ann").substr(8, user("Ann").size() - 17) + "<Tags>" +
                                                      tags + "</Tags></User>"));
  const auto ann = bench.run(iam.get_user(UserName("ann"))).value();
  EXPECT_EQ(ann.user.name.str(), "Ann");
  EXPECT_EQ(ann.user.id.str(), "AIDA");
  EXPECT_FALSE(ann.tags.empty());

  std::string detail = user("ann");
  detail.insert(detail.size() - 9,
                "<GroupList><member>ops</member><member>dev</member></GroupList><Tags>" + tags + "</Tags>");
  bench.transport.reply(200, result_of("GetAccountAuthorizationDetails", page("UserDetailList", detail + user("bob"))));
  const auto details = bench.run(iam.user_details());
  ASSERT_TRUE(details) << describe(details.error());
  ASSERT_EQ(details->size(), 2u);
  EXPECT_EQ((*details)[0].groups, (std::vector{GroupName("ops"), GroupName("dev")}));
  EXPECT_EQ((*details)[0].tags.at("owner"), "ann@example.com");
  EXPECT_TRUE((*details)[1].tags.empty());
  EXPECT_TRUE(bench.transport.sent.back().has("Filter.member.1=User"));
}

TEST_F(IamTest, AReplyAboutAnotherUserIsRefused) {
  always(200, result_of("GetUser", "<User>" + user("mallory").substr(8, user("mallory").size() - 17) + "</User>"));
  EXPECT_EQ(kind(bench.run(iam.get_user(UserName("ann")))), "bad_reply");
}

TEST_F(IamTest, AnInlinePolicyIsDecodedAndItsAbsenceIsNoFailure) {
  bench.transport.reply(200, result_of("GetUserPolicy",
                                       "<UserName>ann</UserName><PolicyName>p</PolicyName><PolicyDocument>"
                                       "%7B%22a%22%3A%22b+c%22%7D</PolicyDocument>"));
  EXPECT_EQ(bench.run(iam.user_policy(UserName("ann"), "p")).value(), R"({"a":"b+c"})");
  bench.transport.xml_error(404, "NoSuchEntity");
  EXPECT_EQ(bench.run(iam.user_policy(UserName("ann"), "p")).value(), std::nullopt);
  bench.transport.xml_error(403, "AccessDenied");
  EXPECT_EQ(kind(bench.run(iam.user_policy(UserName("ann"), "p"))), "access_denied");
}

// ---------------------------------------------------------------------------------------------------- issuing a key

const std::string issued_secret = "abcdefghijklmnopqrstuvwxyz/0123456789+AB";

std::string issued(std::string_view user_name = "ann") {
  return result_of(
      "CreateAccessKey",
      fmt::format("<AccessKey><UserName>{}</UserName><AccessKeyId>AKIANEW</AccessKeyId><Status>Active</Status>"
                  "<SecretAccessKey>{}</SecretAccessKey><CreateDate>2026-03-01T00:00:01Z</CreateDate></AccessKey>",
                  user_name, issued_secret));
}

TEST_F(IamTest, AKeyIsIssuedAndItsSecretIsOnlyInTheResult) {
  bench.transport.reply(200, issued());
  const auto key = bench.run(iam.create_access_key(UserName("ann"), SignBefore::at(bench.clock.now() + 7min)));
  ASSERT_TRUE(key) << describe(key.error());
  EXPECT_EQ(key->id().str(), "AKIANEW");
  EXPECT_EQ(key->credentials->secret.reveal(), issued_secret);
  EXPECT_TRUE(key->credentials->session_token.empty());
  EXPECT_EQ(iso8601(key->created), "2026-03-01T00:00:01Z");
  EXPECT_EQ(bench.logged.find(issued_secret), std::string::npos);
  EXPECT_TRUE(bench.transport.sent[0].has("UserName=ann"));
  EXPECT_FALSE(bench.transport.sent[0].repeatable);
}

TEST_F(IamTest, LostReplyOfCreateAccessKeyIsNeverSentAgain) {
  const auto create = [&] { return bench.run(iam.create_access_key(UserName("ann"), SignBefore::never())); };
  bench.transport.lost();
  EXPECT_EQ(kind(create()), "outcome_unknown");
  EXPECT_EQ(bench.transport.sent.size(), 1u);
  bench.transport.xml_error(500, "ServiceFailure");
  EXPECT_EQ(kind(create()), "outcome_unknown");
  EXPECT_EQ(bench.transport.sent.size(), 2u);
  bench.transport.reply(502, "<html>");
  EXPECT_EQ(kind(create()), "outcome_unknown");
  EXPECT_EQ(bench.transport.sent.size(), 3u);
}

TEST_F(IamTest, AnIssuedKeyThatCannotBeReadIsAnUnknownOutcomeWithoutItsSecret) {
  std::size_t sent = 0;
  std::string no_id = issued();
  no_id.erase(no_id.find("<AccessKeyId>"), std::string_view("<AccessKeyId>AKIANEW</AccessKeyId>").size());
  for (const std::string& body : {no_id, issued("mallory"), issued().substr(0, 300), std::string("<html>")}) {
    bench.transport.reply(200, body);
    const auto key = bench.run(iam.create_access_key(UserName("ann"), SignBefore::never()));
    ASSERT_FALSE(key) << body;
    EXPECT_EQ(key.error().kind, ErrorKind::outcome_unknown);
    EXPECT_EQ(describe(key.error()).find(issued_secret), std::string::npos);
    EXPECT_EQ(bench.transport.sent.size(), ++sent);
  }
  EXPECT_EQ(bench.logged.find(issued_secret), std::string::npos);
}

TEST_F(IamTest, TheTwoKeyLimitIsReportedAtOnce) {
  bench.transport.xml_error(409, "LimitExceeded", "Cannot exceed quota for AccessKeysPerUser: 2");
  EXPECT_EQ(kind(bench.run(iam.create_access_key(UserName("ann"), SignBefore::never()))), "limit_exceeded");
}

TEST_F(IamTest, AThrottledCreateAccessKeyIsSentAgainBecauseNothingWasPerformed) {
  bench.transport.xml_error(400, "Throttling", "Rate exceeded").reply(200, issued());
  EXPECT_EQ(kind(bench.run(iam.create_access_key(UserName("ann"), SignBefore::never()))), "ok");
  ASSERT_EQ(bench.transport.sent.size(), 2U);
  EXPECT_EQ(bench.transport.sent.at(1).body, bench.transport.sent.at(0).body);
  EXPECT_LT(bench.transport.sent.at(0).at, bench.transport.sent.at(1).at) << "not at once";
}

// ---------------------------------------------------------------------------------------------------- other changes

TEST_F(IamTest, KeysAreDeactivatedAndDeleted) {
  bench.transport.reply(200, acknowledged("UpdateAccessKey"));
  EXPECT_TRUE(bench.run(iam.deactivate_access_key(UserName("ann"), AccessKeyId("AKIA1"), SignBefore::never())));
  EXPECT_TRUE(bench.transport.sent[0].has("UserName=ann&AccessKeyId=AKIA1&Status=Inactive"));
  bench.transport.xml_error(404, "NoSuchEntity");
  EXPECT_EQ(kind(bench.run(iam.deactivate_access_key(UserName("ann"), AccessKeyId("AKIA1"), SignBefore::never()))),
            "not_found");

  bench.transport.lost().xml_error(404, "NoSuchEntity");
  EXPECT_EQ(kind(bench.run(iam.delete_access_key(UserName("ann"), AccessKeyId("AKIA1"), SignBefore::never()))), "ok");
  EXPECT_TRUE(bench.transport.sent.back().has("Action=DeleteAccessKey"));
  bench.transport.xml_error(403, "AccessDenied");
  EXPECT_EQ(kind(bench.run(iam.delete_access_key(UserName("ann"), AccessKeyId("AKIA1"), SignBefore::never()))),
            "access_denied");
}

TEST_F(IamTest, AnAcknowledgementOfSomethingElseIsNone) {
  always(200, acknowledged("ListUsers"));
  EXPECT_EQ(kind(bench.run(iam.deactivate_access_key(UserName("ann"), AccessKeyId("AKIA1"), SignBefore::never()))),
            "bad_reply");
}

TEST_F(IamTest, PoliciesArePut) {
  bench.transport.reply(200, acknowledged("PutUserPolicy"));
  EXPECT_TRUE(bench.run(iam.put_user_policy(UserName("ann"), "p", R"({"a":"b c"})", SignBefore::never())));
  EXPECT_TRUE(bench.transport.sent[0].has("PolicyDocument=%7B%22a%22%3A%22b%20c%22%7D"))
      << bench.transport.sent[0].body;
}

TEST_F(IamTest, ChangesAreNotSignedPastTheLease) {
  const SignBefore over = SignBefore::at(bench.clock.now());
  EXPECT_EQ(kind(bench.run(iam.create_access_key(UserName("a"), over))), "lease_over");
  EXPECT_EQ(kind(bench.run(iam.deactivate_access_key(UserName("a"), AccessKeyId("k"), over))), "lease_over");
  EXPECT_EQ(kind(bench.run(iam.delete_access_key(UserName("a"), AccessKeyId("k"), over))), "lease_over");
  EXPECT_EQ(kind(bench.run(iam.put_user_policy(UserName("a"), "p", "{}", over))), "lease_over");
  EXPECT_TRUE(bench.transport.sent.empty());
}

// ---------------------------------------------------------------------------------------------------- the report

const std::string report_csv =
    "user,arn,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_2_active,"
    "access_key_2_last_rotated,access_key_2_last_used_date\n"
    "ann,arn:aws:iam::111111111111:user/ann,true,2026-01-01T00:00:00Z,N/A,false,N/A,N/A";

std::string generating(std::string_view state) {
  return result_of("GenerateCredentialReport", fmt::format("<State>{}</State>", state));
}
std::string report_reply(const std::string& csv = report_csv) {
  return result_of("GetCredentialReport", fmt::format("<Content>{}</Content><ReportFormat>text/csv</ReportFormat>"
                                                      "<GeneratedTime>2026-03-01T00:00:00Z</GeneratedTime>",
                                                      base64_encode(csv)));
}

TEST_F(IamTest, AReportThatIsThereCostsTwoCalls) {
  bench.transport.reply(200, generating("COMPLETE")).reply(200, report_reply());
  const auto report = bench.run(iam.credential_report());
  ASSERT_TRUE(report) << describe(report.error());
  EXPECT_EQ(report->users.at(0).name, "ann");
  EXPECT_EQ(report->generated, fakes::bench_start);
  EXPECT_EQ(bench.transport.sent.size(), 2u);
}

TEST_F(IamTest, AReportIsWaitedForThroughEveryWayOfNotBeingReady) {
  bench.transport.xml_error(409, "LimitExceeded")
      .reply(200, generating("STARTED"))
      .reply(200, generating("INPROGRESS"));
  bench.transport.reply(200, generating("COMPLETE")).xml_error(410, "ReportExpired");
  bench.transport.reply(200, generating("COMPLETE")).xml_error(410, "ReportNotPresent");
  bench.transport.reply(200, generating("COMPLETE")).xml_error(404, "ReportInProgress");
  bench.transport.reply(200, generating("COMPLETE")).reply(200, report_reply());
  const auto report = bench.run(iam.credential_report());
  ASSERT_TRUE(report) << describe(report.error());
  EXPECT_TRUE(bench.transport.finished());
  EXPECT_GE(bench.clock.now(), fakes::bench_start + 6s);
}

TEST_F(IamTest, AReportThatNeverComesIsGivenUp) {
  for (int i = 0; i < 100; ++i) bench.transport.reply(200, generating("INPROGRESS"));
  const auto report = bench.run(iam.credential_report());
  ASSERT_FALSE(report);
  EXPECT_NE(report.error().message.find("not ready"), std::string::npos);
  EXPECT_GE(bench.clock.now(), fakes::bench_start + 2min);
  EXPECT_LT(bench.clock.now(), fakes::bench_start + 3min);
}

TEST_F(IamTest, AReportThatIsDeniedOrBrokenIsAFailure) {
  bench.transport.xml_error(403, "AccessDenied");
  EXPECT_EQ(kind(bench.run(iam.credential_report())), "access_denied");
  bench.transport.reply(200, generating("COMPLETE")).xml_error(403, "AccessDenied");
  EXPECT_EQ(kind(bench.run(iam.credential_report())), "access_denied");
  bench.transport.reply(200, generating("COMPLETE"));
  always(200, report_reply("user,arn\nann,x"));
  EXPECT_EQ(kind(bench.run(iam.credential_report())), "bad_reply");
  bench.transport.reply(200, generating("COMPLETE"));
  always(200, result_of("GetCredentialReport", "<Content>!!!</Content>"));
  EXPECT_EQ(kind(bench.run(iam.credential_report())), "bad_reply");
  always(200, generating("SOMETHING"));
  EXPECT_EQ(kind(bench.run(iam.credential_report())), "bad_reply");
}

}  // namespace
}  // namespace rekeyer::aws
