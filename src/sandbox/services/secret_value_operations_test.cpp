#include "sandbox/services/secret_bench.hpp"

namespace rekeyer::sandbox {
namespace {

using std::chrono::hours;

class SecretValues : public SecretBench {
 protected:
  SecretValues() { perform("CreateSecret", R"({"Name":"s"})"); }

  std::string move(std::string_view label, std::string_view from, std::string_view to) {
    std::string input = fmt::format(R"({{"SecretId":"s","VersionStage":"{}")", label);
    if (!from.empty()) input += fmt::format(R"(,"RemoveFromVersionId":"{}")", from);
    if (!to.empty()) input += fmt::format(R"(,"MoveToVersionId":"{}")", to);
    return code("UpdateSecretVersionStage", input + "}");
  }

  std::string value(std::string_view more = "") {
    return text(perform("GetSecretValue", fmt::format(R"({{"SecretId":"s"{}}})", more)), "SecretString");
  }

  static std::string labelled(std::string_view one, std::string_view two) {
    return fmt::format(R"({{"{}":{},"{}":{}}})", token_one, one, token_two, two);
  }
};

TEST_F(SecretValues, ATokenBindsAVersionToItsValue) {
  EXPECT_EQ(put(token_one, "one", R"(["AWSPENDING"])"), "done");
  EXPECT_EQ(put(token_one, "one", R"(["AWSPENDING"])"), "done");
  EXPECT_EQ(put(token_one, "two", R"(["AWSPENDING"])"), "ResourceExistsException");
  EXPECT_EQ(stages(), fmt::format(R"({{"{}":["AWSPENDING"]}})", token_one));
  EXPECT_EQ(code("PutSecretValue",
                 fmt::format(R"({{"SecretId":"s","ClientRequestToken":"{}","SecretBinary":"b25l"}})", token_one)),
            "ResourceExistsException");
}

TEST_F(SecretValues, AReplayAppliesItsLabelsAgain) {
  put(token_one, "one", R"(["AWSCURRENT"])");
  put(token_two, "two", R"(["AWSCURRENT"])");
  EXPECT_EQ(stages(), labelled(R"(["AWSPREVIOUS"])", R"(["AWSCURRENT"])"));
  EXPECT_EQ(put(token_one, "one", R"(["AWSCURRENT"])"), "done");
  EXPECT_EQ(stages(), labelled(R"(["AWSCURRENT"])", R"(["AWSPREVIOUS"])"));
}

TEST_F(SecretValues, WithoutLabelsTheNewVersionBecomesCurrent) {
  put(token_one, "one", R"(["AWSCURRENT"])");
  EXPECT_EQ(code("PutSecretValue",
                 fmt::format(R"({{"SecretId":"s","ClientRequestToken":"{}","SecretString":"two"}})", token_two)),
            "done");
  EXPECT_EQ(value(), "two");
  EXPECT_EQ(value(R"(,"VersionStage":"AWSPREVIOUS")"), "one");
  EXPECT_EQ(code("PutSecretValue", R"({"SecretId":"s","SecretString":"three"})"), "done") << "a token is made";
  EXPECT_EQ(value(), "three");
  EXPECT_EQ(stages().find(token_one), std::string::npos) << "unlabelled versions are not shown";
}

TEST_F(SecretValues, PendingInAnEmptySecretBothWays) {
  put(token_one, "one", R"(["AWSPENDING"])");
  EXPECT_EQ(stages(), fmt::format(R"({{"{}":["AWSPENDING"]}})", token_one));
  EXPECT_EQ(value(), "ResourceNotFoundException");
  behaviour.pending_first_version_becomes_current = true;
  put(token_two, "two", R"(["AWSPENDING"])");
  EXPECT_EQ(value(), "ResourceNotFoundException") << "the first version only";
  perform("DeleteSecret", R"({"SecretId":"s","ForceDeleteWithoutRecovery":true})");
  perform("CreateSecret", R"({"Name":"s"})");
  put(token_one, "one", R"(["AWSPENDING"])");
  EXPECT_EQ(stages(), fmt::format(R"({{"{}":["AWSCURRENT","AWSPENDING"]}})", token_one));
}

TEST_F(SecretValues, MovingALabelNeedsTheVersionThatHoldsIt) {
  put(token_one, "one", R"(["AWSCURRENT"])");
  put(token_two, "two", R"(["AWSPENDING"])");
  EXPECT_EQ(move("AWSCURRENT", "", token_two), "InvalidParameterException");
  EXPECT_EQ(move("AWSCURRENT", token_two, token_two), "InvalidParameterException");
  EXPECT_EQ(move("AWSCURRENT", token_one, std::string(32, 'f')), "ResourceNotFoundException");
  EXPECT_EQ(move("AWSCURRENT", token_one, ""), "InvalidParameterException") << "it stays somewhere";
  EXPECT_EQ(move("AWSCURRENT", "", ""), "InvalidParameterException");
  EXPECT_EQ(move("AWSCURRENT", "", token_one), "done") << "it is there already";
  EXPECT_EQ(move("AWSCURRENT", token_one, token_two), "done");
  EXPECT_EQ(stages(), labelled(R"(["AWSPREVIOUS"])", R"(["AWSCURRENT","AWSPENDING"])"));
  EXPECT_EQ(move("AWSPENDING", token_two, ""), "done");
  EXPECT_EQ(move("fresh", "", token_one), "done");
  EXPECT_EQ(stages(), labelled(R"(["AWSPREVIOUS","fresh"])", R"(["AWSCURRENT"])"));
}

TEST_F(SecretValues, ReadsByVersionLabelOrBothWhereTheyAgree) {
  put(token_one, "one", R"(["AWSCURRENT"])");
  put(token_two, "two", R"(["AWSPENDING"])");
  EXPECT_EQ(value(), "one");
  EXPECT_EQ(value(R"(,"VersionStage":"AWSPENDING")"), "two");
  EXPECT_EQ(value(fmt::format(R"(,"VersionId":"{}")", token_two)), "two");
  EXPECT_EQ(value(fmt::format(R"(,"VersionId":"{}","VersionStage":"AWSCURRENT")", token_two)),
            "InvalidRequestException");
  EXPECT_EQ(value(R"(,"VersionStage":"nothing")"), "ResourceNotFoundException");
  EXPECT_EQ(value(fmt::format(R"(,"VersionId":"{}")", std::string(32, 'f'))), "ResourceNotFoundException");
}

TEST_F(SecretValues, AReadLeavesItsDay) {
  put(token_one, "one", R"(["AWSCURRENT"])");
  EXPECT_EQ(text(perform("DescribeSecret", R"({"SecretId":"s"})"), "LastAccessedDate"), "missing");
  value();
  const auto shown = perform("DescribeSecret", R"({"SecretId":"s"})");
  const auto midnight = std::chrono::floor<std::chrono::days>(now).time_since_epoch();
  EXPECT_DOUBLE_EQ(shown->at("LastAccessedDate").to_number<double>(),
                   static_cast<double>(std::chrono::seconds(midnight).count()));
}

TEST_F(SecretValues, ValuesHaveLimits) {
  const auto store = [&](const std::string& member, const std::string& text) {
    return code("PutSecretValue", fmt::format(R"({{"SecretId":"s","{}":"{}"}})", member, text));
  };
  EXPECT_EQ(store("SecretString", std::string(65'536, 'x')), "done");
  EXPECT_EQ(store("SecretString", std::string(65'537, 'x')), "ValidationException");
  EXPECT_EQ(store("SecretString", ""), "ValidationException");
  EXPECT_EQ(store("SecretBinary", "not base64"), "SerializationException");
  EXPECT_EQ(store("SecretBinary", "AAEC"), "done");
  EXPECT_EQ(text(perform("GetSecretValue", R"({"SecretId":"s"})"), "SecretBinary"), "AAEC");
  EXPECT_EQ(value(), "missing");
  EXPECT_EQ(code("PutSecretValue", R"({"SecretId":"s"})"), "InvalidRequestException");
  EXPECT_EQ(put("short", "x", R"(["A"])"), "InvalidParameterException");
  EXPECT_EQ(put(token_one, "x", "[]"), "ValidationException");
}

TEST_F(SecretValues, OldUnlabelledVersionsGoBeyondAHundred) {
  const auto add = [&](int number) { return put(fmt::format("{:032}", number), "x", R"(["AWSCURRENT"])"); };
  for (int i = 0; i < 150; ++i) ASSERT_EQ(add(i), "done");
  const auto& versions = world.account(home).vaults[region].secrets.at("s").versions;
  EXPECT_EQ(versions.size(), 150u) << "younger than a day";
  now += hours{25};
  add(150);
  EXPECT_EQ(versions.size(), 102u) << "100 without a label, current and previous";
  EXPECT_FALSE(versions.contains(fmt::format("{:032}", 0)));
  behaviour.prune_versions = false;
  now += hours{25};
  add(151);
  EXPECT_EQ(versions.size(), 103u);
}

TEST_F(SecretValues, VersionsAreListedInPages) {
  put(token_one, "one", R"(["AWSCURRENT"])");
  put(token_two, "two", R"(["AWSCURRENT"])");
  const auto page = perform("ListSecretVersionIds", R"({"SecretId":"s","MaxResults":1})");
  ASSERT_TRUE(page);
  EXPECT_EQ(page->at("Versions").as_array().size(), 1u);
  const auto rest =
      perform("ListSecretVersionIds", fmt::format(R"({{"SecretId":"s","NextToken":"{}"}})", text(page, "NextToken")));
  EXPECT_EQ(text(rest, "NextToken"), "missing");
  EXPECT_EQ(rest->at("Versions").as_array().size(), 1u);
  move("AWSPREVIOUS", token_one, "");
  EXPECT_EQ(perform("ListSecretVersionIds", R"({"SecretId":"s"})")->at("Versions").as_array().size(), 1u);
  EXPECT_EQ(
      perform("ListSecretVersionIds", R"({"SecretId":"s","IncludeDeprecated":true})")->at("Versions").as_array().size(),
      2u);
}

TEST_F(SecretValues, ABatchTellsEachSecretsTrouble) {
  put(token_one, "one", R"(["AWSCURRENT"])");
  perform("CreateSecret", R"({"Name":"gone","SecretString":"x"})");
  perform("DeleteSecret", R"({"SecretId":"gone"})");
  const auto batch = perform("BatchGetSecretValue", R"({"SecretIdList":["s","gone","never"]})");
  ASSERT_TRUE(batch);
  EXPECT_EQ(batch->at("SecretValues").as_array().size(), 1u);
  const auto& errors = batch->at("Errors").as_array();
  ASSERT_EQ(errors.size(), 2u);
  EXPECT_EQ(errors.at(0).at("ErrorCode").as_string(), "InvalidRequestException");
  EXPECT_EQ(errors.at(1).at("ErrorCode").as_string(), "ResourceNotFoundException");
  const auto found = perform("BatchGetSecretValue", R"({"Filters":[{"Key":"name","Values":["s"]}]})");
  EXPECT_EQ(found->at("SecretValues").as_array().size(), 1u);
  EXPECT_EQ(code("BatchGetSecretValue"), "InvalidParameterException");
}

TEST_F(SecretValues, ABatchLeavesOutWhatItsCallerMayNotRead) {
  put(token_one, "one", R"(["AWSCURRENT"])");
  perform("CreateSecret", R"({"Name":"closed","SecretString":"x"})");
  caller.kind = PrincipalKind::user;
  caller.user = UserName("ann");
  world.account(home).iam.users["ann"].policies["p"] =
      R"({"Statement":[{"Effect":"Allow","Action":"secretsmanager:GetSecretValue","Resource":"*:secret:s-??????"}]})";
  for (const auto* input :
       {R"({"SecretIdList":["s","closed"]})", R"({"Filters":[{"Key":"name","Values":["s","closed"]}]})"}) {
    const auto batch = perform("BatchGetSecretValue", input);
    ASSERT_TRUE(batch) << batch.error().message;
    EXPECT_EQ(batch->at("SecretValues").as_array().size(), 1u);
    const auto& errors = batch->at("Errors").as_array();
    ASSERT_EQ(errors.size(), 1u);
    EXPECT_EQ(errors.at(0).at("SecretId").as_string(), "closed");
    EXPECT_EQ(errors.at(0).at("ErrorCode").as_string(), "AccessDeniedException");
  }
}

TEST_F(SecretValues, APasswordHasEveryKindAndNothingExcluded) {
  const std::string password =
      text(perform("GetRandomPassword", R"({"PasswordLength":8,"ExcludePunctuation":true,"ExcludeCharacters":"abc"})"),
           "RandomPassword");
  EXPECT_EQ(password.size(), 8u);
  EXPECT_NE(password.find_first_of("0123456789"), std::string::npos) << password;
  EXPECT_NE(password.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ"), std::string::npos) << password;
  EXPECT_EQ(password.find_first_of("abc!#$%"), std::string::npos) << password;
  EXPECT_EQ(text(perform("GetRandomPassword"), "RandomPassword").size(), 32u);
  EXPECT_NE(said("GetRandomPassword"), said("GetRandomPassword"));
  EXPECT_EQ(code("GetRandomPassword", R"({"PasswordLength":3})"), "InvalidParameterException");
}

}  // namespace
}  // namespace rekeyer::sandbox
