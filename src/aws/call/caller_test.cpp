// One call from beginning to end: what is signed and sent, what is tried again and what never, leases, clocks,
// credentials.
#include "aws/call/caller.hpp"

#include <gtest/gtest.h>

#include "fakes/call_bench.hpp"

namespace rekeyer::aws {
namespace {

using namespace std::chrono_literals;
using fakes::CallBench;

Call query(std::string operation, Idempotent idempotent = Idempotent::read) {
  Call call;
  call.service = &services::iam;
  call.operation = std::move(operation);
  call.idempotent = idempotent;
  call.content_type = "application/x-www-form-urlencoded; charset=utf-8";
  call.body = "Action=Something";
  return call;
}

Call json(std::string operation, Idempotent idempotent = Idempotent::read) {
  Call call;
  call.service = &services::secrets_manager;
  call.operation = std::move(operation);
  call.idempotent = idempotent;
  call.content_type = "application/x-amz-json-1.1";
  call.body = "{}";
  return call;
}

class CallerTest : public testing::Test {
 protected:
  Result<HttpResponse> call(Call what) { return bench.run(bench.caller.call(bench.principal(), std::move(what))); }
  std::string kind(Call what) {
    const auto reply = call(std::move(what));
    return reply ? "ok" : std::string(name(reply.error().kind));
  }
  CallBench bench;
};

TEST_F(CallerTest, SignsAndSendsWhatTheProtocolWants) {
  bench.transport.reply(200, "{}");
  ASSERT_TRUE(call(json("DescribeSecret")));
  const auto& sent = bench.transport.sent.at(0);
  EXPECT_EQ(sent.method, "POST");
  EXPECT_EQ(sent.url, "https://secretsmanager.eu-west-1.amazonaws.com/");
  EXPECT_EQ(sent.header("X-Amz-Target"), "secretsmanager.DescribeSecret");
  EXPECT_EQ(sent.header("Content-Type"), "application/x-amz-json-1.1");
  EXPECT_EQ(sent.header("Host"), "secretsmanager.eu-west-1.amazonaws.com");
  EXPECT_EQ(sent.header("X-Amz-Date"), "20260301T000000Z");
  EXPECT_TRUE(sent.header("Authorization").find("Credential=AKIABENCH0000000000A/20260301/eu-west-1/secretsmanager/") !=
              std::string::npos)
      << sent.header("Authorization");

  bench.transport.reply(200, "<x/>");
  ASSERT_TRUE(call(query("ListUsers")));
  EXPECT_EQ(bench.transport.sent.at(1).url, "https://iam.amazonaws.com/");
  EXPECT_EQ(bench.transport.sent.at(1).header("X-Amz-Target"), "");
  EXPECT_TRUE(bench.transport.sent.at(1).header("Authorization").find("/us-east-1/iam/aws4_request") !=
              std::string::npos);
  EXPECT_EQ(bench.caller.counts().calls.at("iam:ListUsers"), 1u);
  EXPECT_EQ(bench.caller.counts().calls.at("secretsmanager:DescribeSecret"), 1u);
}

TEST_F(CallerTest, ACallMayNameItsOwnPlace) {
  CallerSettings settings;
  settings.endpoints.default_endpoint_url = "http://127.0.0.1:5000/prefix/";
  CallBench local(settings);
  const auto url = [&](const Service& service, RequestTarget place) {
    Call call = json("Something");
    call.service = &service;
    call.target = std::move(place);
    call.headers.set("X-Own", "1");
    local.transport.reply(200, "{}");
    EXPECT_TRUE(local.run(local.caller.call(local.principal(), std::move(call))));
    EXPECT_EQ(local.transport.sent.back().header("X-Own"), "1");
    return local.transport.sent.back().method + " " + local.transport.sent.back().url;
  };
  EXPECT_EQ(url(services::ses, {"GET", "/v2/email/account"}), "GET http://127.0.0.1:5000/prefix/v2/email/account");
  EXPECT_EQ(url(services::ses, {"GET", "/v2/x", "PageSize=1"}), "GET http://127.0.0.1:5000/prefix/v2/x?PageSize=1");
  EXPECT_EQ(url(services::s3, {"GET", "/k", "", "bucket"}), "GET http://127.0.0.1:5000/prefix/bucket/k");
  EXPECT_EQ(url(services::iam, {}), "POST http://127.0.0.1:5000/prefix/");
}

TEST_F(CallerTest, AnAnonymousCallIsNotSigned) {
  bench.transport.reply(200, "<x/>");
  Call anonymous = query("AssumeRoleWithWebIdentity");
  anonymous.service = &services::sts;
  anonymous.anonymous = true;
  ASSERT_TRUE(bench.run(bench.caller.call({nullptr, Region("eu-west-1"), AccountId()}, std::move(anonymous))));
  EXPECT_EQ(bench.transport.sent.at(0).header("Authorization"), "");
  EXPECT_EQ(bench.transport.sent.at(0).header("Host"), "sts.eu-west-1.amazonaws.com");
}

TEST_F(CallerTest, WithoutCredentialsNothingIsSent) {
  const auto reply = bench.run(bench.caller.call({nullptr, Region("eu-west-1"), AccountId()}, query("ListUsers")));
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().kind, ErrorKind::usage);
  EXPECT_EQ(reply.error().operation, "iam:ListUsers");
  EXPECT_TRUE(bench.transport.sent.empty());
}

TEST_F(CallerTest, AwssErrorIsHandedOnWithItsNameAndRequestId) {
  bench.transport.xml_error(404, "NoSuchEntity", "The user with name ann cannot be found.");
  const auto reply = call(query("GetUser"));
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().kind, ErrorKind::not_found);
  EXPECT_EQ(describe(reply.error()),
            "iam:GetUser: NoSuchEntity: The user with name ann cannot be found. (request id req-1)");
  EXPECT_EQ(bench.transport.sent.size(), 1u);
}

