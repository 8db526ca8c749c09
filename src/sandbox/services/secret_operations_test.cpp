#include "sandbox/services/secret_bench.hpp"

namespace rekeyer::sandbox {
namespace {

using std::chrono::days;
using std::chrono::hours;

class SecretOperations : public SecretBench {};

TEST_F(SecretOperations, CreateAnswersWithAnArnThatLeadsBack) {
  const auto made = perform("CreateSecret", R"({"Name":"a/b","SecretString":"x","Description":"d"})");
  ASSERT_TRUE(made);
  const std::string arn = text(made, "ARN");
  EXPECT_TRUE(arn.starts_with("arn:aws:secretsmanager:us-east-1:111111111111:secret:a/b-")) << arn;
  EXPECT_EQ(made->at("VersionId").as_string().size(), 36u) << "a token was made";
  const auto shown = perform("DescribeSecret", fmt::format(R"({{"SecretId":"{}"}})", arn));
  ASSERT_TRUE(shown);
  EXPECT_EQ(text(shown, "Name"), "a/b");
  EXPECT_EQ(text(shown, "Description"), "d");
  EXPECT_EQ(shown->at("CreatedDate"), shown->at("LastChangedDate"));
  EXPECT_FALSE(shown->contains("KmsKeyId"));
  EXPECT_FALSE(shown->contains("DeletedDate"));
  EXPECT_FALSE(shown->contains("PrimaryRegion"));
  EXPECT_FALSE(shown->contains("LastAccessedDate"));
  EXPECT_EQ(boost::json::serialize(*shown).find("\"x\""), std::string::npos) << "no value";
}

TEST_F(SecretOperations, CreateWithoutValueHasNoVersion) {
  const auto made = perform("CreateSecret", R"({"Name":"s"})");
  ASSERT_TRUE(made);
  EXPECT_FALSE(made->contains("VersionId"));
  EXPECT_EQ(stages(), "none");
}

TEST_F(SecretOperations, CreateAgainNeedsTheSameTokenAndValue) {
  const auto create = [&](std::string_view token, std::string_view value) {
    return code("CreateSecret",
                fmt::format(R"({{"Name":"s","ClientRequestToken":"{}","SecretString":"{}"}})", token, value));
  };
  EXPECT_EQ(create(token_one, "x"), "done");
  EXPECT_EQ(create(token_one, "x"), "done");
  EXPECT_EQ(create(token_one, "y"), "ResourceExistsException");
  EXPECT_EQ(create(token_two, "x"), "ResourceExistsException");
  EXPECT_EQ(code("CreateSecret", R"({"Name":"s"})"), "ResourceExistsException");
}

TEST_F(SecretOperations, NamesAndTokensAreChecked) {
  for (const auto* name : {"", "a,b", "a b", "a:b", "ä"}) {
    EXPECT_EQ(code("CreateSecret", fmt::format(R"({{"Name":"{}"}})", name)), "ValidationException") << name;
  }
  EXPECT_EQ(code("CreateSecret", fmt::format(R"({{"Name":"{}"}})", std::string(513, 'a'))), "ValidationException");
  EXPECT_EQ(code("CreateSecret", R"({"Name":"aZ0/_+=.@!-"})"), "done");
  EXPECT_EQ(code("CreateSecret", R"({"Name":"t","ClientRequestToken":"short"})"), "InvalidParameterException");
  EXPECT_EQ(code("CreateSecret", fmt::format(R"({{"Name":"t","ClientRequestToken":"{}"}})", std::string(65, 'a'))),
            "InvalidParameterException");
}

TEST_F(SecretOperations, ARefusedCreateLeavesNothing) {
  EXPECT_EQ(code("CreateSecret", R"({"Name":"s","SecretString":"x","KmsKeyId":"nowhere"})"), "EncryptionFailure");
  EXPECT_EQ(code("CreateSecret", R"({"Name":"s","SecretString":"x","AddReplicaRegions":[{"Region":"us-east-1"}]})"),
            "InvalidParameterException");
  EXPECT_EQ(code("CreateSecret", R"({"Name":"s","SecretString":"x","SecretBinary":"eA=="})"),
            "InvalidParameterException");
  EXPECT_EQ(stages(), "ResourceNotFoundException");
}

TEST_F(SecretOperations, TagsHaveRules) {
  perform("CreateSecret", R"({"Name":"s"})");
  const auto tag = [&](std::string_view key, std::string_view value) {
    return code("TagResource", fmt::format(R"({{"SecretId":"s","Tags":[{{"Key":"{}","Value":"{}"}}]}})", key, value));
  };
  EXPECT_EQ(tag("k", "a,b"), "InvalidParameterException");
  EXPECT_EQ(tag("k", "a;b"), "InvalidParameterException");
  EXPECT_EQ(tag("k", std::string(257, 'x')), "InvalidParameterException");
  EXPECT_EQ(tag("", "x"), "InvalidParameterException");
  EXPECT_EQ(tag(std::string(129, 'k'), "x"), "InvalidParameterException");
  EXPECT_EQ(tag("AWS:x", "x"), "InvalidParameterException");
  EXPECT_EQ(tag("k", "a b_1.:/=+-@" + std::string(244, 'x')), "done");
  std::string umlauts;
  for (int i = 0; i < 256; ++i) umlauts += "ü";
  EXPECT_EQ(tag("k", umlauts), "done") << "characters are counted, not bytes";
  EXPECT_EQ(code("TagResource", R"({"SecretId":"s","Tags":[{"Key":"a","Value":"1"},{"Key":"a","Value":"2"}]})"),
            "InvalidParameterException");
  EXPECT_EQ(code("CreateSecret", R"({"Name":"t","Tags":[{"Key":"aws:a","Value":"1"}]})"), "InvalidParameterException");
}

TEST_F(SecretOperations, TagsMergeByKeyAndFiftyIsTheMost) {
  perform("CreateSecret", R"({"Name":"s","Tags":[{"Key":"b","Value":"1"},{"Key":"a","Value":"1"}]})");
  perform("TagResource", R"({"SecretId":"s","Tags":[{"Key":"a","Value":"2"}]})");
  perform("UntagResource", R"({"SecretId":"s","TagKeys":["b","never"]})");
  EXPECT_EQ(boost::json::serialize(perform("DescribeSecret", R"({"SecretId":"s"})")->at("Tags")),
            R"([{"Key":"a","Value":"2"}])");
  for (int i = 0; i < 49; ++i) {
    ASSERT_EQ(code("TagResource", fmt::format(R"({{"SecretId":"s","Tags":[{{"Key":"k{}","Value":"1"}}]}})", i)),
              "done");
  }
  EXPECT_EQ(code("TagResource", R"({"SecretId":"s","Tags":[{"Key":"more","Value":"1"}]})"),
            "InvalidParameterException");
  EXPECT_EQ(code("TagResource", R"({"SecretId":"s","Tags":[{"Key":"k1","Value":"2"}]})"), "done");
}

TEST_F(SecretOperations, ASecretMarkedForDeletionRefusesAllButItsFate) {
  perform("CreateSecret", R"({"Name":"s","SecretString":"x"})");
  const auto deleted = perform("DeleteSecret", R"({"SecretId":"s","RecoveryWindowInDays":7})");
  ASSERT_TRUE(deleted);
  const double asked = static_cast<double>(now.time_since_epoch().count()) / 1000;
  EXPECT_DOUBLE_EQ(deleted->at("DeletionDate").to_number<double>(), asked + 7 * 86400);
  EXPECT_DOUBLE_EQ(perform("DescribeSecret", R"({"SecretId":"s"})")->at("DeletedDate").to_number<double>(), asked)
      << "shows when deletion was asked for";
  struct Row {
    const char* operation;
    const char* input;
  };
  const Row rows[] = {
      {"PutSecretValue", R"({"SecretId":"s","SecretString":"y"})"},
      {"GetSecretValue", R"({"SecretId":"s"})"},
      {"UpdateSecret", R"({"SecretId":"s","Description":"y"})"},
      {"UpdateSecretVersionStage", R"({"SecretId":"s","VersionStage":"A"})"},
      {"TagResource", R"({"SecretId":"s","Tags":[{"Key":"a","Value":"1"}]})"},
      {"UntagResource", R"({"SecretId":"s","TagKeys":["a"]})"},
      {"PutResourcePolicy", R"({"SecretId":"s","ResourcePolicy":"{}"})"},
      {"GetResourcePolicy", R"({"SecretId":"s"})"},
      {"DeleteResourcePolicy", R"({"SecretId":"s"})"},
      {"ReplicateSecretToRegions", R"({"SecretId":"s","AddReplicaRegions":[{"Region":"eu-west-1"}]})"},
      {"RemoveRegionsFromReplication", R"({"SecretId":"s","RemoveReplicaRegions":["eu-west-1"]})"},
  };
  for (const auto& row : rows) {
    const auto answer = perform(row.operation, row.input);
    ASSERT_FALSE(answer) << row.operation;
    EXPECT_EQ(answer.error().code, "InvalidRequestException") << row.operation;
    EXPECT_NE(answer.error().message.find("marked for deletion"), std::string::npos) << row.operation;
  }
  EXPECT_NE(message("CreateSecret", R"({"Name":"s"})").find("already scheduled for deletion"), std::string::npos);
  EXPECT_NE(message("DeleteSecret", R"({"SecretId":"s"})").find("marked deleted"), std::string::npos);
  EXPECT_EQ(code("ListSecretVersionIds", R"({"SecretId":"s"})"), "done");
  EXPECT_EQ(code("RestoreSecret", R"({"SecretId":"s"})"), "done");
  EXPECT_NE(said("GetSecretValue", R"({"SecretId":"s"})").find("\"x\""), std::string::npos);
}

TEST_F(SecretOperations, ADeletedSecretIsGoneWhenItsDateHasCome) {
  perform("CreateSecret", R"({"Name":"s"})");
  perform("DeleteSecret", R"({"SecretId":"s"})");
  now += days{30} - Milliseconds{1};
  EXPECT_EQ(code("DescribeSecret", R"({"SecretId":"s"})"), "done");
  now += Milliseconds{1};
  EXPECT_EQ(said("ListSecrets", R"({"IncludePlannedDeletion":true})"), R"({"SecretList":[]})");
  EXPECT_EQ(code("RestoreSecret", R"({"SecretId":"s"})"), "ResourceNotFoundException");
  EXPECT_TRUE(world.account(home).vaults[region].secrets.empty());
  EXPECT_EQ(code("CreateSecret", R"({"Name":"s"})"), "done");
}

TEST_F(SecretOperations, DeletionWindowsAndForce) {
  perform("CreateSecret", R"({"Name":"s"})");
  for (const auto* more : {R"("RecoveryWindowInDays":6)", R"("RecoveryWindowInDays":31)",
                           R"("RecoveryWindowInDays":7,"ForceDeleteWithoutRecovery":true)"}) {
    EXPECT_EQ(code("DeleteSecret", fmt::format(R"({{"SecretId":"s",{}}})", more)), "InvalidParameterException") << more;
  }
  perform("DeleteSecret", R"({"SecretId":"s"})");
  EXPECT_EQ(code("DeleteSecret", R"({"SecretId":"s","ForceDeleteWithoutRecovery":true})"), "done");
  EXPECT_EQ(code("DescribeSecret", R"({"SecretId":"s"})"), "ResourceNotFoundException");
  EXPECT_EQ(code("DeleteSecret", R"({"SecretId":"s"})"), "ResourceNotFoundException");
  EXPECT_EQ(code("DeleteSecret", R"({"SecretId":"s","ForceDeleteWithoutRecovery":true})"), "done") << "as AWS does";
}

TEST_F(SecretOperations, UpdateChangesWhatIsNamedAndMovesCurrent) {
  perform("CreateSecret",
          fmt::format(R"({{"Name":"s","Description":"d","SecretString":"x","ClientRequestToken":"{}"}})", token_one));
  now += hours{1};
  EXPECT_EQ(code("UpdateSecret", R"({"SecretId":"s","Description":"e"})"), "done");
  EXPECT_EQ(stages(), fmt::format(R"({{"{}":["AWSCURRENT"]}})", token_one));
  EXPECT_EQ(code("UpdateSecret",
                 fmt::format(R"({{"SecretId":"s","SecretString":"y","ClientRequestToken":"{}"}})", token_two)),
            "done");
  EXPECT_EQ(stages(), fmt::format(R"({{"{}":["AWSPREVIOUS"],"{}":["AWSCURRENT"]}})", token_one, token_two));
  const auto shown = perform("DescribeSecret", R"({"SecretId":"s"})");
  EXPECT_EQ(text(shown, "Description"), "e");
  EXPECT_LT(shown->at("CreatedDate").to_number<double>(), shown->at("LastChangedDate").to_number<double>());
}

TEST_F(SecretOperations, EveryChangeMovesTheDateOfTheLastOneAndNoReadDoes) {
  perform("CreateSecret", fmt::format(R"({{"Name":"s","SecretString":"x","ClientRequestToken":"{}"}})", token_one));
  now += std::chrono::milliseconds{1'001};
  const auto dated = [&] {
    const Output shown = perform("DescribeSecret", R"({"SecretId":"s"})");
    const Output list = perform("ListSecrets", R"({"IncludePlannedDeletion":true})");
    EXPECT_EQ(list->at("SecretList").at(0).at("LastChangedDate"), shown->at("LastChangedDate"));
    return shown->at("LastChangedDate").as_double();
  };
  double last = dated();
  EXPECT_DOUBLE_EQ(last, static_cast<double>(now.time_since_epoch().count() - 1'001) / 1000);
  for (const auto* operation : {"GetSecretValue", "DescribeSecret", "GetResourcePolicy", "ListSecretVersionIds"}) {
    now += std::chrono::milliseconds{1'001};
    ASSERT_EQ(code(operation, R"({"SecretId":"s"})"), "done") << operation;
    EXPECT_DOUBLE_EQ(dated(), last) << operation;
  }
  const std::string second = fmt::format(R"("VersionStage":"mine","MoveToVersionId":"{}")", token_two);
  const std::string stored = fmt::format(R"("SecretString":"y","ClientRequestToken":"{}")", token_two);
  const std::pair<const char*, std::string> changes[] = {
      {"PutSecretValue", stored},
      {"UpdateSecretVersionStage", second},
      {"UpdateSecret", R"("Description":"d")"},
      {"TagResource", R"("Tags":[{"Key":"k","Value":"v"}])"},
      {"UntagResource", R"("TagKeys":["k"])"},
      {"PutResourcePolicy", R"("ResourcePolicy":"{\"Statement\":[]}")"},
      {"DeleteResourcePolicy", ""},
      {"ReplicateSecretToRegions", R"("AddReplicaRegions":[{"Region":"eu-west-1"}])"},
      {"RemoveRegionsFromReplication", R"("RemoveReplicaRegions":["eu-west-1"])"},
      {"DeleteSecret", ""},
      {"RestoreSecret", ""},
  };
  for (const auto& [operation, more] : changes) {
    now += std::chrono::milliseconds{1'001};
    ASSERT_EQ(code(operation, fmt::format(R"({{"SecretId":"s"{}{}}})", more.empty() ? "" : ",", more)), "done")
        << operation;
    EXPECT_DOUBLE_EQ(dated(), static_cast<double>(now.time_since_epoch().count()) / 1000) << operation;
    EXPECT_GT(dated(), last) << operation;
    last = dated();
  }
}

TEST_F(SecretOperations, AnotherAccountsSecretIsFoundByItsFullArnOnly) {
  const auto made = perform("CreateSecret", R"({"Name":"s","SecretString":"x"})");
  const std::string arn = text(made, "ARN");
  caller.account = other;
  EXPECT_EQ(code("DescribeSecret", R"({"SecretId":"s"})"), "ResourceNotFoundException");
  const auto read = perform("GetSecretValue", fmt::format(R"({{"SecretId":"{}"}})", arn));
  ASSERT_TRUE(read);
  EXPECT_EQ(text(read, "ARN"), arn);
  region = Region("eu-west-1");
  EXPECT_EQ(code("GetSecretValue", fmt::format(R"({{"SecretId":"{}"}})", arn)), "ResourceNotFoundException")
      << "a regional endpoint knows its own region only";
}

TEST_F(SecretOperations, AMissingSecretIdIsNoName) {
  EXPECT_EQ(code("DescribeSecret"), "ValidationException");
  EXPECT_EQ(code("DescribeSecret", R"({"SecretId":"arn:aws:secretsmanager"})"), "ResourceNotFoundException");
}

}  // namespace
}  // namespace rekeyer::sandbox
