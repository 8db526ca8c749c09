#include "aws/auth/profile_file.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "aws/auth/profile_keys.hpp"

namespace rekeyer::aws {
namespace {

ProfileFiles config_file(std::string_view text) {
  auto files = parse_profile_file(text, "config", FileKind::config);
  EXPECT_TRUE(files) << files.error().message;
  return files.value_or(ProfileFiles{});
}

ProfileFiles credentials(std::string_view text) {
  auto files = parse_profile_file(text, "credentials", FileKind::credentials);
  EXPECT_TRUE(files) << files.error().message;
  return files.value_or(ProfileFiles{});
}

std::string value(const ProfileFiles& files, std::string_view profile, std::string_view key) {
  const auto* section = files.profile(profile);
  return section == nullptr ? "no profile" : section->text(key).value_or("refused");
}

/// The bad line of that profile.
std::string problem(std::string_view text, std::string_view profile = "default") {
  const auto files = config_file(text);
  const auto* section = files.profile(profile);
  if (section == nullptr) return "no profile";
  const auto whole = section->whole();
  if (whole) return "no problem";
  EXPECT_EQ(whole.error().kind, ErrorKind::usage);
  return whole.error().message;
}

TEST(ProfileFile, HeadersOfTheConfigFile) {
  const auto files = config_file(
      "[default]\nregion = a\n[profile dev]\nregion=b\n[ profile \"two words\" ] # note\nregion = c\n"
      "[profile\ttabbed]\nregion = d\n[sso-session corp]\nsso_region = e\n[services mine]\niam =\n"
      "  endpoint_url = http://localhost:1\n[plugins]\nregion = x\n[dev]\nregion = y\n[profiledev]\nregion = z\n");
  EXPECT_EQ(value(files, "default", "region"), "a");
  EXPECT_EQ(value(files, "dev", "region"), "b");
  EXPECT_EQ(value(files, "two words", "region"), "c");
  EXPECT_EQ(value(files, "tabbed", "region"), "d");
  EXPECT_EQ(files.sso_sessions.at("corp").text("sso_region").value_or(""), "e");
  EXPECT_EQ(files.services.at("mine").settings.at("iam").nested.at("endpoint_url").view(), "http://localhost:1");
  EXPECT_EQ(files.profiles.size(), 4U);
}

TEST(ProfileFile, HeadersOfTheCredentialsFileAreBareNames) {
  const auto files = credentials("[default]\nregion=a\n[dev]\nregion=b\n[profile dev]\nregion=c\n");
  EXPECT_EQ(value(files, "dev", "region"), "b");
  EXPECT_EQ(value(files, "profile dev", "region"), "c");
}

TEST(ProfileFile, ProfileDefaultHidesDefaultWhateverTheirOrder) {
  for (const auto* text : {"[default]\nregion=a\nendpoint_url=u\n[profile default]\nregion=b\n",
                           "[profile default]\nregion=b\n[default]\nregion=a\nendpoint_url=u\n"}) {
    const auto files = config_file(text);
    EXPECT_EQ(value(files, "default", "region"), "b");
    EXPECT_EQ(value(files, "default", "endpoint_url"), "");
  }
}

TEST(ProfileFile, SpaceCommentsCaseAndLineEndings) {
  const auto files = config_file(
      "\xEF\xBB\xBF# a comment\r\n; another\r\n\r\n[default]\r\n  REGION =  eu-west-1   # inline\r\n  output=json;x\r\n"
      "role_arn = arn#1 ;end\r\n");
  EXPECT_EQ(value(files, "default", "region"), "eu-west-1");
  EXPECT_EQ(value(files, "default", "output"), "json;x");
  EXPECT_EQ(value(files, "default", "role_arn"), "arn#1");
}

TEST(ProfileFile, CommandsKeepWhatLooksLikeAComment) {
  EXPECT_EQ(value(config_file("[default]\ncredential_process = get --tag '# 1' ; x"), "default", "credential_process"),
            "get --tag '# 1' ; x");
}

TEST(ProfileFile, IndentedSectionsAreNotNested) {
  const auto files = config_file("[default]\n  region = a\n  output = b\n  s3 =\n    x = y\n  role_arn = c\n");
  EXPECT_EQ(value(files, "default", "output"), "b");
  EXPECT_EQ(value(files, "default", "role_arn"), "c");
  EXPECT_EQ(files.profile("default")->settings.at("s3").nested.at("x").view(), "y");
}

TEST(ProfileFile, RepeatedKeysAndSectionsTheLastWins) {
  const auto files = config_file("[profile a]\nregion=1\nregion=2\noutput=o\n[profile b]\n[profile a]\nregion=3\n");
  EXPECT_EQ(value(files, "a", "region"), "3");
  EXPECT_EQ(value(files, "a", "output"), "o");
  EXPECT_NE(files.profile("b"), nullptr);
}

TEST(ProfileFile, AColonSeparatesAsAnEqualsSignDoes) {
  const auto files = config_file(
      "[default]\nregion: a\noutput : b\nendpoint_url = http://localhost:1\nca_bundle: /x=y\ns3 :\n  x = y:z\n");
  EXPECT_EQ(value(files, "default", "region"), "a");
  EXPECT_EQ(value(files, "default", "output"), "b");
  EXPECT_EQ(value(files, "default", "endpoint_url"), "http://localhost:1");
  EXPECT_EQ(value(files, "default", "ca_bundle"), "/x=y") << "whichever comes first";
  EXPECT_EQ(files.profile("default")->settings.at("s3").nested.at("x").view(), "y:z");
}

TEST(ProfileFile, SectionDefaultInCapitalsFillsInForTheOthers) {
  const auto files = config_file("[profile a]\nregion=a\n[DEFAULT]\nregion=all\noutput=json\n[profile b]\n");
  EXPECT_EQ(value(files, "a", "region"), "a");
  EXPECT_EQ(value(files, "a", "output"), "json");
  EXPECT_EQ(value(files, "b", "region"), "all");
  EXPECT_EQ(value(files, "default", "region"), "no profile");
}

TEST(ProfileFile, ProblemsNameFileAndLineAndNeverTheValue) {
  EXPECT_EQ(problem("[default]\n\nsecretsecret\n"), "config:3: expected \"key = value\"");
  EXPECT_EQ(problem("region = a\n"), "config:1: a setting before the first section header");
  EXPECT_EQ(problem("[default\n"), "config:1: a section header without its \"]\"");
  EXPECT_EQ(problem("[]\n"), "config:1: a section header without a name");
  EXPECT_EQ(problem("[default]\n= b\n"), "config:2: a value without a key");
  EXPECT_EQ(problem("[default]\ns3 =\n  nonsense\n"), "config:3: expected \"key = value\"");
  EXPECT_EQ(problem("[default]\nregion = \xe9\n"), "config:2: this line is not UTF-8: save the file as UTF-8");
  EXPECT_EQ(problem("[default]\nfirst\nsecond\n"), "config:2: expected \"key = value\"") << "the first of them";
}

TEST(ProfileFile, ABadLineIsABadLineOfItsOwnProfileOnly) {
  const std::string_view text =
      "[default]\nregion = a\n[profile b]\nnonsense\nregion = b\n[profile c]\n# caf\xe9\nregion = c\n[profile "
      "d\nregion = d\n"
      "[profile never used]\nregion: e\n";
  EXPECT_EQ(problem(text), "no problem");
  EXPECT_EQ(problem(text, "b"), "config:4: expected \"key = value\"");
  EXPECT_EQ(problem(text, "c"), "no problem") << "comments are read by nobody";
  EXPECT_EQ(problem(text, "d"), "config:9: a section header without its \"]\"");
  EXPECT_EQ(value(config_file(text), "c", "region"), "c") << "not what stands below the header that can't be read";
}

TEST(ProfileFile, ABadNestedLineGoesWithItsSetting) {
  const std::string_view text = "[profile a]\nservices = mine\n[profile b]\n[DEFAULT]\nservices =\n  nonsense\n";
  EXPECT_EQ(problem(text, "a"), "no problem") << "it has a setting of its own in that place";
  EXPECT_EQ(problem(text, "b"), "config:6: expected \"key = value\"");
}

TEST(ProfileFile, WhatIsIndentedBelowAValueThatIsACommentIsNoMap) {
  const auto files = config_file("[default]\nregion = # none\n  output: json\n");
  EXPECT_TRUE(files.profile("default")->whole());
  EXPECT_EQ(value(files, "default", "region"), "refused");
}

TEST(ProfileFile, SettingsBelowANamelessHeaderBelongToNobody) {
  EXPECT_EQ(value(config_file("[profile a]\nregion=a\n[]\nregion=b\n"), "a", "region"), "a");
}

TEST(ProfileFile, WhatFollowsAHeaderIsNothing) {
  EXPECT_EQ(value(config_file("[default] b\nregion = a\n"), "default", "region"), "a");
}

TEST(ProfileFile, AProblemOfOneFileIsOneOfBoth) {
  const auto files = merge(config_file("[profile a]\nregion=a\n"), credentials("[a]\nnonsense\n"));
  ASSERT_FALSE(files.profile("a")->whole());
  EXPECT_EQ(files.profile("a")->whole().error().message, "credentials:2: expected \"key = value\"");
}

TEST(ProfileFile, Utf16IsCalledByItsName) {
  using namespace std::string_view_literals;
  for (const auto text : {"\xFF\xFE[\0a\0]\0"sv, "\xFE\xFF\0[\0a\0]"sv, "[\0a\0]\0"sv}) {
    const auto files = parse_profile_file(text, "credentials", FileKind::credentials);
    ASSERT_FALSE(files);
    EXPECT_EQ(files.error().kind, ErrorKind::usage);
    EXPECT_TRUE(files.error().message.starts_with("credentials: the file is UTF-16, not UTF-8"))
        << files.error().message;
  }
}

TEST(ProfileFile, ACarriageReturnAloneEndsALine) {
  const auto files = config_file("[default]\rregion = eu-west-1\r\r[profile b]\rregion = b\n\routput = json\r\n");
  EXPECT_EQ(value(files, "default", "region"), "eu-west-1");
  EXPECT_EQ(value(files, "b", "region"), "b");
  EXPECT_EQ(value(files, "b", "output"), "json");
}

TEST(ProfileFile, AZeroByteIsNoUtf16) {
  const auto files = parse_profile_file(std::string_view("[default]\nregion = eu\0", 23), "config", FileKind::config);
  ASSERT_FALSE(files);
  EXPECT_EQ(files.error().message, "config: the file holds a zero byte: it is damaged, or no text");
}

TEST(ProfileFile, ValuesOverSeveralLinesAreRefusedWhereTheyAreUsed) {
  const auto files = config_file("[default]\nregion = eu\n  -west-1\noutput = json\n");
  const auto region = files.profile("default")->text("region");
  ASSERT_FALSE(region);
  EXPECT_EQ(region.error().message, "config:2: the value of region holds a line break or control character");
  EXPECT_EQ(value(files, "default", "output"), "json");
}

TEST(ProfileFile, CredentialsFileWinsSettingBySetting) {
  const auto files = merge(config_file("[profile a]\nregion=config\noutput=json\n[profile b]\nregion=b\n"),
                           credentials("[a]\nregion=credentials\n[c]\nregion=c\n"));
  EXPECT_EQ(value(files, "a", "region"), "credentials");
  EXPECT_EQ(value(files, "a", "output"), "json");
  EXPECT_EQ(value(files, "b", "region"), "b");
  EXPECT_EQ(value(files, "c", "region"), "c");
}

TEST(ProfileKeys, ReadFromOneFile) {
  const auto files =
      credentials("[a]\naws_access_key_id=AKIA1\naws_secret_access_key=topsecret\naws_session_token=t\n");
  const auto keys = read_profile_keys(*files.profile("a"), "a", FileKind::credentials);
  ASSERT_TRUE(keys) << keys.error().message;
  EXPECT_EQ((*keys)->id, AccessKeyId{"AKIA1"});
  EXPECT_EQ((*keys)->secret.reveal(), "topsecret");
  EXPECT_EQ((*keys)->session_token.reveal(), "t");
  EXPECT_FALSE((*keys)->expiration);
  EXPECT_FALSE(has_profile_keys(*files.profile("a"), FileKind::config));
}

TEST(ProfileKeys, TheOlderNameOfTheTokenIsTakenWhereTheNewerIsMissing) {
  const std::string keys = "[a]\naws_access_key_id=AKIA1\naws_secret_access_key=topsecret\naws_security_token=older\n";
  const auto token = [](const ProfileFiles& files) {
    const auto read = read_profile_keys(*files.profile("a"), "a", FileKind::credentials);
    return read ? std::string((*read)->session_token.reveal()) : read.error().message;
  };
  EXPECT_EQ(token(credentials(keys)), "older");
  EXPECT_EQ(token(credentials(keys + "aws_session_token=newer\n")), "newer");
}

TEST(ProfileKeys, QuotesAndOtherCharactersThatNoIdHasAreRefused) {
  const auto refused = [](std::string_view id, std::string_view secret) {
    const auto files = credentials(fmt::format("[a]\naws_access_key_id={}\naws_secret_access_key={}\n", id, secret));
    const auto read = read_profile_keys(*files.profile("a"), "a", FileKind::credentials);
    return read ? std::string("taken") : read.error().message;
  };
  EXPECT_EQ(refused("AKIA_1", "top/+=secret"), "taken");
  EXPECT_EQ(refused("\"AKIA1\"", "topsecret"),
            "credentials:2: the access key id stands in quotes, which count as a part of it: leave them out");
  EXPECT_EQ(refused("AKIA1", "'topsecret'"),
            "credentials:2: the secret access key stands in quotes, which count as a part of it: leave them out");
  for (const auto* id : {"AKIA1\"", "AKIA-1", "AKIA1,", "<AKIA1>", "\xC3\xA9"}) {
    EXPECT_EQ(refused(id, "topsecret"), "credentials:2: the access key id holds a character that no key has") << id;
  }
}

TEST(ProfileKeys, TokenOfOneFileNeverJoinsTheKeysOfTheOther) {
  const auto files =
      merge(config_file("[profile a]\naws_access_key_id=A\naws_secret_access_key=B\naws_session_token=old\n"),
            credentials("[a]\naws_access_key_id=AKIA1\naws_secret_access_key=topsecret\n"));
  const auto keys = read_profile_keys(*files.profile("a"), "a", FileKind::credentials);
  ASSERT_TRUE(keys);
  EXPECT_TRUE((*keys)->session_token.empty());
}

TEST(ProfileKeys, HalfAKeyIsAnErrorThatShowsNoSecret) {
  const auto files = credentials("[a]\naws_secret_access_key=topsecret\n[b]\naws_access_key_id=AKIA1\n");
  const auto no_id = read_profile_keys(*files.profile("a"), "a", FileKind::credentials);
  ASSERT_FALSE(no_id);
  EXPECT_EQ(no_id.error().kind, ErrorKind::usage);
  EXPECT_EQ(no_id.error().message,
            "credentials:2: profile `a` has aws_secret_access_key here, but no aws_access_key_id in the same file");
  EXPECT_FALSE(read_profile_keys(*files.profile("b"), "b", FileKind::credentials));
}

TEST(ProfileKeys, LineBreaksAndBlanksInKeysAreRefused) {
  const auto files = credentials("[a]\naws_access_key_id=AKIA1\naws_secret_access_key=top\n  secret\n");
  const auto keys = read_profile_keys(*files.profile("a"), "a", FileKind::credentials);
  ASSERT_FALSE(keys);
  EXPECT_EQ(keys.error().message, "credentials:2: the secret access key holds a character that no key has");
}

}  // namespace
}  // namespace rekeyer::aws