TEST_F(CallerTest, ReadsAreTriedAgainAfterEveryPassingFailure) {
  bench.transport.lost().not_sent().xml_error(500, "InternalFailure").reply(503, "<html>").xml_error(400, "Throttling");
  bench.transport.xml_error(409, "ConcurrentModification").reply(200, "<x/>");
  ASSERT_TRUE(call(query("ListUsers")));
  EXPECT_EQ(bench.transport.sent.size(), 7u);
  EXPECT_EQ(bench.caller.counts().retries, 6u);
  EXPECT_EQ(bench.caller.counts().throttled, 1u);
  EXPECT_EQ(bench.caller.counts().calls.at("iam:ListUsers"), 7u);
  EXPECT_LT(bench.limiter.rate(AccountId("111111111111"), "iam"), IamShare{}.rate * IamShare{}.share);
}

TEST_F(CallerTest, AttemptsAreLimited) {
  for (int i = 0; i < 8; ++i) bench.transport.xml_error(503, "ServiceUnavailable");
  EXPECT_EQ(kind(query("ListUsers")), "server_fault");
  EXPECT_EQ(bench.transport.sent.size(), 8u);
}

TEST_F(CallerTest, ACallThatAwsHasNoRoomForIsDoneInTheEnd) {
  for (int i = 0; i < 21; ++i) bench.transport.xml_error(400, "Throttling");
  bench.transport.reply(200, "<x/>");
  EXPECT_EQ(kind(query("ListUsers")), "ok");
  EXPECT_EQ(bench.caller.counts().throttled, 21u);
  for (int i = 0; i < 22; ++i) bench.transport.xml_error(400, "Throttling");
  EXPECT_EQ(kind(query("ListUsers")), "throttled");
  EXPECT_EQ(bench.transport.sent.size(), 44u);
}

TEST_F(CallerTest, WhoWantsOneAttemptGetsOneWhateverTheRefusal) {
  CallerSettings settings;
  settings.max_attempts = 1;
  CallBench once(settings);
  once.transport.xml_error(400, "Throttling");
  EXPECT_FALSE(once.run(once.caller.call(once.principal(), query("ListUsers"))));
  EXPECT_EQ(once.transport.sent.size(), 1u);
}

