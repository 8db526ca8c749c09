#include "sandbox/access/principal.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sandbox/access/signature.hpp"

namespace rekeyer::sandbox {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using testing::HasSubstr;

const AccountId member_account{"111111111111"};
const Instant start = parse_iso8601("2026-01-02T03:04:05Z").value();

/// What a client signs; the sandbox's own signature is used, which the vectors of signature_test.cpp prove.
struct Attempted {
  std::string key = "AKIAANN";
  std::string secret = "ann's secret";
  std::string token{};
  std::string service = "sts";
  std::string region = "us-east-1";
  Protocol protocol = Protocol::query;
  Instant signed_at = start;
  std::string stamp{};           ///< empty: of `signed_at`
  std::string signed_headers{};  ///< empty: what has to be
  std::string extra_header{};
};

class Authenticate : public testing::Test {
 protected:
  Authenticate() {
    auto& account = world.account(member_account);
    User user;
    user.name = UserName("Ann");
    user.id = "AIDAANN";
    user.path = "/ci/";
    account.iam.users["ann"] = user;
    AccessKey key;
    key.id = AccessKeyId("AKIAANN");
    key.secret = "ann's secret";
    world.add_key(member_account, user.name, key);
    Role role;
    role.name = RoleName("reader");
    role.id = "AROAREADER";
    role.path = "/team/";
    account.iam.roles["reader"] = role;
    Session opened;
    opened.id = AccessKeyId("ASIA1");
    opened.secret = "session secret";
    opened.token = "token";
    opened.account = member_account;
    opened.role = role.name;
    opened.owner_id = role.id;
    opened.name = "run";
    opened.expires = start + hours(1);
    world.sessions["ASIA1"] = opened;
  }

  AccessKey& key() { return *world.find_key(AccessKeyId("AKIAANN")).key; }

  ServiceResult<Principal> attempt(const Attempted& from) { return attempt(from, from.signed_at); }

  ServiceResult<Principal> attempt(const Attempted& from, Instant now) {
    aws::HttpRequest request;
    request.method = "POST";
    request.url = aws::parse_url(fmt::format("https://{}.amazonaws.com/", from.service)).value();
    request.body.assign("Action=ListUsers");
    request.headers.add("X-Amz-Date", from.stamp.empty() ? compact_iso8601(from.signed_at) : from.stamp);
    if (!from.token.empty()) request.headers.add("X-Amz-Security-Token", from.token);
    if (!from.extra_header.empty()) request.headers.add(from.extra_header, "1");
    const std::string usual = from.token.empty() ? "host;x-amz-date" : "host;x-amz-date;x-amz-security-token";
    const auto authorization =
        fmt::format("AWS4-HMAC-SHA256 Credential={}/{}/{}/{}/aws4_request, SignedHeaders={}, Signature=", from.key,
                    compact_iso8601(from.signed_at).substr(0, 8), from.region, from.service,
                    from.signed_headers.empty() ? usual : from.signed_headers);
    const auto unsigned_header = parse_authorization(authorization + "none").value();
    request.headers.add("Authorization", authorization + expected_signature(request, unsigned_header, from.secret));
    return authenticate(world, behaviour, call_of(request, from), request, now);
  }

  static Call call_of(const aws::HttpRequest& request, const Attempted& from) {
    Call call;
    call.protocol = from.protocol;
    call.service = from.service;
    call.operation = "ListUsers";
    call.region = Region(from.region);
    call.signature = parse_authorization(request.headers.find("authorization").value_or(""));
    return call;
  }

  std::string code(const Attempted& from) { return code(from, from.signed_at); }
  std::string code(const Attempted& from, Instant now) {
    const auto answer = attempt(from, now);
    return answer ? "" : answer.error().code;
  }

  World world;
  AwsBehaviour behaviour;
  const Attempted session{.key = "ASIA1", .secret = "session secret", .token = "token"};
  const Attempted administrator{.key = "SANDBOXADMIN111111111111", .secret = std::string(administrator_secret)};
};

TEST_F(Authenticate, KnowsAUserByItsKey) {
  const auto answer = attempt({});
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->kind, PrincipalKind::user);
  EXPECT_EQ(answer->account, member_account);
  EXPECT_EQ(answer->arn.str(), "arn:aws:iam::111111111111:user/ci/Ann");
  EXPECT_EQ(answer->user_id, "AIDAANN");
  EXPECT_FALSE(answer->session);
}

