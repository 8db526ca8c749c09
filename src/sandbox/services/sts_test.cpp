// STS's operations: one answer for every way to be kept out of a role, limits on sessions, sessions that are forgotten.
#include <fmt/format.h>

#include "sandbox/services/operation_fixture.hpp"
#include "sandbox/wire/reply.hpp"

namespace rekeyer::sandbox {
namespace {

using boost::json::value;

class SandboxStsTest : public OperationTest {
 protected:
  SandboxStsTest() : OperationTest(sts_operations()) {
    asked.service = "sts";
    world.account(management);
    world.account(member);
    role("rekeyer-member", trust("arn:aws:iam::100000000000:root"));
  }

  static std::string trust(std::string_view principal, std::string_view condition = "") {
    return fmt::format(
        R"({{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"AWS":"{}"}},"Action":"sts:AssumeRole"{}}}]}})",
        principal, condition);
  }
  Role& role(const std::string& name, std::string policy) {
    Role made;
    made.name = RoleName(name);
    made.id = "AROAEXAMPLE";
    made.trust = std::move(policy);
    return world.account(member).iam.roles[folded(name)] = made;
  }
  /// AssumeRole of the member's role, with more members of the input.
  value assume(std::string_view more = "", std::string_view name = "rekeyer-member") {
    return call(
        "AssumeRole",
        fmt::format(R"({{"RoleArn":"arn:aws:iam::200000000000:role/{}","RoleSessionName":"run-1"{}}})", name, more));
  }
  std::string refused(std::string_view more = "", std::string_view name = "rekeyer-member") {
    return assume(more, name).is_null() ? refusal.code : "accepted";
  }
  const Session& last() const { return world.sessions.at(opened); }
  void open() {
    const value output = assume();
    ASSERT_FALSE(output.is_null()) << refusal.message;
    opened = output.at("Credentials").at("AccessKeyId").as_string();
  }