TEST(CallNames, AreFoundInPartsWhereTheyStandAsOneText) {
  const std::vector<std::string> names{"iam",           "iam-x:ListUsers", "iam:",           "iam:ListUser",
                                       "iam:ListUsers", "iam:ListUsersX",  "iama:ListUsers", "iam;List",
                                       "sts:AssumeRole"};
  const CallNameOrder less;
  for (const auto& text : names) {
    for (const auto& [service, operation] :
         {std::pair("iam", "ListUsers"), std::pair("sts", "AssumeRole"), std::pair("sts", "A"),
          std::pair("a", "ListUsers"), std::pair("iam", "")}) {
      const std::string whole = std::string(service) + ":" + operation;
      EXPECT_EQ(less(text, CallName{service, operation}), text < whole) << text << " " << whole;
      EXPECT_EQ(less(CallName{service, operation}, text), whole < text) << text << " " << whole;
    }
  }
}

TEST_F(CallerTest, DefiniteRefusalsAreNotTriedAgain) {
  for (const char* code : {"AccessDenied", "NoSuchEntity", "LimitExceeded", "ValidationError", "InvalidClientTokenId",
                           "EntityAlreadyExists", "DeleteConflict"}) {
    bench.transport.xml_error(400, code);
    EXPECT_FALSE(call(query("GetUser"))) << code;
  }
  EXPECT_EQ(bench.transport.sent.size(), 7u);
}

TEST_F(CallerTest, APageFromSomethingInBetweenIsNeitherSuccessNorNotFound) {
  bench.transport.reply(404, "<html>no such page</html>").reply(403, "blocked by your company").reply(301, "");
  EXPECT_EQ(kind(query("GetUser")), "bad_reply");
  EXPECT_EQ(kind(query("GetUser")), "bad_reply");
  EXPECT_EQ(kind(query("GetUser")), "bad_reply");
  bench.transport.reply(403, "blocked by your company");
  EXPECT_EQ(kind(query("CreateAccessKey", Idempotent::no)), "outcome_unknown");
}

TEST_F(CallerTest, AQuotaThatLooksLikeAThrottleIsTriedThreeTimes) {
  for (int i = 0; i < 3; ++i) bench.transport.json_error(400, "LimitExceededException");
  EXPECT_EQ(kind(json("CreateSecret", Idempotent::yes)), "limit_exceeded");
}

TEST_F(CallerTest, WhatIsNotIdempotentIsSentOnceAfterAnAmbiguousFailure) {
  const Call create = query("CreateAccessKey", Idempotent::no);
  const auto bad = [](const HttpRequest&) -> Result<HttpResponse> { return fail(ErrorKind::bad_reply, "not HTTP"); };
  std::size_t sent = 0;
  const auto expect_unknown = [&] {
    const auto reply = call(create);
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().kind, ErrorKind::outcome_unknown);
    EXPECT_EQ(bench.transport.sent.size(), ++sent);
    EXPECT_FALSE(bench.transport.sent.back().repeatable);
  };
  bench.transport.lost();
  expect_unknown();
  bench.transport.then(bad);
  expect_unknown();
  for (const int status : {500, 502, 503, 504, 501, 408}) {
    bench.transport.xml_error(status, "InternalFailure");
    expect_unknown();
    bench.transport.reply(status, "");
    expect_unknown();
  }
}

TEST_F(CallerTest, WhatIsNotIdempotentIsTriedAgainWhereItWasRefusedUndone) {
  bench.transport.not_sent().xml_error(400, "Throttling").xml_error(409, "EntityTemporarilyUnmodifiable");
  bench.transport.xml_error(403, "ExpiredToken").reply(200, "<x/>");
  EXPECT_EQ(kind(query("CreateAccessKey", Idempotent::no)), "ok");
  EXPECT_EQ(bench.transport.sent.size(), 5u);
}