TEST_F(Authenticate, KnowsARolesSession) {
  const auto answer = attempt(session);
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->kind, PrincipalKind::role);
  EXPECT_EQ(answer->arn.str(), "arn:aws:sts::111111111111:assumed-role/reader/run");
  EXPECT_EQ(answer->identity_arn.str(), "arn:aws:iam::111111111111:role/team/reader");
  EXPECT_EQ(answer->user_id, "AROAREADER:run");
  EXPECT_TRUE(answer->session);
}

TEST_F(Authenticate, ARolesSessionIsNotThatOfTheNextRoleOfItsName) {
  auto& roles = world.account(member_account).iam.roles;
  roles.at("reader").id = "AROASECOND";
  const auto answer = attempt(session);
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->user_id, "AROAREADER:run");
  EXPECT_EQ(answer->identity_id, "AROAREADER");
  EXPECT_EQ(answer->identity_arn.str(), "arn:aws:iam::111111111111:role/reader") << "its path went with it";
}

TEST_F(Authenticate, AUsersSessionEndsWithTheUser) {
  Session& opened = world.sessions.at("ASIA1");
  opened.role = RoleName();
  opened.user = UserName("Ann");
  opened.owner_id = "AIDAANN";
  const auto answer = attempt(session);
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->user_id, "AIDAANN");
  EXPECT_TRUE(answer->session);
  world.account(member_account).iam.users.at("ann").id = "AIDASECOND";
  EXPECT_EQ(code(session), "InvalidClientTokenId");
}

TEST_F(Authenticate, AFederatedUserIsItself) {
  Session& opened = world.sessions.at("ASIA1");
  opened.role = RoleName();
  opened.user = UserName("Ann");
  opened.owner_id = "AIDAANN";
  opened.federated = "guest";
  opened.issued = start;
  const auto answer = attempt(session);
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->arn.str(), "arn:aws:sts::111111111111:federated-user/guest");
  EXPECT_EQ(answer->identity_arn, answer->arn);
  EXPECT_EQ(answer->user_id, "111111111111:guest");
  EXPECT_EQ(answer->identity_id, "AIDAANN") << "who opened it, and bounds it";
  EXPECT_TRUE(answer->federated);
  EXPECT_EQ(answer->issued, start);
}

TEST_F(Authenticate, KnowsTheAdministratorOfEveryAccountAndOnlyOfAccounts) {
  const auto answer = attempt(administrator);
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->kind, PrincipalKind::administrator);
  EXPECT_EQ(answer->account, member_account);
  auto wrong = administrator;
  wrong.secret = "guess";
  EXPECT_EQ(code(wrong), "SignatureDoesNotMatch");
  auto elsewhere = administrator;
  elsewhere.key = administrator_key(AccountId("222222222222")).str();
  EXPECT_EQ(code(elsewhere), "InvalidClientTokenId");
}

TEST_F(Authenticate, KnowsTheRootUserOfEveryAccount) {
  const Attempted root{.key = root_key(member_account).str(), .secret = std::string(administrator_secret)};
  const auto answer = attempt(root);
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->arn.str(), "arn:aws:iam::111111111111:root");
  EXPECT_EQ(answer->identity_arn, answer->arn);
  EXPECT_EQ(answer->user_id, "111111111111");
  EXPECT_EQ(code({.key = root_key(AccountId("222222222222")).str(), .secret = std::string(administrator_secret)}),
            "InvalidClientTokenId");
}

TEST_F(Authenticate, UnknownAndInactiveKeysLookTheSame) {
  EXPECT_EQ(code({.key = "AKIAUNKNOWN"}), "InvalidClientTokenId");
  key().active = false;
  const auto query = attempt({});
  ASSERT_FALSE(query);
  EXPECT_EQ(query.error().code, "InvalidClientTokenId");
  EXPECT_EQ(query.error().status, 403);
  const auto json = attempt({.service = "secretsmanager", .protocol = Protocol::json});
  ASSERT_FALSE(json);
  EXPECT_EQ(json.error().code, "UnrecognizedClientException");
  EXPECT_EQ(json.error().status, 400);
}