  const AccountId member{"200000000000"};
  std::string opened;
};

TEST_F(SandboxStsTest, ASessionHasTheRolesNameAndEndsAfterAnHour) {
  const value output = assume();
  ASSERT_FALSE(output.is_null()) << refusal.message;
  EXPECT_EQ(output.at("AssumedRoleUser").at("Arn"), "arn:aws:sts::200000000000:assumed-role/rekeyer-member/run-1");
  EXPECT_EQ(output.at("AssumedRoleUser").at("AssumedRoleId"), "AROAEXAMPLE:run-1");
  EXPECT_EQ(output.at("Credentials").at("Expiration"), "2026-03-01T13:00:00Z");
  const Session& session = world.sessions.at(std::string(output.at("Credentials").at("AccessKeyId").as_string()));
  EXPECT_TRUE(session.id.str().starts_with("ASIA"));
  EXPECT_EQ(session.account, member);
  EXPECT_EQ(session.role.str(), "rekeyer-member");
  EXPECT_EQ(session.name, "run-1");
  EXPECT_FALSE(session.chained);
  EXPECT_EQ(session.expires, now + std::chrono::hours(1));
  EXPECT_EQ(text(output.at("Credentials").at("SecretAccessKey")), session.secret);
  EXPECT_EQ(text(output.at("Credentials").at("SessionToken")), session.token);
}

TEST_F(SandboxStsTest, EveryWayToBeKeptOutLooksTheSame) {
  role("guarded",
       trust("arn:aws:iam::100000000000:root", R"(,"Condition":{"StringEquals":{"sts:ExternalId":"orchid"}})"));
  role("foreign", trust("arn:aws:iam::300000000000:root"));
  EXPECT_FALSE(assume(R"(,"ExternalId":"orchid")", "guarded").is_null()) << refusal.message;

  const auto denied_as = [&](std::string_view name, std::string_view more = "") {
    EXPECT_EQ(refused(more, name), "AccessDenied") << name;
    EXPECT_EQ(refusal.status, 403);
    std::string message = refusal.message;
    if (const std::size_t at = message.find(name); at != std::string::npos) message.replace(at, name.size(), "ROLE");
    return message;
  };
  const std::string missing = denied_as("missing");
  EXPECT_TRUE(
      missing.starts_with("User: arn:aws:iam::100000000000:user/ops is not authorized to perform: "
                          "sts:AssumeRole on resource: arn:aws:iam::200000000000:role/ROLE"))
      << missing;
  EXPECT_EQ(denied_as("foreign"), missing);
  EXPECT_EQ(denied_as("guarded"), missing);
  EXPECT_EQ(denied_as("guarded", R"(,"ExternalId":"lily")"), missing);
  EXPECT_EQ(denied_as("path/rekeyer-member"), missing);
  world.account(member).state = "SUSPENDED";
  EXPECT_EQ(denied_as("rekeyer-member"), missing);
  world.accounts.erase(member);
  EXPECT_EQ(denied_as("rekeyer-member"), missing);
  EXPECT_EQ(world.sessions.size(), 1u);
}

TEST_F(SandboxStsTest, TheAdministratorEntersEveryRoleThatExists) {
  role("foreign", trust("arn:aws:iam::300000000000:root"));
  caller.kind = PrincipalKind::administrator;
  EXPECT_EQ(refused("", "foreign"), "accepted");
  EXPECT_EQ(refused("", "missing"), "AccessDenied");
}

TEST_F(SandboxStsTest, ARootUserEntersNoRole) {
  caller.kind = PrincipalKind::administrator;
  caller.identity_arn = Arn("arn:aws:iam::200000000000:root");
  EXPECT_EQ(refused(), "AccessDenied");
  EXPECT_EQ(refusal.message, "Roles may not be assumed by root accounts.");
}

TEST_F(SandboxStsTest, DurationsAreRefusedNotShortened) {
  EXPECT_EQ(refused(R"(,"DurationSeconds":"899")"), "ValidationError");
  EXPECT_EQ(refused(R"(,"DurationSeconds":"900")"), "accepted");
  EXPECT_EQ(refused(R"(,"DurationSeconds":"3601")"), "ValidationError");
  EXPECT_EQ(refused(R"(,"DurationSeconds":"soon")"), "MalformedInput");
  role("long", trust("arn:aws:iam::100000000000:root")).max_session = 43200;
  EXPECT_EQ(refused(R"(,"DurationSeconds":"43200")", "long"), "accepted");
  EXPECT_EQ(refused(R"(,"DurationSeconds":"43201")", "long"), "ValidationError");
}

TEST_F(SandboxStsTest, AChainedSessionLastsAnHourAtMost) {
  role("long", trust("arn:aws:iam::100000000000:root")).max_session = 43200;
  caller.kind = PrincipalKind::role;
  caller.role = RoleName("runner");
  caller.session = true;
  EXPECT_EQ(refused(R"(,"DurationSeconds":"7200")", "long"), "ValidationError");
  const value output = assume(R"(,"DurationSeconds":"3600")", "long");
  ASSERT_FALSE(output.is_null()) << refusal.message;
  EXPECT_TRUE(world.sessions.at(std::string(output.at("Credentials").at("AccessKeyId").as_string())).chained);
}

TEST_F(SandboxStsTest, NamesOfSessionsAndRolesAreChecked) {
  const auto named = [&](std::string_view name) {
    return outcome("AssumeRole", fmt::format(R"({{"RoleArn":"arn:aws:iam::200000000000:role/rekeyer-member",
                                                  "RoleSessionName":"{}"}})",
                                             name));
  };
  EXPECT_EQ(named("a"), "ValidationError");
  EXPECT_EQ(named("a b"), "ValidationError");
  EXPECT_EQ(named("ann/bob"), "ValidationError");
  EXPECT_EQ(named(std::string(65, 'a')), "ValidationError");
  EXPECT_NE(named("Ann_=,.@+-1"), "ValidationError");
  for (const std::string_view arn :
       {"", "rekeyer-member", "arn:aws:iam::2:role/x", "arn:aws-cn:iam::200000000000:role/x",
        "arn:aws:iam::200000000000:user/x", "arn:aws:iam::200000000000:role/"}) {
    EXPECT_EQ(outcome("AssumeRole", fmt::format(R"({{"RoleArn":"{}","RoleSessionName":"run"}})", arn)),
              "ValidationError")
        << arn;
  }
}