TEST_F(CallerTest, ARefusalAfterALostReplyDoesNotSayThatNothingHappened) {
  bench.transport.lost().json_error(400, "AccessDeniedException", "not you");
  const auto reply = call(json("PutSecretValue", Idempotent::yes));
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().kind, ErrorKind::outcome_unknown);
  EXPECT_NE(reply.error().message.find("not you"), std::string::npos);

  // What tells how things stand is the answer, whoever brought it about.
  bench.transport.lost().json_error(400, "ResourceNotFoundException");
  EXPECT_EQ(kind(json("DeleteSecret", Idempotent::yes)), "not_found");
  // A read changes nothing, so its last answer counts.
  bench.transport.lost().json_error(400, "AccessDeniedException");
  EXPECT_EQ(kind(json("DescribeSecret")), "access_denied");
}

TEST_F(CallerTest, AReplyThatCannotBeReadIsAFailedAttempt) {
  Call read = query("ListUsers");
  int readings = 0;
  read.read = [&](const HttpResponse& reply) -> Result<> {
    ++readings;
    if (reply.body == "good") return {};
    return fail(ErrorKind::rejected, "not understood");
  };
  bench.transport.reply(200, "garbage").reply(200, "good");
  EXPECT_EQ(kind(read), "ok");
  EXPECT_EQ(readings, 2);

  read.idempotent = Idempotent::no;
  bench.transport.reply(200, "garbage");
  EXPECT_EQ(kind(read), "outcome_unknown");
  read.idempotent = Idempotent::read;
  for (int i = 0; i < 8; ++i) bench.transport.reply(200, "garbage");
  EXPECT_EQ(kind(read), "bad_reply");
  EXPECT_TRUE(bench.transport.finished());
}

TEST_F(CallerTest, RetryAfterIsWaitedFor) {
  bench.transport.xml_error(429, "TooManyRequestsException", "slow", {{"Retry-After", "9"}}).reply(200, "<x/>");
  ASSERT_TRUE(call(query("ListUsers")));
  EXPECT_GE(bench.transport.sent.at(1).at - bench.transport.sent.at(0).at, 9s);
}

TEST_F(CallerTest, NothingIsSignedFromTheLeasesEndOn) {
  Call create = query("CreateAccessKey", Idempotent::no);
  create.sign_before = SignBefore::at(fakes::bench_start);
  const auto reply = call(create);
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().kind, ErrorKind::lease_over);
  EXPECT_TRUE(bench.transport.sent.empty());
  create.sign_before = SignBefore::at(fakes::bench_start + 1ms);
  bench.transport.reply(200, "<x/>");
  EXPECT_TRUE(call(create));
}

TEST_F(CallerTest, TheLeasesEndStopsRetries) {
  Call put = json("TagResource", Idempotent::yes);
  put.sign_before = SignBefore::at(fakes::bench_start + 5s);
  bench.transport.json_error(400, "ThrottlingException", "slow", {{"Retry-After", "10"}});
  EXPECT_EQ(kind(put), "lease_over");
  EXPECT_LT(bench.clock.now(), fakes::bench_start + 5s);  // it does not sit the wait out

  put.sign_before = SignBefore::at(bench.clock.now() + 3s);
  bench.transport.take(2s);
  bench.transport.lost().lost();
  EXPECT_EQ(kind(put), "outcome_unknown");  // it may have been performed: not "nothing was sent"
}

TEST_F(CallerTest, TheLeaseIsLookedAtAgainAfterWaitingForATurn) {
  bench.limiter.set_rate("iam:write", {0.1, 1});
  Call create = query("CreateAccessKey", Idempotent::no);
  create.sign_before = SignBefore::at(fakes::bench_start + 5s);
  bench.transport.reply(200, "<x/>");
  EXPECT_EQ(kind(create), "ok");
  EXPECT_EQ(kind(create), "lease_over");
  EXPECT_EQ(bench.transport.sent.size(), 1u);
}

TEST_F(CallerTest, AnOutageIsNotMultiplied) {
  // A thousand calls into a server that fails: without a budget 8000 requests, with it little more than the calls
  // themselves.
  for (int i = 0; i < 1000; ++i) {
    bench.transport.xml_error(503, "ServiceUnavailable");
  }
  for (int i = 0; i < 300; ++i) bench.transport.xml_error(503, "ServiceUnavailable");
  bench.limiter.set_rate("iam", {10000, 10000});
  int failed = 0;
  for (int i = 0; i < 1000; ++i) failed += call(query("ListUsers")) ? 0 : 1;
  EXPECT_EQ(failed, 1000);
  EXPECT_LT(bench.transport.sent.size(), 1250u);
}