TEST_F(Authenticate, WrongSecretIsAMismatchInEachServicesWords) {
  EXPECT_EQ(code({.secret = "wrong"}), "SignatureDoesNotMatch");
  EXPECT_EQ(code({.secret = "wrong", .service = "organizations", .protocol = Protocol::json}),
            "InvalidSignatureException");
  behaviour.verify_signatures = false;
  EXPECT_EQ(code({.secret = "wrong"}), "");
}

TEST_F(Authenticate, AnInactiveKeyIsNoticedBeforeItsSignature) {
  key().active = false;
  EXPECT_EQ(code({.secret = "wrong"}), "InvalidClientTokenId");
}

TEST_F(Authenticate, HostAndDateAndTokenMustBeSigned) {
  EXPECT_EQ(code({.signed_headers = "x-amz-date"}), "SignatureDoesNotMatch");
  EXPECT_EQ(code({.signed_headers = "host"}), "SignatureDoesNotMatch");
  auto without_token = session;
  without_token.signed_headers = "host;x-amz-date";
  EXPECT_EQ(code(without_token), "SignatureDoesNotMatch");
}

TEST_F(Authenticate, SignatureHasItsTime) {
  EXPECT_EQ(code({}, start + minutes(5)), "");
  const auto late = attempt({}, start + minutes(6));
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, "SignatureDoesNotMatch");
  EXPECT_EQ(late.error().message,
            "Signature expired: 20260102T030405Z is now earlier than 20260102T030505Z (20260102T031005Z - 5 min.)");
  const auto early = attempt({}, start - minutes(6));
  ASSERT_FALSE(early);
  EXPECT_THAT(early.error().message, HasSubstr("Signature not yet current: 20260102T030405Z is still later than"));
}

TEST_F(Authenticate, AnyDateAndAdministratorsHaveNoTimeAndAreNoUse) {
  EXPECT_EQ(code({.extra_header = "X-Sandbox-Any-Date"}, start + days(9)), "");
  EXPECT_EQ(code({.extra_header = "x-lab-any-date"}, start - days(9)), "");
  EXPECT_EQ(code(administrator, start + days(9)), "");
  EXPECT_FALSE(key().last_use);
}

TEST_F(Authenticate, ScopeMustBeOfTheDateTheServiceAndItsHomeRegion) {
  EXPECT_EQ(code({.service = "iam", .region = "eu-west-1"}), "SignatureDoesNotMatch");
  EXPECT_EQ(code({.service = "iam", .region = "us-east-1"}), "");
  EXPECT_EQ(code({.service = "sts", .region = "eu-west-1"}), "");
  EXPECT_EQ(code({.stamp = "20260103T030405Z"}), "SignatureDoesNotMatch");
  EXPECT_EQ(code({.stamp = "20260102T03:04Z"}), "SignatureDoesNotMatch");
  world.partition = "aws-cn";
  EXPECT_EQ(code({.service = "iam", .region = "cn-northwest-1"}), "SignatureDoesNotMatch");
  EXPECT_EQ(code({.service = "organizations", .region = "cn-northwest-1"}), "");
}

TEST_F(Authenticate, APartitionKnowsNoKeysOfAnother) {
  for (const auto* region : {"us-gov-west-1", "cn-north-1", "us-iso-east-1", "eusc-de-east-1"}) {
    EXPECT_EQ(code({.region = region}), "InvalidClientTokenId") << region;
  }
  world.partition = "aws-us-gov";
  EXPECT_EQ(code({.region = "us-gov-east-1"}), "");
  EXPECT_EQ(code({.service = "secretsmanager", .region = "us-east-1", .protocol = Protocol::json}),
            "UnrecognizedClientException");
  auto theirs = administrator;
  EXPECT_EQ(code(theirs), "InvalidClientTokenId") << "nor administrators";
  theirs.region = "us-gov-west-1";
  EXPECT_EQ(code(theirs), "");
}

TEST_F(Authenticate, SessionNeedsItsTokenAndTime) {
  auto other = session;
  other.token = "another";
  EXPECT_EQ(code(other), "InvalidClientTokenId");
  auto none = session;
  none.token = "";
  EXPECT_EQ(code(none), "InvalidClientTokenId");
  auto late = session;
  late.signed_at = start + hours(1);
  EXPECT_EQ(code(late), "ExpiredToken");
  late.protocol = Protocol::json;
  late.service = "kms";
  EXPECT_EQ(code(late), "ExpiredTokenException");
}

