#include "aws/auth/container_provider.hpp"

#include <gtest/gtest.h>

#include "fakes/call_bench.hpp"
#include "fakes/temporary_folder.hpp"

namespace rekeyer::aws {
namespace {

using Variables = std::map<std::string, std::string, std::less<>>;

const std::string answer =
    R"({"AccessKeyId":"ASIA1","SecretAccessKey":"topsecret","Token":"token","Expiration":"2026-03-01T06:00:00Z"})";

class ContainerProviderTest : public testing::Test {
 protected:
  Result<SharedCredentials> get(Variables variables) {
    ContainerProvider provider(Environment::of(std::move(variables)), bench.transport, bench.clock);
    return bench.run(provider.get());
  }
  std::string problem(Variables variables) {
    const auto result = get(std::move(variables));
    EXPECT_FALSE(result);
    if (result) return "no problem";
    EXPECT_EQ(result.error().message.find("topsecret"), std::string::npos);
    return result.error().message;
  }
  fakes::CallBench bench;
};

constexpr auto relative = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
constexpr auto full = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
constexpr auto token = "AWS_CONTAINER_AUTHORIZATION_TOKEN";
constexpr auto token_file = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";

TEST_F(ContainerProviderTest, RelativeAddressComesFirstAndGoesPastTheProxy) {
  bench.transport.then([&](const HttpRequest& request) {
    EXPECT_FALSE(request.use_proxy);
    EXPECT_EQ(request.timeout, std::chrono::seconds{2});
    return bench.transport.response(200, answer, {});
  });
  const auto credentials =
      get({{relative, "/v2/credentials/1"}, {full, "http://localhost/other"}, {token, "Basic abc"}});
  ASSERT_TRUE(credentials) << credentials.error().message;
  EXPECT_EQ((*credentials)->secret.reveal(), "topsecret");
  EXPECT_EQ((*credentials)->session_token.reveal(), "token");
  EXPECT_EQ((*credentials)->expiration, parse_iso8601("2026-03-01T06:00:00Z"));
  const auto& sent = bench.transport.sent.at(0);
  EXPECT_EQ(sent.method + " " + sent.url, "GET http://169.254.170.2/v2/credentials/1");
  EXPECT_EQ(sent.header("Authorization"), "Basic abc");
  EXPECT_EQ(sent.header("Host"), "169.254.170.2");
}

TEST_F(ContainerProviderTest, PlainHttpIsForThisMachineOnly) {
  for (const auto* host :
       {"localhost:1", "127.0.0.1", "127.9.8.7:80", "169.254.170.2", "169.254.170.23", "[::1]:9", "[fd00:ec2::23]"}) {
    bench.transport.reply(200, answer);
    EXPECT_TRUE(get({{full, fmt::format("http://{}/c", host)}})) << host;
  }
  for (const auto* host : {"example.com", "127.0.0.1.example.com", "127.example.com", "169.254.169.254", "10.0.0.1"}) {
    EXPECT_NE(problem({{full, fmt::format("http://{}/c", host)}}).find("over https only"), std::string::npos) << host;
  }
  bench.transport.reply(200, answer);
  EXPECT_TRUE(get({{full, "https://example.com/c"}}));
}

TEST_F(ContainerProviderTest, ARelativeAddressCanNotNameAnotherHost) {
  for (const auto* path : {"@example.com/x", ".example.com/", ":80@example.com/", "x"}) {
    EXPECT_NE(problem({{relative, path}}).find("must be a path"), std::string::npos) << path;
  }
  EXPECT_NE(problem({{relative, "/a\r\nX: y"}}).find("line break"), std::string::npos);
  EXPECT_TRUE(bench.transport.sent.empty());
}

TEST_F(ContainerProviderTest, TokenFileComesFirstAndIsReadAnewEachTime) {
  const fakes::TemporaryFolder folder;
  const auto path = folder.write("token", "first\n");
  ContainerProvider provider(
      Environment::of({{full, "http://localhost/"}, {token, "unused"}, {token_file, path.string()}}), bench.transport,
      bench.clock);
  bench.transport.reply(200, answer).reply(200, answer);
  EXPECT_TRUE(bench.run(provider.get()));
  folder.write("token", "second");
  EXPECT_TRUE(bench.run(provider.get()));
  EXPECT_EQ(bench.transport.sent.at(0).header("Authorization"), "first");
  EXPECT_EQ(bench.transport.sent.at(1).header("Authorization"), "second");
}

TEST_F(ContainerProviderTest, BrokenTokensAreRefusedUnseen) {
  const fakes::TemporaryFolder folder;
  const auto path = folder.write("token", "topsecret\r\nX-Evil: 1\n").string();
  EXPECT_NE(problem({{full, "http://localhost/"}, {token_file, path}}).find("line break inside"), std::string::npos);
  EXPECT_NE(problem({{full, "http://localhost/"}, {token, "topsecret\nX: 1"}}).find("holds a line break"),
            std::string::npos);
  EXPECT_NE(problem({{full, "http://localhost/"}, {token_file, folder.str() + "/gone"}}).find("gone"),
            std::string::npos);
  EXPECT_TRUE(bench.transport.sent.empty());
}

TEST_F(ContainerProviderTest, PassingFailuresAreTriedThreeTimes) {
  bench.transport.lost().reply(500, "").reply(200, answer);
  EXPECT_TRUE(get({{relative, "/x"}}));
  bench.transport.not_sent().not_sent().not_sent();
  EXPECT_NE(problem({{relative, "/x"}}).find("container credentials"), std::string::npos);
  EXPECT_EQ(bench.transport.sent.size(), 6U);
}

TEST_F(ContainerProviderTest, ARefusalIsNotRepeated) {
  bench.transport.reply(403, R"({"code":"AccessDenied","message":"not you"})");
  const auto result = get({{relative, "/x"}});
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::access_denied);
  EXPECT_EQ(result.error().message,
            "container credentials: the agent answered 403: not you; look at "
            "AWS_CONTAINER_AUTHORIZATION_TOKEN and AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
  EXPECT_EQ(result.error().code, "AccessDenied");
}

TEST_F(ContainerProviderTest, ARefusalWithoutWordsIsToldByItsStatusOnce) {
  bench.transport.reply(401, "");
  EXPECT_EQ(describe(get({{relative, "/x"}}).error()),
            "container credentials: the agent answered 401; look at AWS_CONTAINER_AUTHORIZATION_TOKEN and "
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
  bench.transport.reply(404, "<html>");
  EXPECT_EQ(describe(get({{relative, "/x"}}).error()), "container credentials: the agent answered 404");
}

TEST_F(ContainerProviderTest, IncompleteAnswersAreRefused) {
  for (const auto* body :
       {"", "{}", R"({"AccessKeyId":"A","SecretAccessKey":"topsecret","Expiration":"2026-03-01T06:00:00Z"})",
        R"({"AccessKeyId":"A","SecretAccessKey":"topsecret","Token":"t"})"}) {
    bench.transport.reply(200, body);
    EXPECT_TRUE(problem({{relative, "/x"}}).starts_with("container credentials: ")) << body;
  }
}

}  // namespace
}  // namespace rekeyer::aws
