#include "aws/auth/profile_settings.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "aws/auth/small_file.hpp"
#include "fakes/temporary_folder.hpp"

namespace rekeyer::aws {
namespace {

using Variables = std::map<std::string, std::string, std::less<>>;

class ProfileSettings : public testing::Test {
 protected:
  Result<AwsSettings> load(Variables variables = {}, const GlobalFlags& flags = {}) const {
    variables.emplace("HOME", folder.str());
    return load_settings(Environment::of(std::move(variables)), flags);
  }
  std::string region(Variables variables = {}, const GlobalFlags& flags = {}) const {
    const auto settings = load(std::move(variables), flags);
    return settings ? settings->region.str() : settings.error().message;
  }
  std::string problem(Variables variables = {}, const GlobalFlags& flags = {}) const {
    const auto settings = load(std::move(variables), flags);
    if (settings) return "no problem";
    EXPECT_EQ(settings.error().kind, ErrorKind::usage);
    return settings.error().message;
  }
  fakes::TemporaryFolder folder;
};

TEST_F(ProfileSettings, NoFilesAndNoVariablesAreFine) {
  const auto settings = load();
  ASSERT_TRUE(settings) << settings.error().message;
  EXPECT_EQ(settings->profile.name, "default");
  EXPECT_TRUE(settings->region.empty());
  EXPECT_FALSE(settings->max_attempts);
  EXPECT_TRUE(load_settings(Environment::of({}), {})) << "not even HOME";
}

TEST_F(ProfileSettings, RegionByPrecedence) {
  folder.write(".aws/config", "[default]\nregion = from-profile\n");
  const Variables both{{"AWS_REGION", "first"}, {"AWS_DEFAULT_REGION", "second"}};
  EXPECT_EQ(region(both, {{}, "by-flag", {}}), "by-flag");
  EXPECT_EQ(region(both), "first");
  EXPECT_EQ(region({{"AWS_DEFAULT_REGION", "second"}, {"AWS_REGION", ""}}), "second");
  EXPECT_EQ(region(), "from-profile");
}

TEST_F(ProfileSettings, AWrongRegionIsToldWithItsPlace) {
  const auto path = folder.write(".aws/config", "[default]\nregion = Frankfurt\n");
  EXPECT_TRUE(problem().starts_with(path.string() + ":2: `Frankfurt` is not a region")) << problem();
  EXPECT_TRUE(problem({{"AWS_DEFAULT_REGION", "US-EAST-1"}}).starts_with("AWS_DEFAULT_REGION: `US-EAST-1`"));
  EXPECT_TRUE(problem({{"AWS_REGION", " us-east-1"}}).starts_with("AWS_REGION: ` us-east-1`"));
}

TEST_F(ProfileSettings, VariablesInTheNameOfAFileAreReadAsByTheCli) {
  folder.write("mine", "[default]\nregion = mine\n");
  for (const auto* name : {"$HOME/mine", "${HOME}/mine", "$FOLDER/mine", "~/mine"}) {
    EXPECT_EQ(region({{"AWS_CONFIG_FILE", name}, {"FOLDER", folder.str()}}), "mine") << name;
  }
  for (const auto* name : {"$NOTHING/mine", "${HOME/mine", "$/mine", "mine$"}) {
    EXPECT_EQ(region({{"AWS_CONFIG_FILE", name}}), "") << name;
  }
}

TEST_F(ProfileSettings, ARegionCanNotLeadElsewhere) {
  EXPECT_NE(region({}, {{}, "evil.example/", {}}).find("is not a region"), std::string::npos);
  EXPECT_NE(problem({{"AWS_REGION", "a\r\nX: y"}}).find("AWS_REGION holds a line break"), std::string::npos);
}

TEST_F(ProfileSettings, ProfileByPrecedence) {
  folder.write(".aws/config", "[profile a]\nregion=a\n[profile b]\nregion=b\n[profile c]\nregion=c\n");
  const Variables both{{"AWS_DEFAULT_PROFILE", "b"}, {"AWS_PROFILE", "c"}};
  EXPECT_EQ(region(both, {"a", {}, {}}), "a");
  EXPECT_EQ(region(both), "b");
  EXPECT_EQ(region({{"AWS_PROFILE", "c"}}), "c");
  EXPECT_TRUE(load(both, {"a", {}, {}})->profile.by_flag);
  EXPECT_FALSE(load(both)->profile.by_flag);
}

TEST_F(ProfileSettings, ANamedProfileMustExist) {
  folder.write(".aws/credentials", "[only-here]\naws_access_key_id=A\n");
  EXPECT_EQ(problem({}, {"missing", {}, {}}),
            "the profile `missing` (from --profile) is in neither the AWS config file nor the credentials file");
  EXPECT_NE(problem({{"AWS_PROFILE", "missing"}}).find("(from AWS_PROFILE)"), std::string::npos);
  EXPECT_TRUE(load({}, {"only-here", {}, {}}));
  EXPECT_TRUE(load({{"AWS_PROFILE", "default"}}));
}

TEST_F(ProfileSettings, FilesWhereTheVariablesSay) {
  const auto config = folder.write("elsewhere/c", "[default]\nregion = moved\n");
  folder.write("k", "[keys]\naws_access_key_id=A\n");
  EXPECT_EQ(region({{"AWS_CONFIG_FILE", config.string()}}), "moved");
  EXPECT_TRUE(load({{"AWS_SHARED_CREDENTIALS_FILE", "~/k"}}, {"keys", {}, {}}));
}

TEST_F(ProfileSettings, BrokenFileNamesItsLine) {
  const auto path = folder.write(".aws/config", "[default]\nnonsense\n");
  EXPECT_EQ(problem(), path.string() + ":2: expected \"key = value\"");
}

TEST_F(ProfileSettings, ABadLineOfAnotherProfileEndsNoRun) {
  const auto path = folder.write(".aws/config",
                                 "[default]\nregion: a\n[profile b]\nnonsense\n[profile c]\nservices = s\n"
                                 "[services s]\nnonsense\n");
  EXPECT_EQ(region(), "a");
  EXPECT_EQ(problem({{"AWS_PROFILE", "b"}}), path.string() + ":4: expected \"key = value\"");
  EXPECT_EQ(problem({{"AWS_PROFILE", "c"}}), path.string() + ":8: expected \"key = value\"");
}

TEST_F(ProfileSettings, WithoutHomeANamedProfileIsNotFoundAndThatIsSaid) {
  const auto settings = load_settings(Environment::of({{"AWS_PROFILE", "x"}, {"AWS_CONFIG_FILE", "/nowhere"}}), {});
  ASSERT_FALSE(settings);
  EXPECT_NE(settings.error().message.find("HOME is not set, so ~/.aws/credentials was not looked at"),
            std::string::npos)
      << settings.error().message;
}

TEST_F(ProfileSettings, AFolderInPlaceOfAFileIsAnError) {
  std::filesystem::create_directories(folder.file(".aws/config"));
  EXPECT_NE(problem().find("can't read " + folder.file(".aws/config").string()), std::string::npos);
}

TEST_F(ProfileSettings, EndpointsFromEverywhere) {
  folder.write(".aws/config",
               "[default]\nendpoint_url = https://profile\nservices = mine\n[services mine]\nsecrets_manager =\n"
               "  endpoint_url = https://profile-secrets\n");
  const auto settings = load({{"AWS_ENDPOINT_URL", "https://all"},
                              {"AWS_ENDPOINT_URL_IAM", "https://iam"},
                              {"AWS_ENDPOINT_URL_SECRETS_MANAGER", ""}},
                             {{}, {}, "https://flag"});
  ASSERT_TRUE(settings) << settings.error().message;
  const auto& endpoints = settings->endpoints;
  EXPECT_EQ(endpoints.endpoint_url, "https://flag");
  EXPECT_EQ(endpoints.default_endpoint_url, "https://all");
  EXPECT_EQ(endpoints.service_endpoint_url, (std::map<std::string, std::string>{{"IAM", "https://iam"}}));
  EXPECT_EQ(endpoints.profile_service_url,
            (std::map<std::string, std::string>{{"SECRETS_MANAGER", "https://profile-secrets"}}));
  EXPECT_EQ(endpoints.profile_endpoint_url, "https://profile");
}

TEST_F(ProfileSettings, IgnoringConfiguredEndpointsLeavesTheFlag) {
  folder.write(".aws/config", "[default]\nendpoint_url = https://profile\n");
  const auto settings = load({{"AWS_ENDPOINT_URL", "https://all"}, {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "TRUE"}},
                             {{}, {}, "https://f"});
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->endpoints.endpoint_url, "https://f");
  EXPECT_EQ(settings->endpoints.default_endpoint_url + settings->endpoints.profile_endpoint_url, "");
}

TEST_F(ProfileSettings, AnEndpointInTheClearIsOnThisMachineOrRefused) {
  for (const std::string url : {"http://127.0.0.1:5000", "http://localhost:5000", "http://[::1]:5000",
                                "http://127.9.9.9", "https://aws.example.com", "HTTPS://aws.example.com"}) {
    EXPECT_TRUE(load({{"AWS_ENDPOINT_URL", url}})) << url;
    EXPECT_TRUE(load({}, {{}, {}, url})) << url;
  }
  for (const std::string url :
       {"http://aws.example.com", "HTTP://192.0.2.1:80", "http://[2001:db8::1]", "http://169.254.170.2",
        "http://127.0.0.1.example.com", "http://localhost.example.com"}) {
    EXPECT_FALSE(load({}, {{}, {}, url})) << url;
    for (const std::string name : {"AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_SECRETS_MANAGER", "AWS_ENDPOINT_URL_STS"}) {
      const auto refused = load({{name, url}});
      ASSERT_FALSE(refused) << name << "=" << url;
      EXPECT_EQ(refused.error().kind, ErrorKind::usage);
      EXPECT_NE(refused.error().message.find("REKEYER_ALLOW_PLAIN_HTTP"), std::string::npos);
    }
    EXPECT_TRUE(load({{"AWS_ENDPOINT_URL", url}, {"REKEYER_ALLOW_PLAIN_HTTP", "true"}})) << "where that is meant";
    EXPECT_TRUE(load({{"AWS_ENDPOINT_URL", url}, {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true"}})) << "it is not used";
    EXPECT_TRUE(load({{"AWS_ENDPOINT_URL_DYNAMODB", url}})) << "of a service that is not called";
  }
}

TEST_F(ProfileSettings, AProfilesEndpointInTheClearIsRefusedToo) {
  folder.write(".aws/config", "[default]\nendpoint_url = http://aws.example.com\n");
  EXPECT_NE(problem().find("http://aws.example.com"), std::string::npos);
  folder.write(
      ".aws/config",
      "[default]\nservices = mine\n[services mine]\nsecrets_manager =\n  endpoint_url = http://aws.example.com\n");
  EXPECT_NE(problem().find("http://aws.example.com"), std::string::npos);
}

TEST_F(ProfileSettings, MissingServicesSectionIsAnError) {
  const auto path = folder.write(".aws/config", "[default]\nservices = gone\n");
  EXPECT_EQ(problem(), path.string() + ":2: there is no section [services gone]");
}

TEST_F(ProfileSettings, CertificatesAttemptsAndSwitches) {
  folder.write(".aws/config",
               "[default]\nca_bundle = ~/ca.pem\nmax_attempts = 4\nuse_fips_endpoint = true\n"
               "use_dualstack_endpoint = false\n");
  const auto settings = load();
  ASSERT_TRUE(settings) << settings.error().message;
  EXPECT_EQ(settings->ca_bundle, folder.file("ca.pem").string());
  EXPECT_EQ(settings->max_attempts, 4);
  EXPECT_TRUE(settings->endpoints.use_fips);
  EXPECT_FALSE(settings->endpoints.use_dualstack);
  EXPECT_EQ(load({{"AWS_MAX_ATTEMPTS", "9"}})->max_attempts, 9);
  EXPECT_EQ(load({{"AWS_CA_BUNDLE", "/x.pem"}})->ca_bundle, "/x.pem");
  EXPECT_FALSE(load({{"AWS_USE_FIPS_ENDPOINT", "false"}})->endpoints.use_fips);
}

TEST_F(ProfileSettings, MalformedValuesAreRefused) {
  for (const auto* attempts : {"0", "-1", "three", "5x", "101"}) {
    EXPECT_NE(problem({{"AWS_MAX_ATTEMPTS", attempts}}).find("from 1 to 100"), std::string::npos) << attempts;
  }
  EXPECT_NE(problem({{"AWS_USE_FIPS_ENDPOINT", "yes"}}).find("must be true or false"), std::string::npos);
}

TEST(SmallFile, IsReplacedAsAWholeForItsOwnerOnly) {
  const fakes::TemporaryFolder folder;
  const auto path = folder.write("token", "old");
  ::chmod(path.c_str(), 0644);
  ASSERT_TRUE(replace_private_file(path, "new"));
  EXPECT_EQ(folder.read("token"), "new");
  struct stat facts{};
  ASSERT_EQ(::stat(path.c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777U, 0600U);
  const auto entries = std::filesystem::directory_iterator(folder.path());
  EXPECT_EQ(std::distance(begin(entries), end(entries)), 1) << "a temporary file stayed";
}

TEST(SmallFile, FailuresNameThePath) {
  const fakes::TemporaryFolder folder;
  const auto missing = read_small_file(folder.file("missing"));
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().kind, ErrorKind::not_found);
  const auto written = replace_private_file(folder.file("no/such/folder"), "x");
  ASSERT_FALSE(written);
  EXPECT_NE(written.error().message.find("no/such/folder"), std::string::npos);
  const auto path = folder.write("long", std::string(20'000, 'x'));
  EXPECT_EQ(read_small_file(path)->size(), 20'000U);
  EXPECT_FALSE(read_small_file(path, 19'999));
}

}  // namespace
}  // namespace rekeyer::aws