TEST_F(Authenticate, NewKeyIsRefusedUntilItHasSpread) {
  key().refusals_left = 2;
  EXPECT_EQ(code({.extra_header = "x-sandbox-any-date"}), "");
  EXPECT_EQ(code({}), "InvalidClientTokenId");
  EXPECT_EQ(code({}), "InvalidClientTokenId");
  EXPECT_EQ(code({}), "");
  key().usable_from = start + minutes(2);
  EXPECT_EQ(code({}, start + minutes(1)), "InvalidClientTokenId");
  EXPECT_EQ(code({}, start + minutes(2)), "");
}

TEST_F(Authenticate, FormerStatusHoldsUntilTheNewOneHasSpread) {
  key().active = false;
  key().status_spreads_until = start + minutes(1);
  EXPECT_EQ(code({}, start), "");
  EXPECT_EQ(code({}, start + minutes(1)), "InvalidClientTokenId");
  key().active = true;
  EXPECT_EQ(code({}, start), "InvalidClientTokenId");
  EXPECT_EQ(code({}, start + minutes(1)), "");
}

TEST_F(Authenticate, SuspendedAccountsKeysAndSessionsAreRefused) {
  world.account(member_account).state = "SUSPENDED";
  EXPECT_EQ(code({}), "InvalidClientTokenId");
  EXPECT_EQ(code(session), "InvalidClientTokenId");
  EXPECT_EQ(code(administrator), "");
}

TEST_F(Authenticate, UseIsNotedWithServiceAndRegion) {
  ASSERT_EQ(code({.service = "kms", .region = "eu-west-1"}), "");
  ASSERT_TRUE(key().last_use);
  EXPECT_EQ(key().last_use->at, start);
  EXPECT_EQ(key().last_use->service, "kms");
  EXPECT_EQ(key().last_use->region, "eu-west-1");
  EXPECT_EQ(code({.secret = "wrong", .signed_at = start + days(1)}), "SignatureDoesNotMatch");
  EXPECT_EQ(key().last_use->at, start);
  behaviour.record_use = false;
  ASSERT_EQ(code({.signed_at = start + days(1)}), "");
  EXPECT_EQ(key().last_use->at, start);
}

TEST_F(Authenticate, UsesThatWereVisibleStayVisibleWhileTheLatestIsYoung) {
  behaviour.last_used_lag = hours(4);
  ASSERT_EQ(code({.signed_at = start}), "");
  ASSERT_EQ(code({.signed_at = start + hours(1)}), "");
  EXPECT_FALSE(key().earlier_use);
  ASSERT_EQ(code({.signed_at = start + hours(6)}), "");
  ASSERT_TRUE(key().earlier_use);
  EXPECT_EQ(key().earlier_use->at, start + hours(1));
}

TEST_F(Authenticate, SteadyUseShowsLittleOlderThanTheLag) {
  behaviour.last_used_lag = hours(4);
  for (int hour = 0; hour < 100; ++hour) ASSERT_EQ(code({.signed_at = start + hours(hour)}), "");
  ASSERT_TRUE(key().earlier_use);
  EXPECT_LE(key().earlier_use->at, start + hours(95));
  EXPECT_GE(key().earlier_use->at, start + hours(91));
}

TEST_F(Authenticate, UnsignedCallsAreToldSo) {
  Call call;
  call.operation = "ListUsers";
  aws::HttpRequest request;
  EXPECT_EQ(authenticate(world, behaviour, call, request, start).error().code, "MissingAuthenticationToken");
  request.headers.add("Authorization", "AWS4-HMAC-SHA256 Credential=x");
  EXPECT_EQ(authenticate(world, behaviour, call, request, start).error().code, "IncompleteSignature");
  call.operation = "AssumeRoleWithWebIdentity";
  request.headers.remove("Authorization");
  const auto anyone = authenticate(world, behaviour, call, request, start);
  ASSERT_TRUE(anyone);
  EXPECT_EQ(anyone->kind, PrincipalKind::anonymous);
}

}  // namespace
}  // namespace rekeyer::sandbox