TEST_F(SandboxStsTest, ASessionPolicyIsKeptAndMustBeOne) {
  const value output = assume(
      R"(,"Policy":"{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"iam:Get*\",\"Resource\":\"*\"}}",
         "Tags":[{"Key":"team","Value":"a"}])");
  ASSERT_FALSE(output.is_null()) << refusal.message;
  const Session& session = world.sessions.at(std::string(output.at("Credentials").at("AccessKeyId").as_string()));
  EXPECT_TRUE(session.policy.contains(R"("Action":"iam:Get*")")) << session.policy;
  EXPECT_EQ(session.tags.at("team"), "a");
  EXPECT_TRUE(output.as_object().contains("PackedPolicySize"));
  EXPECT_EQ(refused(R"(,"Policy":"{")"), "MalformedPolicyDocument");
  EXPECT_EQ(refused(R"(,"Policy":"{\"a\":1}")"), "MalformedPolicyDocument");
  EXPECT_EQ(refused(fmt::format(R"(,"Policy":"{}")", std::string(2049, ' '))), "PackedPolicyTooLarge");
  EXPECT_EQ(refused(R"(,"Tags":[{"Key":"a","Value":"1"},{"Key":"a","Value":"2"}])"), "InvalidParameterValue");
  EXPECT_EQ(refused(R"(,"PolicyArns":[{"arn":"arn:aws:iam::200000000000:policy/none"}])"), "ValidationError");
}

TEST_F(SandboxStsTest, SeveralSessionPoliciesBecomeOne) {
  auto& managed = world.account(member).iam.policies["arn:aws:iam::200000000000:policy/more"];
  managed.document = R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:List*","Resource":"*"}]})";
  const value output = assume(
      R"(,"PolicyArns":[{"arn":"arn:aws:iam::200000000000:policy/more"}],
         "Policy":"{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"iam:Get*\",\"Resource\":\"*\"}]}")");
  ASSERT_FALSE(output.is_null()) << refusal.message;
  const Session& session = world.sessions.at(std::string(output.at("Credentials").at("AccessKeyId").as_string()));
  EXPECT_EQ(boost::json::parse(session.policy).at("Statement").as_array().size(), 2u);
}

TEST_F(SandboxStsTest, SessionsAreRememberedForAWhileAfterTheirEndAndThenForgotten) {
  open();
  now = last().expires + std::chrono::hours(5);
  const std::string first = opened;
  open();
  EXPECT_TRUE(world.sessions.contains(first)) << "a session that has just ended is expired, not unknown";
  now += std::chrono::hours(2);
  open();
  EXPECT_FALSE(world.sessions.contains(first));
  EXPECT_EQ(world.sessions.size(), 2u);
}

TEST_F(SandboxStsTest, AYearOfSessionsDoesNotGrow) {
  for (int hour = 0; hour < 365 * 24; ++hour, now += std::chrono::hours(1)) open();
  EXPECT_LE(world.sessions.size(), 8u);
}

TEST_F(SandboxStsTest, AWebIdentityNeedsARoleThatTrustsOneOrATokenOfTheSandbox) {
  role("pod", R"({"Statement":{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::200000000000:oidc-provider/x"},
                  "Action":"sts:AssumeRoleWithWebIdentity"}})");
  caller = Principal{};
  const auto with = [&](std::string_view name, std::string_view token) {
    return call("AssumeRoleWithWebIdentity",
                fmt::format(R"({{"RoleArn":"arn:aws:iam::200000000000:role/{}","RoleSessionName":"pod",
                                 "WebIdentityToken":"{}"}})",
                            name, token));
  };
  const value output = with("pod", "eyJhbGciOi");
  ASSERT_FALSE(output.is_null()) << refusal.message;
  EXPECT_EQ(output.at("AssumedRoleUser").at("Arn"), "arn:aws:sts::200000000000:assumed-role/pod/pod");
  EXPECT_FALSE(with("rekeyer-member", "sandbox-web-identity-1").is_null());
  EXPECT_TRUE(with("rekeyer-member", "eyJhbGciOi").is_null());
  EXPECT_EQ(refusal.code, "AccessDenied");
  EXPECT_TRUE(with("missing", "sandbox-web-identity-1").is_null());
  EXPECT_EQ(refusal.code, "AccessDenied");
  EXPECT_TRUE(with("pod", "").is_null());
  EXPECT_EQ(refusal.code, "InvalidIdentityToken");
}

