#include "engine/partition.hpp"

#include <gmock/gmock.h>

namespace rekeyer::engine {
namespace {

using testing::HasSubstr;

std::string problem(std::string_view partition, const config::Configuration& configuration) {
  const auto checked = check_partition(partition, configuration);
  if (checked) return "none";
  EXPECT_EQ(checked.error().kind, ErrorKind::usage);
  return checked.error().message;
}

config::Configuration parsed(std::string_view toml) {
  auto configuration = config::parse_or_fail(toml, "rekeyer.toml");
  EXPECT_TRUE(configuration) << configuration.error().message;
  return configuration.value_or(config::Configuration{});
}

TEST(Partition, TheStoreIsWhereTheCallersPartitionHasItsIam) {
  EXPECT_EQ(default_store_region(Region{}).str(), "us-east-1");
  EXPECT_EQ(default_store_region(Region{"eu-west-1"}).str(), "us-east-1") << "not where somebody runs rekeyer";
  EXPECT_EQ(default_store_region(Region{"us-gov-east-1"}).str(), "us-gov-west-1");
  EXPECT_EQ(default_store_region(Region{"cn-northwest-1"}).str(), "cn-north-1");
}

TEST(Partition, WhatLiesInTheCallersIsFine) {
  EXPECT_EQ(problem("aws", {}), "none");
  EXPECT_EQ(
      problem("aws-us-gov", parsed("[store]\nregion = \"us-gov-east-1\"\nreplica_regions = [\"us-gov-west-1\"]\n"
                                   "[organization]\nlist_role_arn = \"arn:aws-us-gov:iam::111111111111:role/l\"\n")),
      "none");
  EXPECT_EQ(problem("aws-new", {}), "none") << "nothing is known of it";
}

TEST(Partition, AStoreElsewhereIsNamedWithWhatToWrite) {
  EXPECT_EQ(
      problem("aws-us-gov", parsed("[store]\nregion = \"us-east-1\"\n")),
      "the caller is in the partition aws-us-gov, and not all of the configuration fits; `store.region` is us-east-1, "
      "a region of the partition aws: set a region of aws-us-gov, such as us-gov-west-1");
}

TEST(Partition, EverythingElsewhereIsNamedAtOnce) {
  const auto text = problem("aws-cn", parsed("[store]\nregion = \"cn-north-1\"\nreplica_regions = [\"eu-west-1\"]\n"
                                             "kms_key_id = \"arn:aws-cn:kms:cn-north-1:111111111111:key/k\"\n"
                                             "[organization]\nlist_role_arn = \"arn:aws:iam::111111111111:role/l\"\n"
                                             "[[notify.channel]]\ntype = \"sns\"\n"
                                             "topic_arn = \"arn:aws:sns:eu-west-1:111111111111:keys\"\n"));
  EXPECT_THAT(text, HasSubstr("`store.replica_regions` is eu-west-1, a region of the partition aws: set a region of "
                              "aws-cn, such as cn-north-1"));
  EXPECT_THAT(text, HasSubstr("`organization.list_role_arn` is arn:aws:iam::111111111111:role/l, which is in the "
                              "partition aws: its ARN must begin with arn:aws-cn:"));
  EXPECT_THAT(text, HasSubstr("`notify.channel sns: topic_arn` is arn:aws:sns:eu-west-1:111111111111:keys"));
  EXPECT_THAT(text, testing::Not(HasSubstr("kms_key_id")));
}

TEST(Partition, WhoeverIsToReadOrWriteIsOfTheCallersToo) {
  const auto text = problem("aws-cn", parsed("[store]\nregion = \"cn-north-1\"\nlock = \"all\"\n"
                                             "writers = [\"arn:aws:iam::{account}:role/w\"]\n"
                                             "former_writers = [\"arn:aws:iam::{account}:role/f\"]\n"
                                             "break_glass = [\"arn:aws-us-gov:iam::{account}:role/b\"]\n"
                                             "readers = [\"arn:aws:iam::{account}:role/r\"]\n"));
  for (const auto* key : {"store.writers", "store.former_writers", "store.break_glass", "store.readers"}) {
    EXPECT_THAT(text, HasSubstr(std::string("`") + key + "` is arn:aws"));
  }
  EXPECT_EQ(problem("aws-cn", parsed("[store]\nregion = \"cn-north-1\"\n"
                                     "break_glass = [\"arn:aws-cn:iam::{account}:role/b\"]\n")),
            "none");
}

TEST(Partition, ADefaultThatIsAReplicaTooIsFoundWhenItIsKnown) {
  auto configuration = parsed("[store]\nreplica_regions = [\"us-gov-west-1\"]\n");
  configuration.rotation.store.region = default_store_region(Region{"us-gov-east-1"});
  EXPECT_THAT(problem("aws-us-gov", configuration), HasSubstr("`store.replica_regions` holds us-gov-west-1"));
}

}  // namespace
}  // namespace rekeyer::engine
