// The Secrets Manager client: what is sent, how refusals read, and that values are seen by nobody.
#include "aws/services/secrets_manager.hpp"

#include <gtest/gtest.h>

#include "fakes/call_bench.hpp"

namespace rekeyer::aws {
namespace {

using namespace std::chrono_literals;
using fakes::CallBench;

const SecretName secret("Account_111111111111_User_ann_AccessKey");
const std::string named = R"({"ARN":"arn:aws:secretsmanager:eu-west-1:1:secret:s-AbCdEf","Name":"s"})";

class SecretsTest : public testing::Test {
 protected:
  std::string kind(const auto& result) { return result ? "ok" : std::string(name(result.error().kind)); }
  void always(const std::string& body) {
    for (int i = 0; i < 8; ++i) bench.transport.reply(200, body);
  }
  const std::string& last_body() { return bench.transport.sent.back().body; }
  CallBench bench;
  SecretsManagerClient secrets{bench.caller, bench.principal()};
};

TEST_F(SecretsTest, ADescriptionIsReadWhole) {
  bench.transport.reply(200, R"({"ARN":"arn:s","Name":"s","KmsKeyId":"alias/k","CreatedDate":1.7672E9,
    "Tags":[{"Key":"rekeyer:custody","Value":"x"},{"Key":"e","Value":""}],
    "VersionIdsToStages":{"v1":["AWSCURRENT","keep"],"v2":["AWSPENDING"],"v3":[]},"DeletedDate":null,
    "ReplicationStatus":[{"Region":"eu-west-2","Status":"Failed","StatusMessage":"no"}],"Unknown":{"x":[1]}})");
  const auto description = bench.run(secrets.describe_secret(secret));
  ASSERT_TRUE(description) << describe(description.error());
  EXPECT_EQ(description->arn.str(), "arn:s");
  EXPECT_EQ(description->name.str(), "s");
  EXPECT_EQ(description->kms_key_id, "alias/k");
  EXPECT_EQ(description->tags, (Tags{{"rekeyer:custody", "x"}, {"e", ""}}));
  EXPECT_EQ(description->versions.at(VersionId("v1")), (std::set<std::string>{"AWSCURRENT", "keep"}));
  EXPECT_EQ(description->versions.size(), 3u);
  EXPECT_EQ(description->created, from_epoch_seconds(1.7672e9));
  EXPECT_FALSE(description->deleted);
  EXPECT_EQ(description->replicas.at(0).region.str(), "eu-west-2");
  EXPECT_EQ(description->replicas.at(0).status, "Failed");
  EXPECT_EQ(description->replicas.at(0).message, "no");
  EXPECT_EQ(last_body(), R"({"SecretId":"Account_111111111111_User_ann_AccessKey"})");
  EXPECT_EQ(bench.transport.sent[0].header("X-Amz-Target"), "secretsmanager.DescribeSecret");

  bench.transport.reply(200, R"({"ARN":"a","Name":"s","DeletedDate":1767225600})");
  EXPECT_EQ(bench.run(secrets.describe_secret(secret)).value().deleted, from_epoch_seconds(1767225600));
}

TEST_F(SecretsTest, AbsenceIsOnlyWhatAwsCallsSo) {
  bench.transport.json_error(400, "ResourceNotFoundException", "Secrets Manager can't find the specified secret.");
  EXPECT_EQ(kind(bench.run(secrets.describe_secret(secret))), "not_found");
  bench.transport.json_error(400, "AccessDeniedException");
  EXPECT_EQ(kind(bench.run(secrets.describe_secret(secret))), "access_denied");
  bench.transport.reply(404, "<html>");
  EXPECT_EQ(kind(bench.run(secrets.describe_secret(secret))), "bad_reply");
  always("{}");
  EXPECT_EQ(kind(bench.run(secrets.describe_secret(secret))), "bad_reply");
  always(R"({"ARN":"a","Name":"s","VersionIdsToStages":{"v1":"AWSCURRENT"}})");
  EXPECT_EQ(kind(bench.run(secrets.describe_secret(secret))), "bad_reply");
}

TEST_F(SecretsTest, SecretsAreListedByPrefixToTheEnd) {
  bench.transport.reply(
      200, R"({"SecretList":[{"ARN":"a1","Name":"Account_1_x","SecretVersionsToStages":{"v":["AWSCURRENT"]},
    "DeletedDate":1767225600}],"NextToken":"t1"})");
  bench.transport.reply(200, R"({"SecretList":[],"NextToken":"t2"})");
  bench.transport.reply(
      200, R"({"SecretList":[{"ARN":"a2","Name":"Account_1_y"},{"ARN":"a3","Name":"other Account_1_z"}]})");
  const auto list = bench.run(secrets.list_secrets("Account_1_"));
  ASSERT_TRUE(list) << describe(list.error());
  ASSERT_EQ(list->size(), 2u);
  EXPECT_EQ((*list)[0].versions.size(), 1u);
  EXPECT_TRUE((*list)[0].deleted);
  EXPECT_EQ((*list)[1].name.str(), "Account_1_y");
  EXPECT_EQ(bench.transport.sent[0].body,
            R"({"MaxResults":100,"IncludePlannedDeletion":true,"Filters":[{"Key":"name","Values":["Account_1_"]}]})");
  EXPECT_TRUE(bench.transport.sent[2].has(R"("NextToken":"t2")"));
}

