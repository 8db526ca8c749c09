#include "sandbox/services/secret_bench.hpp"

namespace rekeyer::sandbox {
namespace {

class SecretReplication : public SecretBench {
 protected:
  SecretReplication() { perform("CreateSecret", R"({"Name":"s","SecretString":"x"})"); }
  std::string replicate(std::string_view where, std::string_view more = "") {
    return said("ReplicateSecretToRegions",
                fmt::format(R"({{"SecretId":"s","AddReplicaRegions":[{{"Region":"{}"}}]{}}})", where, more));
  }
};

TEST_F(SecretReplication, AReplicaAnswersReadsWithItsOwnArn) {
  EXPECT_NE(replicate("eu-west-1").find(R"("Status":"InSync")"), std::string::npos);
  region = Region("eu-west-1");
  const auto shown = perform("DescribeSecret", R"({"SecretId":"s"})");
  ASSERT_TRUE(shown);
  EXPECT_EQ(text(shown, "PrimaryRegion"), "us-east-1");
  const std::string arn = text(shown, "ARN");
  EXPECT_TRUE(arn.starts_with("arn:aws:secretsmanager:eu-west-1:111111111111:secret:s-")) << arn;
  const auto read = perform("GetSecretValue", fmt::format(R"({{"SecretId":"{}"}})", arn));
  ASSERT_TRUE(read);
  EXPECT_EQ(text(read, "SecretString"), "x");
  EXPECT_NE(said("ListSecrets").find(arn), std::string::npos);
}

TEST_F(SecretReplication, AReplicaRefusesWritesAndHoldsTheName) {
  replicate("eu-west-1");
  region = Region("eu-west-1");
  for (const auto* operation :
       {"TagResource", "DeleteSecret", "RestoreSecret", "DeleteResourcePolicy", "PutSecretValue"}) {
    const auto answer = perform(operation, R"({"SecretId":"s","SecretString":"y"})");
    ASSERT_FALSE(answer) << operation;
    EXPECT_NE(answer.error().message.find("replica"), std::string::npos) << operation;
  }
  EXPECT_EQ(code("CreateSecret", R"({"Name":"s"})"), "ResourceExistsException");
}

TEST_F(SecretReplication, APrimaryIsNotDeletedBeforeItsReplicas) {
  replicate("eu-west-1");
  EXPECT_EQ(code("DeleteSecret", R"({"SecretId":"s"})"), "InvalidRequestException");
  EXPECT_EQ(code("DeleteSecret", R"({"SecretId":"s","ForceDeleteWithoutRecovery":true})"), "InvalidRequestException");
  EXPECT_EQ(code("RemoveRegionsFromReplication", R"({"SecretId":"s","RemoveReplicaRegions":["eu-west-1"]})"), "done");
  EXPECT_EQ(code("RemoveRegionsFromReplication", R"({"SecretId":"s","RemoveReplicaRegions":["eu-west-1"]})"),
            "InvalidParameterException");
  EXPECT_EQ(code("DeleteSecret", R"({"SecretId":"s"})"), "done");
  region = Region("eu-west-1");
  EXPECT_EQ(code("DescribeSecret", R"({"SecretId":"s"})"), "ResourceNotFoundException");
}

TEST_F(SecretReplication, RegionsAreChecked) {
  for (const auto* where : {"us-east-1", "", "nowhere", "1-1", "EU-WEST-1"}) {
    EXPECT_EQ(replicate(where), "InvalidParameterException") << where;
  }
  replicate("eu-west-1");
  EXPECT_EQ(replicate("eu-west-1"), "InvalidParameterException");
  EXPECT_EQ(code("ReplicateSecretToRegions", R"({"SecretId":"s"})"), "ValidationException");
}

TEST_F(SecretReplication, ANamesakeFailsTheReplicaUnlessOverwritten) {
  region = Region("eu-west-1");
  perform("CreateSecret", R"({"Name":"s","SecretString":"theirs"})");
  region = Region("us-east-1");
  EXPECT_NE(replicate("eu-west-1").find(R"("Status":"Failed")"), std::string::npos);
  region = Region("eu-west-1");
  EXPECT_NE(said("GetSecretValue", R"({"SecretId":"s"})").find("theirs"), std::string::npos);
  region = Region("us-east-1");
  perform("RemoveRegionsFromReplication", R"({"SecretId":"s","RemoveReplicaRegions":["eu-west-1"]})");
  EXPECT_NE(replicate("eu-west-1", R"(,"ForceOverwriteReplicaSecret":true)").find(R"("InSync")"), std::string::npos);
  region = Region("eu-west-1");
  EXPECT_NE(said("GetSecretValue", R"({"SecretId":"s"})").find(R"("x")"), std::string::npos);
}

TEST_F(SecretReplication, AReplicaThatIsTakenOffIsASecretOfItsOwn) {
  replicate("eu-west-1");
  EXPECT_EQ(code("StopReplicationToReplica", R"({"SecretId":"s"})"), "InvalidRequestException") << "the primary";
  region = Region("eu-west-1");
  const std::string arn = text(perform("DescribeSecret", R"({"SecretId":"s"})"), "ARN");
  EXPECT_EQ(text(perform("StopReplicationToReplica", R"({"SecretId":"s"})"), "ARN"), arn);
  EXPECT_EQ(code("PutSecretValue", R"({"SecretId":"s","SecretString":"theirs"})"), "done");
  const auto shown = perform("DescribeSecret", R"({"SecretId":"s"})");
  EXPECT_EQ(text(shown, "ARN"), arn);
  EXPECT_FALSE(shown->contains("PrimaryRegion"));
  region = Region("us-east-1");
  EXPECT_EQ(text(perform("GetSecretValue", R"({"SecretId":"s"})"), "SecretString"), "x");
  EXPECT_FALSE(perform("DescribeSecret", R"({"SecretId":"s"})")->contains("ReplicationStatus"));
}

TEST_F(SecretReplication, AReplicaMayTakeItsTime) {
  behaviour.replication_time = std::chrono::seconds(30);
  EXPECT_NE(replicate("eu-west-1").find(R"("Status":"InProgress")"), std::string::npos);
  region = Region("eu-west-1");
  EXPECT_EQ(code("DescribeSecret", R"({"SecretId":"s"})"), "ResourceNotFoundException");
  EXPECT_EQ(said("ListSecrets"), R"({"SecretList":[]})");
  now += std::chrono::seconds(30);
  EXPECT_EQ(code("DescribeSecret", R"({"SecretId":"s"})"), "done");
  region = Region("us-east-1");
  EXPECT_NE(said("DescribeSecret", R"({"SecretId":"s"})").find(R"("Status":"InSync")"), std::string::npos);
}

TEST_F(SecretReplication, ARegionMayFail) {
  behaviour.failing_replica_regions = {"eu-west-1"};
  behaviour.replication_time = std::chrono::seconds(30);
  EXPECT_NE(replicate("eu-west-2").find(R"("Status":"InProgress")"), std::string::npos);
  const auto begun = replicate("eu-west-1");
  EXPECT_EQ(begun.find("StatusMessage"), std::string::npos) << begun;
  now += std::chrono::seconds(30);
  const auto ended = said("DescribeSecret", R"({"SecretId":"s"})");
  EXPECT_NE(ended.find(R"("Region":"eu-west-2","KmsKeyId":"alias/aws/secretsmanager","Status":"InSync"})"),
            std::string::npos)
      << ended;
  EXPECT_NE(ended.find(R"("Status":"Failed","StatusMessage":"Replication failed: )"), std::string::npos) << ended;
  region = Region("eu-west-1");
  EXPECT_EQ(code("DescribeSecret", R"({"SecretId":"s"})"), "ResourceNotFoundException");
}

TEST_F(SecretReplication, CreateMayReplicateAtOnce) {
  const auto made =
      perform("CreateSecret", R"({"Name":"t","AddReplicaRegions":[{"Region":"eu-west-1","KmsKeyId":"nowhere"},
                                                {"Region":"eu-west-2"}]})");
  ASSERT_TRUE(made);
  EXPECT_EQ(made->at("ReplicationStatus").as_array().at(0).at("Status").as_string(), "Failed") << "no such key there";
  EXPECT_EQ(made->at("ReplicationStatus").as_array().at(1).at("Status").as_string(), "InSync");
  EXPECT_EQ(perform("DescribeSecret", R"({"SecretId":"t"})")->at("ReplicationStatus").as_array().size(), 2u);
}

}  // namespace
}  // namespace rekeyer::sandbox
