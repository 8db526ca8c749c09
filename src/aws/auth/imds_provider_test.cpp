#include "aws/auth/imds_provider.hpp"

#include <gtest/gtest.h>

#include "fakes/call_bench.hpp"

namespace rekeyer::aws {
namespace {

using namespace std::chrono_literals;
using Variables = std::map<std::string, std::string, std::less<>>;

std::string document(std::string_view id, std::string_view expiration) {
  return fmt::format(
      R"({{"Code":"Success","AccessKeyId":"{}","SecretAccessKey":"topsecret","Token":"t","Expiration":"{}"}})", id,
      expiration);
}

class ImdsProviderTest : public testing::Test {
 protected:
  /// A provider with these variables; `get` asks it.
  void set_up(Variables variables = {}) {
    auto settings = read_imds_settings(Environment::of(std::move(variables)), nullptr);
    ASSERT_TRUE(settings) << settings.error().message;
    provider.emplace(*std::move(settings), bench.transport, bench.clock);
  }
  std::string get() {
    if (!provider) set_up();
    const auto result = bench.run(provider->get());
    if (result) return fmt::format("{} until {}", (*result)->id, iso8601((*result)->expiration.value()));
    EXPECT_EQ(result.error().message.find("topsecret"), std::string::npos);
    return fmt::format("{}: {}", name(result.error().kind), result.error().message);
  }
  std::string trail() const {
    std::string text;
    for (const auto& sent : bench.transport.sent) {
      text += fmt::format("{} {} {}\n", sent.method, sent.url, sent.header("x-aws-ec2-metadata-token"));
    }
    return text;
  }
  fakes::CallBench bench;
  std::optional<ImdsProvider> provider;
};

TEST_F(ImdsProviderTest, VersionTwoAndItsTokenIsKept) {
  bench.transport.reply(200, "T1").reply(200, "my role\nother\n").reply(200, document("A", "2026-03-01T06:00:00Z"));
  EXPECT_EQ(get(), "A until 2026-03-01T06:00:00Z");
  EXPECT_EQ(bench.transport.sent.at(0).header("x-aws-ec2-metadata-token-ttl-seconds"), "21600");
  bench.transport.reply(200, "my role").reply(200, document("B", "2026-03-01T06:00:00Z"));
  EXPECT_EQ(get(), "B until 2026-03-01T06:00:00Z");
  EXPECT_EQ(trail(),
            "PUT http://169.254.169.254/latest/api/token \n"
            "GET http://169.254.169.254/latest/meta-data/iam/security-credentials/ T1\n"
            "GET http://169.254.169.254/latest/meta-data/iam/security-credentials/my%20role T1\n"
            "GET http://169.254.169.254/latest/meta-data/iam/security-credentials/ T1\n"
            "GET http://169.254.169.254/latest/meta-data/iam/security-credentials/my%20role T1\n");
}

TEST_F(ImdsProviderTest, TheTokenIsRenewedWhenItsTimeIsOverOrTheServiceForgotIt) {
  bench.transport.reply(200, "T1").reply(200, "r").reply(200, document("A", "2026-03-02T00:00:00Z"));
  get();
  bench.clock.advance(6h);
  bench.transport.reply(200, "T2").reply(401, "").reply(200, "T3").reply(200, "r");
  bench.transport.reply(200, document("B", "2026-03-02T00:00:00Z"));
  EXPECT_EQ(get(), "B until 2026-03-02T00:00:00Z");
  EXPECT_EQ(bench.transport.sent.at(3).method, "PUT");
  EXPECT_EQ(bench.transport.sent.at(7).header("x-aws-ec2-metadata-token"), "T3");
}

TEST_F(ImdsProviderTest, VersionOneWhereVersionTwoIsUnknown) {
  for (const int status : {403, 404, 405}) {
    bench.transport.reply(status, "").reply(200, "r").reply(200, document("A", "2026-03-01T06:00:00Z"));
    EXPECT_EQ(get(), "A until 2026-03-01T06:00:00Z") << status;
  }
  bench.transport.lost().reply(200, "r").reply(200, document("A", "2026-03-01T06:00:00Z"));
  EXPECT_EQ(get(), "A until 2026-03-01T06:00:00Z") << "an answer that died on its way into a container";
  EXPECT_EQ(bench.transport.sent.at(1).header("x-aws-ec2-metadata-token"), "");
}

TEST_F(ImdsProviderTest, VersionOneIsNotUsedWhereItIsSwitchedOff) {
  set_up({{"AWS_EC2_METADATA_V1_DISABLED", "true"}});
  bench.transport.reply(404, "");
  EXPECT_NE(get().find("version 1 is switched off"), std::string::npos);
  EXPECT_EQ(bench.transport.sent.size(), 1U);
}

TEST_F(ImdsProviderTest, ALostTokenIsToldWhereVersionOneIsRefused) {
  bench.transport.lost().reply(401, "");
  const auto text = get();
  EXPECT_TRUE(
      text.starts_with("access_denied: EC2 instance metadata: no version 2 token could be had (nothing came back "
                       "within 1 s), and version 1 is refused (401); in a container"))
      << text;
  EXPECT_NE(text.find("--http-put-response-hop-limit 2"), std::string::npos) << text;
}

TEST_F(ImdsProviderTest, TheHopLimitIsNoCauseWhereTheTokenWasRefused) {
  bench.transport.reply(403, "").reply(401, "");
  EXPECT_EQ(get(),
            "access_denied: EC2 instance metadata: no version 2 token could be had (the service answered 403 to the "
            "request for one), and version 1 is refused (401)");
}

TEST_F(ImdsProviderTest, ARefusedTokenRequestIsNoReasonForVersionOne) {
  bench.transport.reply(400, "");
  EXPECT_NE(get().find("asked for a token, the service answered 400"), std::string::npos);
  bench.transport.not_sent();
  EXPECT_TRUE(get().starts_with("not_sent: ")) << "nobody there: version 1 is not either";
  EXPECT_EQ(bench.transport.sent.size(), 2U);
}

TEST_F(ImdsProviderTest, SwitchedOffMeansNotASingleRequest) {
  set_up({{"AWS_EC2_METADATA_DISABLED", "TRUE"}});
  EXPECT_TRUE(get().starts_with("usage: "));
  EXPECT_TRUE(bench.transport.sent.empty());
}

TEST_F(ImdsProviderTest, EndpointAndMode) {
  const auto url = [](Variables variables) {
    const auto settings = read_imds_settings(Environment::of(std::move(variables)), nullptr);
    return settings ? settings->endpoint.str() : settings.error().message;
  };
  EXPECT_EQ(url({{"AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "IPv6"}}), "http://[fd00:ec2::254]");
  EXPECT_EQ(url({{"AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://localhost:1338/"},
                 {"AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "IPv6"}}),
            "http://localhost:1338");
  EXPECT_NE(url({{"AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "IPv5"}}).find("IPv4 or IPv6, not IPv5"),
            std::string::npos);
  EXPECT_NE(url({{"AWS_EC2_METADATA_SERVICE_ENDPOINT", "nonsense"}}).find("instance metadata endpoint"),
            std::string::npos);
  EXPECT_NE(url({{"AWS_METADATA_SERVICE_TIMEOUT", "soon"}}).find("AWS_METADATA_SERVICE_TIMEOUT"), std::string::npos);
}

TEST_F(ImdsProviderTest, TimeLimitAndAttempts) {
  set_up({{"AWS_METADATA_SERVICE_TIMEOUT", "3"}, {"AWS_METADATA_SERVICE_NUM_ATTEMPTS", "2"}});
  bench.transport.then([](const HttpRequest& request) {
    EXPECT_EQ(request.timeout, 3s);
    EXPECT_FALSE(request.use_proxy);
    return fakes::ScriptedTransport::Answer(fail(ErrorKind::not_sent, "refused"));
  });
  bench.transport.reply(200, "T1").reply(500, "").reply(200, "r").reply(200, document("A", "2026-03-01T06:00:00Z"));
  EXPECT_EQ(get(), "A until 2026-03-01T06:00:00Z");
}

TEST_F(ImdsProviderTest, ALoginPageIsNoAnswer) {
  const std::string page = "<html><title>Sign in</title></html>";
  bench.transport.reply(200, page);
  EXPECT_EQ(
      get(),
      "rejected: EC2 instance metadata: asked for a token, the service answered with something else: a proxy or a "
      "login page?");
  bench.transport.reply(200, "T1").reply(200, page);
  EXPECT_NE(get().find("asked for the role's name, the service answered with something else"), std::string::npos);
}

TEST_F(ImdsProviderTest, ADocumentThatSaysNoIsQuoted) {
  bench.transport.reply(200, "T1").reply(200, "r").reply(
      200, R"({"Code":"AssumeRoleUnauthorizedAccess","Message":"EC2 cannot"})");
  EXPECT_EQ(get(), "rejected: EC2 instance metadata: AssumeRoleUnauthorizedAccess: EC2 cannot");
}

TEST_F(ImdsProviderTest, AnInstanceWithoutARole) {
  bench.transport.reply(200, "T1").reply(404, "");
  EXPECT_EQ(get(), "not_found: EC2 instance metadata: the instance has no role");
  bench.transport.reply(200, "\n");
  EXPECT_EQ(get(), "not_found: EC2 instance metadata: the instance has no role");
}

TEST_F(ImdsProviderTest, WhileTheServiceIsDownTheOldCredentialsGoOn) {
  bench.transport.reply(200, "T1").reply(200, "r").reply(200, document("A", "2026-03-01T01:00:00Z"));
  EXPECT_EQ(get(), "A until 2026-03-01T01:00:00Z");
  bench.clock.advance(2h);
  bench.transport.reply(500, "");
  EXPECT_EQ(get(), "A until 2026-03-01T02:15:00Z");
  bench.transport.reply(200, "r").reply(200, document("A", "2026-03-01T01:00:00Z"));
  EXPECT_EQ(get(), "A until 2026-03-01T02:15:00Z") << "the service itself has no newer ones";
  bench.transport.reply(200, "r").reply(200, document("B", "2026-03-01T08:00:00Z"));
  EXPECT_EQ(get(), "B until 2026-03-01T08:00:00Z");
  EXPECT_EQ(bench.logged.find("topsecret"), std::string::npos);
}

}  // namespace
}  // namespace rekeyer::aws