TEST_F(SecretsTest, AFilterHoldsOnlyWhatAFilterMay) {
  bench.transport.reply(200, R"({"SecretList":[{"ARN":"a","Name":"ab,c1"},{"ARN":"b","Name":"abc"}]})");
  EXPECT_EQ(bench.run(secrets.list_secrets("ab,c")).value().size(), 1u);
  EXPECT_TRUE(bench.transport.sent[0].has(R"("Values":["ab"])"));
  bench.transport.reply(200, R"({"SecretList":[]})");
  EXPECT_TRUE(bench.run(secrets.list_secrets("")));
  EXPECT_FALSE(bench.transport.sent[1].has("Filters"));
}

TEST_F(SecretsTest, AListThatRepeatsItselfFails) {
  for (int i = 0; i < 2; ++i) bench.transport.reply(200, R"({"SecretList":[],"NextToken":"t"})");
  EXPECT_EQ(kind(bench.run(secrets.list_secrets("x"))), "bad_reply");
}

TEST_F(SecretsTest, APolicyMayBeAbsent) {
  bench.transport.reply(200, R"({"ARN":"a","Name":"s","ResourcePolicy":"{\"Version\":\"2012-10-17\"}"})");
  EXPECT_EQ(bench.run(secrets.resource_policy(secret)).value(), R"({"Version":"2012-10-17"})");
  bench.transport.reply(200, R"({"ARN":"a","Name":"s"})");
  EXPECT_EQ(bench.run(secrets.resource_policy(secret)).value(), std::nullopt);
  always("{}");
  EXPECT_EQ(kind(bench.run(secrets.resource_policy(secret))), "bad_reply");
}

TEST_F(SecretsTest, ASecretIsCreatedWithoutAValueButWithATokenAndTags) {
  bench.transport.lost().reply(200, named);
  const auto created = bench.run(
      secrets.create_secret({SecretName("s"), "what \"it\" is", "alias/k", {{"a", "b"}}}, SignBefore::never()));
  ASSERT_TRUE(created) << describe(created.error());
  EXPECT_EQ(created->arn.str(), "arn:aws:secretsmanager:eu-west-1:1:secret:s-AbCdEf");
  EXPECT_TRUE(created->versions.empty());
  const auto& body = last_body();
  EXPECT_EQ(bench.transport.sent[0].body, body) << "a repeated request is the same";
  EXPECT_NE(body.find(R"("Name":"s")"), std::string::npos);
  EXPECT_NE(body.find(R"("Description":"what \"it\" is","KmsKeyId":"alias/k","Tags":[{"Key":"a","Value":"b"}])"),
            std::string::npos)
      << body;
  EXPECT_EQ(body.find("SecretString"), std::string::npos);
  const auto at = body.find(R"("ClientRequestToken":")") + 22;
  const auto length = body.find('"', at) - at;
  EXPECT_GE(length, 32u);
  EXPECT_LE(length, 64u);

  bench.transport.json_error(400, "ResourceExistsException");
  EXPECT_EQ(kind(bench.run(secrets.create_secret({SecretName("s"), "", "", {}}, SignBefore::never()))),
            "already_exists");
  bench.transport.json_error(400, "InvalidRequestException",
                             "a secret with this name is already scheduled for deletion.");
  EXPECT_EQ(kind(bench.run(secrets.create_secret({SecretName("s"), "", "", {}}, SignBefore::never()))),
            "marked_for_deletion");
}