TEST_F(CallerTest, TheFirstReplysDateIsAwssNow) {
  VirtualClock server(bench.context, fakes::bench_start + 90 * 24h);
  bench.transport.date_by(&server);
  bench.transport.xml_error(403, "SignatureDoesNotMatch", "Signature expired: 20260301T000000Z is now earlier than x");
  bench.transport.reply(200, "<x/>").reply(200, "<x/>");
  ASSERT_TRUE(call(query("CreateAccessKey", Idempotent::no)));
  EXPECT_EQ(bench.transport.sent.at(0).header("X-Amz-Date"), "20260301T000000Z");
  EXPECT_EQ(bench.transport.sent.at(1).header("X-Amz-Date"), "20260530T000000Z");
  EXPECT_EQ(bench.shifted.now(), server.now());
  ASSERT_TRUE(call(query("ListUsers")));
  EXPECT_EQ(bench.transport.sent.at(2).header("X-Amz-Date"), "20260530T000000Z");
  EXPECT_EQ(bench.transport.sent.size(), 3u);

  const auto warned = bench.logged.find("local clock");
  ASSERT_NE(warned, std::string::npos);
  EXPECT_EQ(bench.logged.find("local clock", warned + 40), std::string::npos) << "reported more than once";
  EXPECT_NE(bench.logged.find("behind"), std::string::npos);
}

TEST_F(CallerTest, ASignatureErrorThatDoesNotNameTheClockIsCheckedAgainstTheDate) {
  VirtualClock server(bench.context, fakes::bench_start - 1h);
  bench.transport.date_by(&server);
  bench.transport.json_error(400, "InvalidSignatureException", "does not match").reply(200, "{}");
  EXPECT_EQ(kind(json("DescribeSecret")), "ok");
  bench.transport.json_error(400, "InvalidSignatureException",
                             "does not match");  // the clock is right now: it is the key
  EXPECT_EQ(kind(json("DescribeSecret")), "credentials_invalid");
}

TEST_F(CallerTest, TheClockIsCorrectedOnceForACall) {
  VirtualClock server(bench.context, fakes::bench_start + 90 * 24h);
  bench.transport.date_by(&server);
  bench.transport.xml_error(400, "RequestExpired").xml_error(400, "RequestExpired");
  EXPECT_EQ(kind(query("ListUsers")), "clock_skew");
  EXPECT_EQ(bench.transport.sent.size(), 2u);
}

TEST_F(CallerTest, AClockThatJumpsLaterIsCorrectedAgain) {
  VirtualClock server(bench.context, fakes::bench_start);
  bench.transport.date_by(&server);
  bench.transport.reply(200, "<x/>");
  ASSERT_TRUE(call(query("ListUsers")));
  EXPECT_EQ(bench.shifted.offset(), 0ms);
  server.advance(10 * 24h);
  bench.transport.xml_error(403, "SignatureDoesNotMatch", "Signature expired: x").reply(200, "<x/>");
  ASSERT_TRUE(call(query("ListUsers")));
  EXPECT_EQ(bench.shifted.now(), server.now());
}

TEST_F(CallerTest, CallsSignedBeforeTheCorrectionAreSignedAgainToo) {
  VirtualClock server(bench.context, fakes::bench_start + 90 * 24h);
  bench.transport.date_by(&server);
  bench.transport.take(1s);
  // Two calls at once; both were signed by the wrong clock, and the second one's refusal comes after the first
  // corrected it.
  for (int i = 0; i < 2; ++i) bench.transport.json_error(400, "InvalidSignatureException", "does not match");
  for (int i = 0; i < 2; ++i) bench.transport.reply(200, "{}");
  int succeeded = 0;
  int running = 2;
  for (int i = 0; i < 2; ++i) {
    boost::asio::co_spawn(bench.context, bench.caller.call(bench.principal(), json("DescribeSecret")),
                          [&](std::exception_ptr, Result<HttpResponse> reply) {
                            succeeded += reply ? 1 : 0;
                            --running;
                          });
  }
  EXPECT_TRUE(bench.clock.run([&] { return running > 0; }));
  EXPECT_EQ(succeeded, 2);
}

