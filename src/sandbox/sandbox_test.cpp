#include "sandbox/sandbox.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include "sandbox/services/service.hpp"

namespace rekeyer::sandbox {
namespace {

const AccountId account("111111111111");
const Instant now{Milliseconds(1'767'323'045'000)};  // 2026-01-02T03:04:05Z
constexpr std::string_view create_ann = "Action=CreateUser&Version=2010-05-08&UserName=ann";
constexpr std::string_view list_users = "Action=ListUsers&Version=2010-05-08";
constexpr std::string_view who_am_i = "Action=GetCallerIdentity&Version=2011-06-15";

std::string text(const WipedString& body) { return {body.data(), body.size()}; }

/// A sandbox with one account, in which a user's key may do everything. Signatures are another test's business.
class SandboxTest : public testing::Test {
 protected:
  SandboxTest() {
    sandbox.behaviour.verify_signatures = false;
    sandbox.behaviour.strict_auth = false;
    User user;
    user.name = UserName("caller");
    user.id = "AIDACALLER";
    sandbox.world.account(account).iam.users["caller"] = user;
    AccessKey access_key;
    access_key.id = key;
    access_key.secret = "s";
    sandbox.world.add_key(account, user.name, access_key);
    sandbox.after_each_call = [this](const LoggedCall& call) { told.push_back(call); };
  }

