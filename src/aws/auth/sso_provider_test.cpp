#include "aws/auth/sso_provider.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "aws/http/json.hpp"
#include "fakes/call_bench.hpp"
#include "fakes/temporary_folder.hpp"

namespace rekeyer::aws {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view config = R"([profile dev]
sso_session = my-sso
sso_account_id = 111122223333
sso_role_name = Read Only
[profile old]
sso_start_url = https://d-1.awsapps.com/start
sso_region = eu-west-1
sso_account_id = 111122223333
sso_role_name = Admin
[sso-session my-sso]
sso_start_url = https://d-1.awsapps.com/start
sso_region = eu-west-1
)";

const std::string role_answer =
    R"({"roleCredentials":{"accessKeyId":"ASIA1","secretAccessKey":"topsecret","sessionToken":"token","expiration":1772348400000}})";

/// The bench's clock starts at 2026-03-01T00:00:00Z.
std::string cached_token(std::string_view expires, bool refreshable = true) {
  return fmt::format(
      R"({{"startUrl":"https://d-1.awsapps.com/start","region":"eu-west-1","accessToken":"access-secret",)"
      R"("expiresAt":"{}"{}}})",
      expires,
      refreshable ? R"(,"refreshToken":"refresh-secret","clientId":"client","clientSecret":"client-secret",)"
                    R"("registrationExpiresAt":"2026-05-01T00:00:00Z","custom":"kept")"
                  : "");
}

class SsoProviderTest : public testing::Test {
 protected:
  Result<SharedCredentials> get(std::string_view profile = "dev", std::string_view text = config) {
    const auto files = parse_profile_file(text, "config", FileKind::config);
    auto settings = read_sso_settings(files.value(), profile);
    if (!settings) return fail(settings.error());
    EXPECT_TRUE(*settings);
    SsoProvider provider(**std::move(settings), folder.path(), {}, bench.transport, bench.clock);
    return bench.run(provider.get());
  }
  Error problem(std::string_view profile = "dev", std::string_view text = config) {
    const auto result = get(profile, text);
    EXPECT_FALSE(result);
    if (result) return {};
    for (const auto* secret : {"topsecret", "access-secret", "refresh-secret", "client-secret"}) {
      EXPECT_EQ(result.error().message.find(secret), std::string::npos);
    }
    return result.error();
  }
  fakes::CallBench bench;
  fakes::TemporaryFolder folder;
};

// sha1 of "my-sso", and of the start URL.
constexpr auto session_file = "0ad374308c5a4e22f723adf10145eafad7c4031c.json";

TEST_F(SsoProviderTest, AsksThePortalWithTheTokenOfTheSession) {
  folder.write(session_file, cached_token("2026-03-01T08:00:00Z"));
  bench.transport.reply(200, role_answer);
  const auto credentials = get();
  ASSERT_TRUE(credentials) << credentials.error().message;
  EXPECT_EQ((*credentials)->id, AccessKeyId{"ASIA1"});
  EXPECT_EQ((*credentials)->secret.reveal(), "topsecret");
  EXPECT_EQ((*credentials)->session_token.reveal(), "token");
  EXPECT_EQ((*credentials)->expiration, parse_iso8601("2026-03-01T07:00:00Z"));
  const auto& sent = bench.transport.sent.at(0);
  EXPECT_EQ(sent.method + " " + sent.url,
            "GET https://portal.sso.eu-west-1.amazonaws.com/federation/credentials"
            "?role_name=Read%20Only&account_id=111122223333");
  EXPECT_EQ(sent.header("x-amz-sso_bearer_token"), "access-secret");
  EXPECT_EQ(sent.header("Authorization"), "");
}

TEST_F(SsoProviderTest, TheOlderFormFindsItsTokenByStartUrl) {
  const auto path = sso_token_path(folder.path(), "https://d-1.awsapps.com/start");
  folder.write(path.filename().string(), cached_token("2026-03-01T00:10:00UTC", false));
  bench.transport.reply(200, role_answer);
  EXPECT_TRUE(get("old"));
}