TEST_F(SandboxStsTest, AUserOpensASessionOfItsOwn) {
  const value output = call("GetSessionToken");
  ASSERT_FALSE(output.is_null()) << refusal.message;
  EXPECT_EQ(output.at("Credentials").at("Expiration"), "2026-03-02T00:00:00Z");
  const Session& session = world.sessions.at(std::string(output.at("Credentials").at("AccessKeyId").as_string()));
  EXPECT_EQ(session.user.str(), "ops");
  EXPECT_TRUE(session.role.empty());
  caller.session = true;
  EXPECT_EQ(outcome("GetSessionToken"), "AccessDenied");
}

TEST_F(SandboxStsTest, AUserVouchesForSomebody) {
  caller.identity_id = "AIDAOPS";
  const value output = call("GetFederationToken", R"({"Name":"guest","DurationSeconds":900,
      "Policy":"{\"Statement\":[]}","Tags":[{"Key":"team","Value":"core"}]})");
  ASSERT_FALSE(output.is_null()) << refusal.message;
  EXPECT_EQ(output.at("FederatedUser").at("FederatedUserId"), "100000000000:guest");
  EXPECT_EQ(output.at("FederatedUser").at("Arn"), "arn:aws:sts::100000000000:federated-user/guest");
  EXPECT_EQ(output.at("Credentials").at("Expiration"), "2026-03-01T12:15:00Z");
  EXPECT_TRUE(output.as_object().contains("PackedPolicySize"));
  const Session& session = world.sessions.at(std::string(output.at("Credentials").at("AccessKeyId").as_string()));
  EXPECT_EQ(session.federated, "guest");
  EXPECT_EQ(session.owner_id, "AIDAOPS");
  EXPECT_EQ(session.issued, now);
  EXPECT_EQ(session.tags, (Tags{{"team", "core"}}));
  EXPECT_TRUE(call("GetFederationToken", R"({"Name":"x"})").is_null());
  EXPECT_EQ(refusal.code, "ValidationError");
  EXPECT_TRUE(call("GetFederationToken", fmt::format(R"({{"Name":"{}"}})", std::string(33, 'x'))).is_null());
  EXPECT_TRUE(call("GetFederationToken", R"({"Name":"two words"})").is_null());
  EXPECT_TRUE(call("GetFederationToken", R"({"Name":"guest","DurationSeconds":899})").is_null());
  EXPECT_EQ(outcome("GetFederationToken", R"({"Name":"guest","Policy":"{"})"), "MalformedPolicyDocument");
  caller.session = true;
  EXPECT_EQ(outcome("GetFederationToken", R"({"Name":"guest"})"), "AccessDenied");
}

TEST_F(SandboxStsTest, CallersAndKeysAreNamed) {
  EXPECT_EQ(outcome("GetCallerIdentity"),
            R"({"UserId":"AIDAOPS","Account":"100000000000","Arn":"arn:aws:iam::100000000000:user/ops"})");
  world.account(member).iam.users["ann"].name = UserName("ann");
  AccessKey key;
  key.id = AccessKeyId("AKIAAAAAAAAAAAAAAAAA");
  key.active = false;
  world.add_key(member, UserName("ann"), key);
  EXPECT_EQ(outcome("GetAccessKeyInfo", R"({"AccessKeyId":"AKIAAAAAAAAAAAAAAAAA"})"), R"({"Account":"200000000000"})");
  open();
  EXPECT_EQ(outcome("GetAccessKeyInfo", fmt::format(R"({{"AccessKeyId":"{}"}})", opened)),
            R"({"Account":"200000000000"})");
  EXPECT_EQ(outcome("GetAccessKeyInfo", fmt::format(R"({{"AccessKeyId":"{}"}})", administrator_key(member))),
            R"({"Account":"200000000000"})");
  EXPECT_EQ(outcome("GetAccessKeyInfo", R"({"AccessKeyId":"AKIABBBBBBBBBBBBBBBB"})"), "ValidationError");
}

}  // namespace
}  // namespace rekeyer::sandbox