  static aws::HttpRequest request(std::string_view body, std::string_view service, const AccessKeyId& signer) {
    aws::HttpRequest result;
    result.method = "POST";
    result.body = WipedString(body);
    result.headers.add("Host", "localhost");
    result.headers.add("X-Amz-Date", "20260102T030405Z");
    result.headers.add("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
    result.headers.add("Authorization", "AWS4-HMAC-SHA256 Credential=" + signer.str() + "/20260102/us-east-1/" +
                                            std::string(service) +
                                            "/aws4_request, SignedHeaders=host;x-amz-date, Signature=ab12");
    return result;
  }

  Answer send(std::string_view body, std::string_view service = "iam") {
    return sandbox.answer(request(body, service, key), now);
  }

  Answer send_json(std::string_view target, std::string_view body, std::string_view service) {
    auto sent = request(body, service, key);
    sent.headers.set("Content-Type", "application/x-amz-json-1.1");
    sent.headers.add("X-Amz-Target", target);
    return sandbox.answer(sent, now);
  }

  void order(FaultKind kind, bool after = false) {
    FaultRule rule;
    rule.kind = kind;
    rule.after = after;
    rule.wait = Milliseconds(kind == FaultKind::delay || kind == FaultKind::hang ? 7 : 0);
    sandbox.faults.add(rule);
  }

  bool ann_exists() { return sandbox.world.find_user(account, UserName("ann")) != nullptr; }
  const LoggedCall& last() { return sandbox.calls.entries().back(); }

  const AccessKeyId key{"AKIACALLERCALLER0001"};
  Sandbox sandbox;
  std::vector<LoggedCall> told;
};

TEST_F(SandboxTest, PerformsACallAndLogsWhoMadeIt) {
  const Answer answer = send(create_ann);
  EXPECT_EQ(answer.response.status, 200) << text(answer.response.body);
  EXPECT_TRUE(answer.performed);
  EXPECT_TRUE(ann_exists());
  EXPECT_EQ(answer.response.headers.find("date"), "Fri, 02 Jan 2026 03:04:05 GMT");
  EXPECT_EQ(last().operation, "CreateUser");
  EXPECT_EQ(last().account, account);
  EXPECT_EQ(last().principal, "arn:aws:iam::111111111111:user/caller");
  EXPECT_EQ(last().status, 200);
  EXPECT_TRUE(last().changing);
  EXPECT_FALSE(last().administrator);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].operation, "CreateUser");
}

TEST_F(SandboxTest, CountsItsRequestIds) {
  EXPECT_EQ(send(list_users).response.headers.find("x-amzn-requestid"), "00000000-0000-4000-8000-000000000000");
  EXPECT_EQ(send(list_users).response.headers.find("x-amzn-requestid"), "00000000-0000-4000-8000-000000000001");
}

TEST_F(SandboxTest, RefusesUnknownOperationsAsEachProtocolDoes) {
  const Answer query = send("Action=Fly&Version=2010-05-08");
  EXPECT_EQ(query.response.status, 400);
  EXPECT_NE(text(query.response.body).find("<Code>InvalidAction</Code>"), std::string::npos);
  const Answer json = send_json("secretsmanager.Fly", "{}", "secretsmanager");
  EXPECT_EQ(json.response.status, 400);
  EXPECT_NE(text(json.response.body).find("UnknownOperationException"), std::string::npos);
  EXPECT_EQ(last().code, "UnknownOperationException");
  EXPECT_FALSE(json.performed);
}

TEST_F(SandboxTest, RefusesBodiesThatCantBeRead) {
  EXPECT_EQ(send("Action=ListUsers&a=%").response.status, 400);
  EXPECT_EQ(last().code, "MalformedInput");
  send_json("secretsmanager.ListSecrets", "{", "secretsmanager");
  EXPECT_EQ(last().code, "SerializationException");
}

TEST_F(SandboxTest, RefusesWhoIsNotSigned) {
  aws::HttpRequest unsigned_request;
  unsigned_request.url.path = "/favicon.ico";
  EXPECT_EQ(sandbox.answer(unsigned_request, now).response.status, 403);
  EXPECT_EQ(last().code, "MissingAuthenticationToken");
}

TEST_F(SandboxTest, RefusesAnUnknownKey) {
  const Answer answer = sandbox.answer(request(list_users, "iam", AccessKeyId("AKIANOBODY")), now);
  EXPECT_EQ(answer.response.status, 403);
  EXPECT_EQ(last().code, "InvalidClientTokenId");
  EXPECT_EQ(last().account, AccountId());
}

struct StruckCase {
  FaultKind kind;
  bool after;
  Answer::Ending ending;
  bool performed;
  int status;  ///< as the log shows it
  std::string_view code;
  std::string_view fault;
};

class Struck : public SandboxTest, public testing::WithParamInterface<StruckCase> {};

TEST_P(Struck, EndsAsTheRuleOrders) {
  const StruckCase& wanted = GetParam();
  order(wanted.kind, wanted.after);
  const Answer answer = send(create_ann);
  EXPECT_EQ(answer.ending, wanted.ending);
  EXPECT_EQ(answer.performed, wanted.performed);
  EXPECT_EQ(ann_exists(), wanted.performed);
  EXPECT_EQ(last().status, wanted.status);
  EXPECT_EQ(last().code, wanted.code);
  EXPECT_EQ(last().fault, wanted.fault);
  ASSERT_EQ(told.size(), 1U) << "whoever checks is told of struck calls too";
  EXPECT_EQ(told[0].status, wanted.status);
  EXPECT_EQ(send(list_users).response.status, 200) << "the rule is used up";
}

constexpr auto whole = Answer::Ending::reply;
constexpr auto cut_off = Answer::Ending::cut;
constexpr auto half = Answer::Ending::truncate;

INSTANTIATE_TEST_SUITE_P(
    Kinds, Struck,
    testing::Values(StruckCase{FaultKind::error, false, whole, false, 500, "ServiceFailure", "error before"},
                    StruckCase{FaultKind::error, true, whole, true, 500, "ServiceFailure", "error after"},
                    StruckCase{FaultKind::throttle, false, whole, false, 400, "Throttling", "throttle before"},
                    StruckCase{FaultKind::deny, false, whole, false, 403, "AccessDenied", "deny before"},
                    StruckCase{FaultKind::expired, false, whole, false, 403, "ExpiredToken", "expired before"},
                    StruckCase{FaultKind::html, false, whole, false, 503, "", "html before"},
                    StruckCase{FaultKind::html, true, whole, true, 503, "", "html after"},
                    StruckCase{FaultKind::garbage, false, whole, false, 200, "", "garbage before"},
                    StruckCase{FaultKind::cut, false, cut_off, false, 0, "ConnectionCut", "cut before"},
                    StruckCase{FaultKind::cut, true, cut_off, true, 0, "ConnectionCut", "cut after"},
                    StruckCase{FaultKind::truncate, false, half, true, 0, "ConnectionCut", "truncate after"},
                    StruckCase{FaultKind::delay, false, whole, true, 200, "", "delay before"},
                    StruckCase{FaultKind::hang, false, cut_off, false, 0, "ConnectionCut", "hang before"},
                    StruckCase{FaultKind::hang, true, cut_off, true, 0, "ConnectionCut", "hang after"},
                    StruckCase{FaultKind::signal, false, cut_off, false, 0, "ConnectionCut", "signal before"},
                    StruckCase{FaultKind::signal, true, cut_off, true, 0, "ConnectionCut", "signal after"}));

TEST_F(SandboxTest, WaitsAsLongAsAFaultOrders) {
  order(FaultKind::delay);
  EXPECT_EQ(send(list_users).wait, Milliseconds(7));
  EXPECT_EQ(send(list_users).wait, Milliseconds(0));
}

TEST_F(SandboxTest, ASignalThatMayBeSurvivedLetsTheCallGoOn) {
  FaultRule rule;
  rule.kind = FaultKind::signal;
  rule.signal = 15;
  sandbox.faults.add(rule);
  const Answer answer = send(create_ann);
  EXPECT_EQ(answer.signal, 15);
  EXPECT_TRUE(answer.performed);
  EXPECT_EQ(answer.response.status, 200);
}

TEST_F(SandboxTest, AnErrorFaultSpeaksItsOwnCode) {
  FaultRule rule;
  rule.code = "LimitExceeded";
  rule.status = 409;
  rule.message = "none left";
  sandbox.faults.add(rule);
  const Answer answer = send(list_users);
  EXPECT_EQ(answer.response.status, 409);
  EXPECT_NE(text(answer.response.body).find("<Code>LimitExceeded</Code><Message>none left</Message>"),
            std::string::npos);
}

TEST_F(SandboxTest, FaultsStrikeBeforeCredentialsAreLookedAt) {
  order(FaultKind::html);
  EXPECT_EQ(sandbox.answer(request(list_users, "iam", AccessKeyId("AKIANOBODY")), now).response.status, 503);
}

TEST_F(SandboxTest, AdministratorsAreNeverStruckNorLimited) {
  sandbox.behaviour.rate_limits = true;
  sandbox.behaviour.iam_rate = 1;
  order(FaultKind::cut);
  for (int i = 0; i < 5; ++i) {
    const auto sent = request(list_users, "iam", administrator_key(account));
    EXPECT_EQ(sandbox.answer(sent, now).response.status, 200);
    EXPECT_TRUE(last().administrator);
  }
  auto unseen = request(who_am_i, "sts", key);
  unseen.headers.add("x-sandbox-unseen", "1");
  EXPECT_EQ(sandbox.answer(unseen, now).response.status, 200);
  EXPECT_TRUE(last().administrator);
  EXPECT_EQ(send(list_users).ending, Answer::Ending::cut) << "the fault is still there for others";
}

TEST_F(SandboxTest, ThrottlesBeyondTheDocumentedRates) {
  sandbox.behaviour.rate_limits = true;
  sandbox.behaviour.iam_rate = 2;
  EXPECT_EQ(send(list_users).response.status, 200);
  EXPECT_EQ(send(list_users).response.status, 200);
  const Answer refused = send(create_ann);
  EXPECT_EQ(refused.response.status, 400);
  EXPECT_EQ(last().code, "Throttling");
  EXPECT_FALSE(ann_exists());
  EXPECT_EQ(sandbox.answer(request(list_users, "iam", key), now + std::chrono::seconds(1)).response.status, 200);
}

TEST_F(SandboxTest, DrawsLatencyWithinItsSpread) {
  EXPECT_EQ(sandbox.draw_latency(), Milliseconds(0));
  sandbox.behaviour.latency = Milliseconds(40);
  sandbox.behaviour.latency_spread = Milliseconds(3);
  Milliseconds least{1'000};
  Milliseconds most{0};
  for (int i = 0; i < 200; ++i) {
    const Milliseconds drawn = sandbox.draw_latency();
    least = std::min(least, drawn);
    most = std::max(most, drawn);
  }
  EXPECT_EQ(least, Milliseconds(40));
  EXPECT_EQ(most, Milliseconds(43));
}

TEST(Operations, AreFoundByServiceAndName) {
  ASSERT_NE(find_operation("iam", "ListUsers"), nullptr);
  EXPECT_EQ(find_operation("iam", "ListUsers")->name, "ListUsers");
  EXPECT_EQ(find_operation("sts", "ListUsers"), nullptr);
  EXPECT_EQ(find_operation("iam", "listUsers"), nullptr);
  EXPECT_EQ(find_operation("iam", ""), nullptr);
  EXPECT_EQ(find_operation("", "ListUsers"), nullptr);
}

}  // namespace
}  // namespace rekeyer::sandbox
