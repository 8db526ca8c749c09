// Every partition's region prefix, and what follows from it.
#include "aws/call/partition.hpp"

#include <gtest/gtest.h>

namespace rekeyer::aws {
namespace {

TEST(Partition, FollowsFromTheRegionsPrefix) {
  const std::pair<const char*, const char*> rows[] = {
      {"us-east-1", "aws"},
      {"eu-west-1", "aws"},
      {"ap-southeast-5", "aws"},
      {"il-central-1", "aws"},
      {"us-gov-west-1", "aws-us-gov"},
      {"us-gov-east-1", "aws-us-gov"},
      {"cn-north-1", "aws-cn"},
      {"cn-northwest-1", "aws-cn"},
      {"us-iso-east-1", "aws-iso"},
      {"us-iso-west-1", "aws-iso"},
      {"us-isob-east-1", "aws-iso-b"},
      {"eu-isoe-west-1", "aws-iso-e"},
      {"us-isof-south-1", "aws-iso-f"},
      {"us-isof-east-1", "aws-iso-f"},
      {"eusc-de-east-1", "aws-eusc"},
      {"mars-north-1", "aws"},
      {"", "aws"},
  };
  for (const auto& [region, id] : rows) EXPECT_EQ(partition_of(Region(region)).id, id) << region;
}

TEST(Partition, IsFoundByItsIdAndOnlyThen) {
  for (const char* id : {"aws", "aws-us-gov", "aws-cn", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f", "aws-eusc"}) {
    const Partition* found = partition_named(id);
    ASSERT_NE(found, nullptr) << id;
    EXPECT_EQ(found->id, id);
  }
  EXPECT_EQ(partition_named("aws-"), nullptr);
  EXPECT_EQ(partition_named(""), nullptr);
  EXPECT_EQ(partition_named("AWS"), nullptr);
}

}  // namespace
}  // namespace rekeyer::aws