TEST_F(CallerTest, APageFromSomethingInBetweenDoesNotSetTheClock) {
  bench.transport.reply(503, "<html>", {{"Date", "Thu, 01 Jan 2099 00:00:00 GMT"}}).reply(200, "<x/>");
  ASSERT_TRUE(call(query("ListUsers")));
  EXPECT_EQ(bench.shifted.offset(), 0ms);
}

TEST_F(CallerTest, ADateWithinItsOwnNoiseChangesNothing) {
  bench.transport.reply(200, "<x/>", {{"Date", fakes::http_date(fakes::bench_start + 2s)}});
  ASSERT_TRUE(call(query("ListUsers")));
  EXPECT_EQ(bench.shifted.offset(), 0ms);
  EXPECT_EQ(bench.logged.find("local clock"), std::string::npos);
}

TEST_F(CallerTest, ExpiredCredentialsAreRefreshedOnce) {
  bench.transport.xml_error(403, "ExpiredToken").reply(200, "<x/>");
  ASSERT_TRUE(call(query("ListUsers")));
  EXPECT_EQ(bench.provider->invalidated, 1);
  EXPECT_NE(bench.transport.sent.at(1).header("Authorization").find("AKIABENCH0000000000B"), std::string::npos);

  bench.transport.xml_error(403, "ExpiredToken").xml_error(403, "ExpiredToken");
  EXPECT_EQ(kind(query("ListUsers")), "credentials_expired");
  EXPECT_EQ(bench.provider->invalidated, 2);
}

TEST_F(CallerTest, AProviderThatFailsIsNotAskedAgain) {
  struct Broken final : CredentialsProvider {
    ResultTask<SharedCredentials> get() override {
      ++asked;
      co_return fail(Error{ErrorKind::throttled, "slow down", "Throttling", "sts:AssumeRole", "r"});
    }
    std::string describe() const override { return "broken"; }
    int asked = 0;
  };
  const auto broken = std::make_shared<Broken>();
  const auto reply = bench.run(bench.caller.call({broken, Region("eu-west-1"), AccountId("1")}, query("ListUsers")));
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().kind, ErrorKind::throttled);
  EXPECT_EQ(reply.error().operation, "sts:AssumeRole");
  EXPECT_EQ(broken->asked, 1);
}

TEST_F(CallerTest, NoSecretReachesErrorsOrLogs) {
  const std::string hidden = "s3cr3tAccessKeyThatMustNotBeSeen/0000+abc";
  Call put = json("PutSecretValue", Idempotent::yes);
  put.body = WipedString((R"({"SecretString":")" + hidden + "\"}").c_str());
  put.secret_text = WipedString(hidden.c_str());
  bench.transport.json_error(400, "ValidationException", "Value '" + hidden + "' at 'secretString' failed");
  const auto refused = call(std::move(put));
  ASSERT_FALSE(refused);
  EXPECT_EQ(describe(refused.error()).find(hidden), std::string::npos);
  EXPECT_NE(refused.error().message.find("[withheld]"), std::string::npos);
  EXPECT_EQ(bench.logged.find(hidden), std::string::npos);
  EXPECT_EQ(bench.logged.find(std::string(fakes::bench_secret)), std::string::npos);
  EXPECT_NE(bench.logged.find("secretsmanager:PutSecretValue"), std::string::npos) << "the attempt is logged";
}

TEST_F(CallerTest, AWrongEndpointIsAUsageErrorAndNothingIsSent) {
  const auto reply = bench.run(bench.caller.call({bench.provider, Region(), AccountId()}, json("ListSecrets")));
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().kind, ErrorKind::usage);
  EXPECT_EQ(reply.error().operation, "secretsmanager:ListSecrets");
}

}  // namespace
}  // namespace rekeyer::aws