// ---------------------------------------------------------------------------------------------------- storing a value

const std::string hidden = "abcdefghijklmnopqrstuvwxyz/0123456789+AB";
const WipedString value(R"({"AccessKeyId":"AKIANEW","SecretAccessKey":"abcdefghijklmnopqrstuvwxyz/0123456789+AB"})");
const VersionId token("0123456789abcdef0123456789abcdef");
const std::string stored = R"({"ARN":"a","Name":"s","VersionId":"0123456789abcdef0123456789abcdef"})";

TEST_F(SecretsTest, AValueIsStoredUnderItsTokenAndStageAndAgainWhereTheReplyWasLost) {
  bench.transport.lost()
      .json_error(500, "InternalServiceError")
      .json_error(400, "ThrottlingException")
      .reply(200, stored);
  EXPECT_EQ(kind(bench.run(secrets.put_secret_value(secret, token, value, "AWSPENDING",
                                                    SignBefore::at(bench.clock.now() + 7min)))),
            "ok");
  ASSERT_EQ(bench.transport.sent.size(), 4u);
  for (const auto& sent : bench.transport.sent) {
    EXPECT_TRUE(sent.has(R"("ClientRequestToken":"0123456789abcdef0123456789abcdef")"));
    EXPECT_TRUE(sent.has(R"("VersionStages":["AWSPENDING"])"));
    EXPECT_TRUE(sent.has(R"("SecretString":"{\"AccessKeyId\":\"AKIANEW\")")) << sent.body;
  }
  EXPECT_EQ(bench.logged.find(hidden), std::string::npos);
}

TEST_F(SecretsTest, AValueThatMayHaveLandedIsNotSaidToBeRefused) {
  bench.transport.lost().json_error(400, "AccessDeniedException");
  const Instant end = bench.clock.now() + 7min;
  EXPECT_EQ(kind(bench.run(secrets.put_secret_value(secret, token, value, "AWSPENDING", SignBefore::at(end)))),
            "outcome_unknown");
}

TEST_F(SecretsTest, ARefusedValueIsShownToNobody) {
  const auto put = [&] {
    return bench.run(secrets.put_secret_value(secret, token, value, "AWSPENDING", SignBefore::never()));
  };
  bench.transport.json_error(400, "ValidationException", "Value '" + hidden + "' at 'secretString'");
  const auto refused = put();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::rejected);
  EXPECT_EQ(describe(refused.error()).find(hidden), std::string::npos);
  bench.transport.json_error(400, "ResourceExistsException");
  EXPECT_EQ(kind(put()), "already_exists");
  bench.transport.json_error(400, "InvalidRequestException", "because it was marked for deletion.");
  EXPECT_EQ(kind(put()), "marked_for_deletion");
  bench.transport.json_error(400, "AccessDeniedException", "Access to KMS is not allowed");
  EXPECT_EQ(kind(put()), "access_denied");
  EXPECT_EQ(bench.logged.find(hidden), std::string::npos);
}

TEST_F(SecretsTest, AValueStoredUnderAnotherVersionIsNotStored) {
  always(R"({"ARN":"a","Name":"s","VersionId":"another"})");
  EXPECT_EQ(kind(bench.run(secrets.put_secret_value(secret, token, value, "AWSPENDING", SignBefore::never()))),
            "bad_reply");
}

// ---------------------------------------------------------------------------------------------------- other changes

TEST_F(SecretsTest, LabelsMove) {
  bench.transport.reply(200, named);
  EXPECT_TRUE(
      bench.run(secrets.move_stage(secret, "AWSCURRENT", VersionId("v1"), VersionId("v2"), SignBefore::never())));
  EXPECT_EQ(last_body(), R"({"SecretId":"Account_111111111111_User_ann_AccessKey","VersionStage":"AWSCURRENT",)"
                         R"("RemoveFromVersionId":"v1","MoveToVersionId":"v2"})");
  bench.transport.json_error(400, "InvalidParameterException", "The parameter RemoveFromVersionId can't be empty.");
  EXPECT_EQ(
      kind(bench.run(secrets.move_stage(secret, "AWSCURRENT", std::nullopt, VersionId("v2"), SignBefore::never()))),
      "conflict");
  EXPECT_EQ(last_body().find("RemoveFromVersionId"), std::string::npos);
}

