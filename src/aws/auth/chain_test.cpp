// Which provider the chain takes, what it asks of STS, and that nothing broken is passed over.
#include "aws/auth/chain.hpp"

#include <gtest/gtest.h>

#include "aws/auth/member_role_provider.hpp"
#include "fakes/call_bench.hpp"
#include "fakes/temporary_folder.hpp"

namespace rekeyer::aws {
namespace {

using namespace std::chrono_literals;
using Variables = std::map<std::string, std::string, std::less<>>;

std::string sts_answer(std::string_view action, std::string_view id = "ASIAROLE",
                       std::string_view secret = "topsecret") {
  return fmt::format(
      "<{0}Response><{0}Result><Credentials><AccessKeyId>{1}</AccessKeyId><SecretAccessKey>{2}</SecretAccessKey>"
      "<SessionToken>token</SessionToken><Expiration>2026-03-01T01:00:00Z</Expiration></Credentials></{0}Result>"
      "</{0}Response>",
      action, id, secret);
}

class ChainTest : public testing::Test {
 protected:
  Result<SharedProvider> chain(Variables variables, const std::string& profile = {}) {
    variables.emplace("HOME", folder.str());
    environment = Environment::of(std::move(variables));
    auto settings = load_settings(environment, {profile, {}, {}});
    if (!settings) return fail(settings.error());
    return default_chain(*settings, environment, {bench.transport, bench.caller, bench.clock});
  }
  Result<SharedCredentials> get(Variables variables, const std::string& profile = {}) {
    auto provider = chain(std::move(variables), profile);
    if (!provider) return fail(provider.error());
    return bench.run((*provider)->get());
  }
  /// The key id that the chain ends with, or what it complains of.
  std::string outcome(Variables variables, const std::string& profile = {}) {
    const auto result = get(std::move(variables), profile);
    if (result) return (*result)->id.str();
    EXPECT_EQ(result.error().message.find("topsecret"), std::string::npos);
    // Paths differ from run to run.
    auto text = fmt::format("{}: {}", name(result.error().kind), result.error().message);
    for (auto at = text.find(folder.str()); at != std::string::npos; at = text.find(folder.str())) {
      text.replace(at, folder.str().size(), "~");
    }
    return text;
  }
  void config(std::string_view text) { folder.write(".aws/config", text); }
  void credentials(std::string_view text) { folder.write(".aws/credentials", text); }