TEST_F(SsoProviderTest, ATokenNearItsEndIsRenewedAndWrittenBack) {
  folder.write(session_file, cached_token("2026-03-01T00:10:00Z"));
  bench.transport.reply(
      200, R"({"accessToken":"new-access","expiresIn":3600,"refreshToken":"new-refresh","tokenType":"Bearer"})");
  bench.transport.reply(200, role_answer);
  ASSERT_TRUE(get());
  const auto& renewal = bench.transport.sent.at(0);
  EXPECT_EQ(renewal.method + " " + renewal.url, "POST https://oidc.eu-west-1.amazonaws.com/token");
  EXPECT_EQ(
      renewal.body,
      R"({"clientId":"client","clientSecret":"client-secret","grantType":"refresh_token","refreshToken":"refresh-secret"})");
  EXPECT_EQ(bench.transport.sent.at(1).header("x-amz-sso_bearer_token"), "new-access");

  const auto document = JsonValue::parse(folder.read(session_file));
  ASSERT_TRUE(document);
  EXPECT_EQ(document->string("accessToken").value(), "new-access");
  EXPECT_EQ(document->string("expiresAt").value(), "2026-03-01T01:00:00Z");
  EXPECT_EQ(document->string("refreshToken").value(), "new-refresh");
  EXPECT_EQ(document->string("clientSecret").value(), "client-secret");
  EXPECT_EQ(document->string("registrationExpiresAt").value(), "2026-05-01T00:00:00Z");
  EXPECT_EQ(document->string("startUrl").value(), "https://d-1.awsapps.com/start");
  EXPECT_EQ(document->string("custom").value(), "kept");
  struct stat facts{};
  ASSERT_EQ(::stat(folder.file(session_file).c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777U, 0600U);
}

TEST_F(SsoProviderTest, AFailedRenewalIsNoMatterWhileTheTokenIsGood) {
  folder.write(session_file, cached_token("2026-03-01T00:10:00Z"));
  bench.transport.reply(400, R"({"error":"invalid_grant"})").reply(200, role_answer);
  EXPECT_TRUE(get());
  EXPECT_EQ(bench.transport.sent.at(1).header("x-amz-sso_bearer_token"), "access-secret");
}

TEST_F(SsoProviderTest, AnExpiredLoginSaysHowToLogIn) {
  folder.write(session_file, cached_token("2026-02-28T00:00:00Z", false));
  auto error = problem();
  EXPECT_EQ(error.kind, ErrorKind::usage);
  EXPECT_EQ(
      error.message,
      "profile dev: IAM Identity Center, account 111122223333, role Read Only: the login has expired: run `aws sso "
      "login --profile dev`");
  folder.write(session_file, cached_token("2026-02-28T00:00:00Z"));
  bench.transport.reply(400, R"({"__type":"InvalidGrantException","message":"refresh token is old"})");
  EXPECT_NE(problem().message.find("could not be renewed (refresh token is old): run `aws sso login --profile dev`"),
            std::string::npos);
}

TEST_F(SsoProviderTest, NobodyLoggedInOrADamagedFile) {
  EXPECT_NE(problem().message.find("nobody is logged in: run `aws sso login --profile dev`"), std::string::npos);
  for (const auto* content : {"", "access-secret", "{}", R"({"accessToken":"access-secret"})",
                              R"({"accessToken":"access-secret","expiresAt":"access-secret"})",
                              R"({"accessToken":"access-secret\n","expiresAt":"2026-03-02T00:00:00Z"})"}) {
    folder.write(session_file, content);
    EXPECT_NE(problem().message.find("run `aws sso login --profile dev`"), std::string::npos) << content;
  }
  EXPECT_TRUE(bench.transport.sent.empty());
}

TEST_F(SsoProviderTest, RefusalsOfThePortal) {
  folder.write(session_file, cached_token("2026-03-01T08:00:00Z"));
  bench.transport.reply(401, R"({"message":"Session token not found or invalid"})");
  EXPECT_NE(problem().message.find("no longer valid: run `aws sso login --profile dev`"), std::string::npos);
  bench.transport.reply(403, R"({"message":"No access"})", {{"x-amzn-errortype", "ForbiddenException"}});
  const auto denied = problem();
  EXPECT_EQ(denied.kind, ErrorKind::access_denied);
  EXPECT_EQ(denied.code, "ForbiddenException");
  EXPECT_NE(denied.message.find("No access (is the role assigned to you in this account?)"), std::string::npos);
  bench.transport.reply(429, "{}").reply(429, "{}").reply(200, role_answer);
  EXPECT_TRUE(get());
}

TEST_F(SsoProviderTest, BrokenConfigurationNamesThePlace) {
  EXPECT_EQ(problem("p", "[profile p]\nsso_session=gone\nsso_account_id=1\nsso_role_name=r\n").message,
            "config:2: there is no section [sso-session gone]");
  EXPECT_EQ(problem("p", "[profile p]\nsso_start_url=u\nsso_region=r\nsso_account_id=1\n").message,
            "config:1: profile `p` uses IAM Identity Center, but sso_role_name is missing");
  EXPECT_EQ(problem("p",
                    "[profile p]\nsso_session=s\nsso_region=a\nsso_account_id=1\nsso_role_name=r\n[sso-session s]\n"
                    "sso_region=b\nsso_start_url=u\n")
                .message,
            "config:3: sso_region differs from the sso-session's (config:7)");
}

TEST_F(SsoProviderTest, AProfileThatOnlyNamesASessionProvidesNoCredentials) {
  const auto files = parse_profile_file("[profile p]\nsso_session=s\n", "config", FileKind::config);
  const auto settings = read_sso_settings(files.value(), "p");
  ASSERT_TRUE(settings);
  EXPECT_FALSE(*settings);
}

}  // namespace
}  // namespace rekeyer::aws