TEST_F(SecretsTest, TagsAreSetAndAnEmptyReplyAcknowledges) {
  bench.transport.reply(200, "");
  EXPECT_TRUE(bench.run(secrets.tag_secret(secret, {{"rekeyer:intent", "x"}}, SignBefore::never())));
  EXPECT_TRUE(bench.transport.sent[0].has(R"("Tags":[{"Key":"rekeyer:intent","Value":"x"}])"));
  EXPECT_EQ(bench.transport.sent[0].header("X-Amz-Target"), "secretsmanager.TagResource");
  always("<html>");
  EXPECT_EQ(kind(bench.run(secrets.tag_secret(secret, {}, SignBefore::never()))), "bad_reply");
}

TEST_F(SecretsTest, PoliciesReplicasAndDeletionAreSent) {
  bench.transport.reply(200, named);
  EXPECT_TRUE(bench.run(secrets.put_resource_policy(secret, "{\"a\":1}", SignBefore::never())));
  EXPECT_TRUE(bench.transport.sent.back().has(R"("ResourcePolicy":"{\"a\":1}","BlockPublicPolicy":true)"));

  bench.transport.reply(200, named);
  EXPECT_TRUE(bench.run(
      secrets.replicate(secret, {{Region("eu-west-2"), "k"}, {Region("eu-west-3"), ""}}, SignBefore::never())));
  EXPECT_TRUE(bench.transport.sent.back().has(
      R"("AddReplicaRegions":[{"Region":"eu-west-2","KmsKeyId":"k"},{"Region":"eu-west-3"}])"))
      << last_body();

  bench.transport.reply(200, named);
  EXPECT_TRUE(
      bench.run(secrets.remove_replicas(secret, {Region("eu-west-2"), Region("eu-west-3")}, SignBefore::never())));
  EXPECT_TRUE(bench.transport.sent.back().has(R"("RemoveReplicaRegions":["eu-west-2","eu-west-3"])"));

  bench.transport.reply(200, named);
  EXPECT_TRUE(bench.run(secrets.schedule_deletion(secret, 30, SignBefore::never())));
  EXPECT_TRUE(bench.transport.sent.back().has(R"("RecoveryWindowInDays":30)"));
  bench.transport.json_error(400, "InvalidRequestException", "because it was marked for deletion.");
  EXPECT_TRUE(bench.run(secrets.schedule_deletion(secret, 30, SignBefore::never()))) << "scheduled already";
  bench.transport.json_error(400, "InvalidRequestException", "that still has replica regions");
  EXPECT_EQ(kind(bench.run(secrets.schedule_deletion(secret, 30, SignBefore::never()))), "rejected");

  bench.transport.reply(200, named);
  EXPECT_TRUE(bench.run(secrets.restore_secret(secret, SignBefore::never())));
}

TEST_F(SecretsTest, ChangesAreNotSignedPastTheLease) {
  const SignBefore over = SignBefore::at(bench.clock.now());
  EXPECT_EQ(kind(bench.run(secrets.create_secret({secret, "", "", {}}, over))), "lease_over");
  EXPECT_EQ(kind(bench.run(secrets.put_secret_value(secret, token, value, "AWSPENDING", over))), "lease_over");
  EXPECT_EQ(kind(bench.run(secrets.move_stage(secret, "x", {}, {}, over))), "lease_over");
  EXPECT_EQ(kind(bench.run(secrets.tag_secret(secret, {}, over))), "lease_over");
  EXPECT_EQ(kind(bench.run(secrets.put_resource_policy(secret, "{}", over))), "lease_over");
  EXPECT_EQ(kind(bench.run(secrets.replicate(secret, {}, over))), "lease_over");
  EXPECT_EQ(kind(bench.run(secrets.remove_replicas(secret, {}, over))), "lease_over");
  EXPECT_EQ(kind(bench.run(secrets.schedule_deletion(secret, 30, over))), "lease_over");
  EXPECT_EQ(kind(bench.run(secrets.restore_secret(secret, over))), "lease_over");
  EXPECT_TRUE(bench.transport.sent.empty());
}

}  // namespace
}  // namespace rekeyer::aws