  fakes::TemporaryFolder folder;
  fakes::CallBench bench;
  Environment environment;
};

const Variables environment_keys{{"AWS_ACCESS_KEY_ID", "AKIAENV"}, {"AWS_SECRET_ACCESS_KEY", "topsecret"}};
constexpr std::string_view static_keys = "[default]\naws_access_key_id=AKIAFILE\naws_secret_access_key=topsecret\n";

Variables with(Variables variables, const Variables& more) {
  variables.insert(more.begin(), more.end());
  return variables;
}

TEST_F(ChainTest, EnvironmentComesFirstUnlessAProfileIsNamedByFlag) {
  credentials("[dev]\naws_access_key_id=AKIADEV\naws_secret_access_key=topsecret\n");
  EXPECT_EQ(outcome(environment_keys), "AKIAENV");
  EXPECT_EQ(outcome(with(environment_keys, {{"AWS_PROFILE", "dev"}})), "AKIAENV");
  EXPECT_EQ(outcome(environment_keys, "dev"), "AKIADEV");
}

TEST_F(ChainTest, EnvironmentWithTokenAndEnd) {
  auto variables =
      with(environment_keys, {{"AWS_SESSION_TOKEN", "token"}, {"AWS_CREDENTIAL_EXPIRATION", "2026-03-01T02:00:00Z"}});
  const auto credentials = get(variables);
  ASSERT_TRUE(credentials) << credentials.error().message;
  EXPECT_EQ((*credentials)->session_token.reveal(), "token");
  EXPECT_EQ((*credentials)->expiration, parse_iso8601("2026-03-01T02:00:00Z"));
  variables["AWS_CREDENTIAL_EXPIRATION"] = "2026-02-01T02:00:00Z";
  EXPECT_TRUE(outcome(variables).starts_with("credentials_expired: environment: the credentials expired at"));
  variables["AWS_CREDENTIAL_EXPIRATION"] = "tomorrow";
  EXPECT_TRUE(outcome(variables).starts_with("usage: AWS_CREDENTIAL_EXPIRATION is not a date"));
}

TEST_F(ChainTest, HalfAnEnvironmentIsAnErrorAndNoReasonToBeSomebodyElse) {
  credentials(static_keys);
  EXPECT_EQ(outcome({{"AWS_ACCESS_KEY_ID", "AKIAENV"}}),
            "usage: AWS_ACCESS_KEY_ID is set, AWS_SECRET_ACCESS_KEY is not");
  EXPECT_EQ(outcome({{"AWS_SECRET_ACCESS_KEY", "topsecret"}}),
            "usage: AWS_SECRET_ACCESS_KEY is set, AWS_ACCESS_KEY_ID is not");
  EXPECT_EQ(outcome({{"AWS_ACCESS_KEY_ID", "AKIAENV"}, {"AWS_SECRET_ACCESS_KEY", "topsecret\r\nX: y"}}),
            "usage: environment: the secret access key holds a character that no key has");
  EXPECT_EQ(outcome({{"AWS_ACCESS_KEY_ID", ""}, {"AWS_SECRET_ACCESS_KEY", ""}}), "AKIAFILE");
}

TEST_F(ChainTest, OrderInsideAProfile) {
  const auto script =
      folder.write("get", R"(echo '{"Version":1,"AccessKeyId":"AKIAPROCESS","SecretAccessKey":"x"}')").string();
  const auto all = fmt::format("[default]\naws_access_key_id=AKIACONFIG\naws_secret_access_key=topsecret\n");
  config(all);
  EXPECT_EQ(outcome({}), "AKIACONFIG");
  config(all + "credential_process = sh " + script + "\n");
  EXPECT_EQ(chain({}).value()->describe(), "profile default: credential_process sh");
  credentials(static_keys);
  EXPECT_EQ(outcome({}), "AKIAFILE");
  config(all + "sso_start_url=https://x\nsso_region=eu-west-1\nsso_account_id=111122223333\nsso_role_name=r\n");
  EXPECT_TRUE(chain({}).value()->describe().starts_with("profile default: IAM Identity Center"));
  const Variables identity{{"AWS_WEB_IDENTITY_TOKEN_FILE", "/t"}, {"AWS_ROLE_ARN", "arn:aws:iam::1:role/w"}};
  EXPECT_EQ(chain(identity).value()->describe(), "environment: web identity, role arn:aws:iam::1:role/w");
  config(all + "role_arn=arn:aws:iam::1:role/r\nsource_profile=default\n");
  EXPECT_EQ(chain(identity).value()->describe(), "profile default: assume role arn:aws:iam::1:role/r");
  EXPECT_EQ(chain(with(identity, environment_keys)).value()->describe(), "environment");
}

TEST_F(ChainTest, ContainerBeforeInstance) {
  EXPECT_EQ(chain({{"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://localhost/c"}}).value()->describe(),
            "container credentials");
  EXPECT_EQ(chain({}).value()->describe(), "EC2 instance metadata");
}

TEST_F(ChainTest, NothingAnywhereIsExplained) {
  bench.transport.not_sent();
  const auto text = outcome({});
  EXPECT_TRUE(text.starts_with("usage: no AWS credentials found; looked at the environment, the profile `default`"))
      << text;
  const auto disabled = outcome({{"AWS_EC2_METADATA_DISABLED", "true"}});
  EXPECT_NE(disabled.find("switched off (AWS_EC2_METADATA_DISABLED)"), std::string::npos) << disabled;
}

TEST_F(ChainTest, WithoutHomeItIsSaidWhatWasNotLookedAt) {
  const auto without_home = [&](Variables variables) {
    variables.emplace("HOME", "");
    bench.transport.not_sent();
    return outcome(std::move(variables));
  };
  const auto has = [](const std::string& text, std::string_view words) {
    return text.find(words) != std::string::npos;
  };
  EXPECT_TRUE(has(without_home({}), "looked at the environment and the container variables"));
  EXPECT_TRUE(has(without_home({}), "HOME is not set, so ~/.aws was not looked at: set HOME, or AWS_CONFIG_FILE and"));
  EXPECT_TRUE(has(without_home({{"AWS_CONFIG_FILE", "/c"}}), "so ~/.aws/credentials was not looked at"));
  EXPECT_TRUE(has(without_home({{"AWS_SHARED_CREDENTIALS_FILE", "/c"}}), "so ~/.aws/config was not looked at"));
  EXPECT_FALSE(has(without_home({{"AWS_CONFIG_FILE", "/c"}, {"AWS_SHARED_CREDENTIALS_FILE", "/k"}}), "HOME"));
}

TEST_F(ChainTest, AFileThatIsNamedAndNotThereIsSaid) {
  bench.transport.not_sent();
  const auto text = outcome({{"AWS_SHARED_CREDENTIALS_FILE", "/nowhere/keys"}});
  EXPECT_NE(text.find("; AWS_SHARED_CREDENTIALS_FILE names /nowhere/keys, which is not there"), std::string::npos)
      << text;
}

TEST_F(ChainTest, TemporaryKeysWithoutTheirTokenAreCalledSo) {
  const auto text = outcome({{"AWS_ACCESS_KEY_ID", "ASIAEXAMPLE"}, {"AWS_SECRET_ACCESS_KEY", "topsecret"}});
  EXPECT_NE(
      text.find("environment: the access key id is that of temporary credentials (ASIA…), and their session token "
                "is missing: set aws_session_token, or AWS_SESSION_TOKEN, as well"),
      std::string::npos)
      << text;
}

TEST_F(ChainTest, ARefusalOfTheLastResortSaysWhatWasLookedAtBefore) {
  bench.transport.reply(200, "T1").reply(403, "");
  const auto text = outcome({});
  EXPECT_TRUE(text.starts_with("access_denied: EC2 instance metadata: ")) << text;
  EXPECT_NE(text.find("; the environment, the profile `default` and the container variables hold no credentials"),
            std::string::npos)
      << text;
}

TEST_F(ChainTest, ASourceProfileMustBeWhole) {
  config("[profile a]\nrole_arn=arn:aws:iam::1:role/a\nsource_profile=b\n[profile b]\nnonsense\n");
  EXPECT_EQ(outcome({}, "a"), "usage: ~/.aws/config:5: expected \"key = value\"");
}

TEST_F(ChainTest, AssumesARoleWithAnotherProfilesKeys) {
  config(
      "[profile dev]\nregion=eu-west-1\nrole_arn=arn:aws:iam::222222222222:role/team/r\nsource_profile=base\n"
      "external_id=ext:1/2\nrole_session_name=me@example\nduration_seconds=1800\n");
  credentials("[base]\naws_access_key_id=AKIABASE\naws_secret_access_key=topsecret\n");
  bench.transport.reply(200, sts_answer("AssumeRole"));
  EXPECT_EQ(outcome({}, "dev"), "ASIAROLE");
  const auto& sent = bench.transport.sent.at(0);
  EXPECT_EQ(sent.url, "https://sts.eu-west-1.amazonaws.com/");
  EXPECT_NE(sent.header("Authorization").find("Credential=AKIABASE/"), std::string::npos);
  for (const auto* part : {"Action=AssumeRole&", "RoleArn=arn%3Aaws%3Aiam%3A%3A222222222222%3Arole%2Fteam%2Fr",
                           "RoleSessionName=me%40example", "DurationSeconds=1800", "ExternalId=ext%3A1%2F2"}) {
    EXPECT_TRUE(sent.has(part)) << part << " in " << sent.body;
  }
}

TEST_F(ChainTest, RolesOnRolesAreAssumedOneAfterTheOther) {
  config(
      "[profile top]\nrole_arn=arn:aws:iam::1:role/top\nsource_profile=middle\n"
      "[profile middle]\nrole_arn=arn:aws:iam::1:role/middle\nsource_profile=base\n");
  credentials("[base]\naws_access_key_id=AKIABASE\naws_secret_access_key=topsecret\n");
  bench.transport.reply(200, sts_answer("AssumeRole", "ASIAMIDDLE")).reply(200, sts_answer("AssumeRole", "ASIATOP"));
  EXPECT_EQ(outcome({}, "top"), "ASIATOP");
  EXPECT_NE(bench.transport.sent.at(0).header("Authorization").find("Credential=AKIABASE/"), std::string::npos);
  EXPECT_NE(bench.transport.sent.at(1).header("Authorization").find("Credential=ASIAMIDDLE/"), std::string::npos);
  EXPECT_EQ(bench.transport.sent.at(1).header("X-Amz-Security-Token"), "token");
}

TEST_F(ChainTest, CirclesAreRefusedButAProfileMayUseItsOwnKeys) {
  config(
      "[profile a]\nrole_arn=arn:aws:iam::1:role/a\nsource_profile=b\n"
      "[profile b]\nrole_arn=arn:aws:iam::1:role/b\nsource_profile=a\n"
      "[profile self]\nrole_arn=arn:aws:iam::1:role/s\nsource_profile=self\n"
      "[profile own]\nrole_arn=arn:aws:iam::1:role/o\nsource_profile=own\n");
  credentials("[own]\naws_access_key_id=AKIAOWN\naws_secret_access_key=topsecret\n");
  EXPECT_EQ(outcome({}, "a"), "usage: ~/.aws/config:6: the source profiles run in a circle: a -> b -> a");
  EXPECT_EQ(outcome({}, "self"), "usage: ~/.aws/config:9: the source profiles run in a circle: self -> self");
  bench.transport.reply(200, sts_answer("AssumeRole"));
  EXPECT_EQ(outcome({}, "own"), "ASIAROLE");
}

TEST_F(ChainTest, CredentialSources) {
  config(
      "[profile e]\nrole_arn=arn:aws:iam::1:role/e\ncredential_source=environment\n"
      "[profile c]\nrole_arn=arn:aws:iam::1:role/c\ncredential_source=EcsContainer\n"
      "[profile i]\nrole_arn=arn:aws:iam::1:role/i\ncredential_source=Ec2InstanceMetadata\n"
      "[profile x]\nrole_arn=arn:aws:iam::1:role/x\ncredential_source=Moon\n");
  bench.transport.reply(200, sts_answer("AssumeRole"));
  EXPECT_EQ(outcome(environment_keys, "e"), "ASIAROLE") << "named by flag: the keys are still the role's source";
  EXPECT_NE(bench.transport.sent.at(0).header("Authorization").find("Credential=AKIAENV/"), std::string::npos);
  EXPECT_EQ(outcome({}, "e"),
            "usage: profile e: assume role arn:aws:iam::1:role/e: "
            "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set");
  EXPECT_TRUE(chain({}, "c"));
  EXPECT_TRUE(chain({}, "i"));
  EXPECT_EQ(outcome({}, "x"),
            "usage: ~/.aws/config:12: credential_source must be Environment, EcsContainer or Ec2InstanceMetadata");
}

TEST_F(ChainTest, BrokenRoleProfilesNameThePlace) {
  const auto problem = [&](std::string_view settings) {
    config(fmt::format("[profile p]\nrole_arn=arn:aws:iam::1:role/r\n{}[profile empty]\nregion=x\n", settings));
    return outcome({}, "p");
  };
  EXPECT_EQ(
      problem(""),
      "usage: ~/.aws/config:2: profile `p` has role_arn, but neither source_profile nor credential_source to assume it "
      "with");
  EXPECT_EQ(problem("source_profile=a\ncredential_source=Environment\n"),
            "usage: ~/.aws/config:3: profile `p` has both source_profile and credential_source (~/.aws/config:4)");
  EXPECT_EQ(problem("source_profile=gone\n"),
            "usage: ~/.aws/config:3: the source_profile `gone` of `p` does not exist");
  EXPECT_EQ(problem("source_profile=empty\n"), "usage: ~/.aws/config:3: the source_profile `empty` has no credentials");
  EXPECT_EQ(problem("source_profile=p\nduration_seconds=60\n"),
            "usage: ~/.aws/config:4: duration_seconds must be a number from 900 to 43200");
  EXPECT_EQ(problem("source_profile=p\nrole_session_name=a b\n"),
            "usage: ~/.aws/config:4: role_session_name must be 2 to 64 characters of A-Za-z0-9_+=,.@-");
  const auto mfa = problem("source_profile=p\nmfa_serial=arn:aws:iam::1:mfa/x\n");
  EXPECT_TRUE(
      mfa.starts_with("usage: ~/.aws/config:4: profile `p` needs an MFA code (mfa_serial), which nobody can type"))
      << mfa;
}

TEST_F(ChainTest, ARefusedRoleIsToldWithItsProfile) {
  config("[profile dev]\nrole_arn=arn:aws-cn:iam::1:role/r\nsource_profile=base\n");
  credentials("[base]\naws_access_key_id=AKIABASE\naws_secret_access_key=topsecret\n");
  bench.transport.xml_error(403, "AccessDenied", "not authorized");
  EXPECT_EQ(outcome({}, "dev"), "access_denied: profile dev: assume role arn:aws-cn:iam::1:role/r: not authorized");
  EXPECT_EQ(bench.transport.sent.at(0).url, "https://sts.cn-north-1.amazonaws.com.cn/")
      << "no region configured: the partition's own";
}

TEST_F(ChainTest, WebIdentityReadsItsFileAtEachCallAndIsNotSigned) {
  const auto file = folder.write("token", "first-token\n").string();
  auto provider = chain(
      {{"AWS_WEB_IDENTITY_TOKEN_FILE", file}, {"AWS_ROLE_ARN", "arn:aws:iam::1:role/w"}, {"AWS_REGION", "eu-west-1"}});
  ASSERT_TRUE(provider) << provider.error().message;
  bench.transport.reply(200, sts_answer("AssumeRoleWithWebIdentity"));
  EXPECT_TRUE(bench.run((*provider)->get()));
  folder.write("token", "second-token");
  bench.clock.advance(58min);
  bench.transport.reply(200, sts_answer("AssumeRoleWithWebIdentity"));
  EXPECT_TRUE(bench.run((*provider)->get()));
  ASSERT_EQ(bench.transport.sent.size(), 2U);
  EXPECT_TRUE(bench.transport.sent[0].has("WebIdentityToken=first-token"));
  EXPECT_TRUE(bench.transport.sent[0].has("RoleSessionName=rekeyer"));
  EXPECT_EQ(bench.transport.sent[0].header("Authorization"), "");
  EXPECT_TRUE(bench.transport.sent[1].has("WebIdentityToken=second-token"));
}

TEST_F(ChainTest, WebIdentityOfAProfileIgnoresTheEnvironmentWhereNamedByFlag) {
  config("[profile w]\nrole_arn=arn:aws:iam::1:role/profile\nweb_identity_token_file=/t\nrole_session_name=mine\n");
  const Variables variables{{"AWS_ROLE_ARN", "arn:aws:iam::1:role/environment"}};
  EXPECT_EQ(chain(variables, "w").value()->describe(), "profile w: web identity, role arn:aws:iam::1:role/profile");
  EXPECT_NE(outcome({}, "w").find("can't read /t"), std::string::npos);
  EXPECT_NE(outcome({{"AWS_WEB_IDENTITY_TOKEN_FILE", "/t"}}).find("but no role: set AWS_ROLE_ARN"), std::string::npos);
}

TEST_F(ChainTest, LoginSessionsAreNotReadButExplained) {
  config("[default]\nlogin_session = arn:aws:iam::1:user/x\n");
  EXPECT_TRUE(outcome({}).starts_with("usage: ~/.aws/config:2: profile `default` uses `aws login`")) << outcome({});
}

TEST_F(ChainTest, MemberRoleIsAssumedOnceForAllTasksOfItsAccount) {
  const Principal source{std::make_shared<StaticProvider>(fakes::bench_credentials()), Region{"eu-west-1"},
                         AccountId{"111111111111"}};
  const auto provider = member_role_provider(
      bench.caller, bench.clock, source,
      {"aws-cn", AccountId{"222222222222"}, RoleName{"security/rekeyer-member"}, "run-1", "shared", 3600s});
  bench.transport.reply(200, sts_answer("AssumeRole"));
  const auto first = bench.run(provider->get());
  const auto second = bench.run(provider->get());
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_EQ(*first, *second);
  ASSERT_EQ(bench.transport.sent.size(), 1U);
  for (const auto* part : {"RoleArn=arn%3Aaws-cn%3Aiam%3A%3A222222222222%3Arole%2Fsecurity%2Frekeyer-member",
                           "RoleSessionName=run-1", "ExternalId=shared", "DurationSeconds=3600"}) {
    EXPECT_TRUE(bench.transport.sent[0].has(part)) << part;
  }
}

TEST_F(ChainTest, ARefusedMemberRoleNamesItsAccount) {
  const Principal source{std::make_shared<StaticProvider>(fakes::bench_credentials()), Region{"eu-west-1"}, {}};
  MemberRole role;
  role.account = AccountId{"222222222222"};
  role.role = RoleName{"rekeyer-member"};
  bench.transport.xml_error(403, "AccessDenied", "not authorized to perform sts:AssumeRole");
  const auto refused = bench.run(member_role_provider(bench.caller, bench.clock, source, role)->get());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::access_denied);
  EXPECT_TRUE(refused.error().message.starts_with(
      "account 222222222222: assume role arn:aws:iam::222222222222:role/rekeyer-member: "));
  role.session_name = "not valid!";
  const auto invalid = bench.run(member_role_provider(bench.caller, bench.clock, source, role)->get());
  ASSERT_FALSE(invalid);
  EXPECT_EQ(invalid.error().kind, ErrorKind::usage);
}

}  // namespace
}  // namespace rekeyer::aws
