// Places that a configuration is read from, as REKEYER_CONFIG spells them.
#include "config/location.hpp"

#include <gtest/gtest.h>

#include <optional>

namespace rekeyer::config {
namespace {

Location good_location(std::string_view text) {
  const auto location = parse_location(text);
  if (location) return *location;
  ADD_FAILURE() << location.error().message;
  return {};
}

std::string refused(std::string_view text) {
  const auto location = parse_location(text);
  if (location) return "taken";
  EXPECT_EQ(location.error().kind, ErrorKind::usage);
  return location.error().message;
}

TEST(ConfigurationPlace, AnythingWithoutASchemeIsAPath) {
  for (const std::string_view text :
       {"rekeyer.toml", "/etc/rekeyer/rekeyer.toml", "./s3:/odd", "a b.toml", "s3", "ssm"}) {
    EXPECT_EQ(good_location(text), Location(std::filesystem::path(text)));
  }
}

TEST(ConfigurationPlace, AnObjectInS3) {
  EXPECT_EQ(good_location("s3://my-bucket/rekeyer.toml"), Location(ObjectLocation{"my-bucket", "rekeyer.toml"}));
  EXPECT_EQ(good_location("s3://a.b.c/x/y z/rekeyer.toml"), Location(ObjectLocation{"a.b.c", "x/y z/rekeyer.toml"}));
}

TEST(ConfigurationPlace, AParameterOfSystemsManager) {
  EXPECT_EQ(good_location("ssm:/rekeyer/config"), Location(ParameterLocation{"/rekeyer/config"}));
  EXPECT_EQ(good_location("ssm:config"), Location(ParameterLocation{"config"}));
  constexpr std::string_view arn = "arn:aws:ssm:eu-west-1:111111111111:parameter/rekeyer/config";
  EXPECT_EQ(good_location("ssm:" + std::string(arn)), Location(ParameterLocation{std::string(arn)}));
}

TEST(ConfigurationPlace, WhatIsNoPlaceIsRefusedWithWhatToWrite) {
  EXPECT_NE(refused("").find("is empty"), std::string::npos);
  for (const std::string_view text :
       {"s3://", "s3://bucket", "s3://bucket/", "s3://b/key", "s3://Bucket/key", "s3://bucket/folder/"}) {
    EXPECT_NE(refused(text).find("write s3://bucket/rekeyer.toml"), std::string::npos) << text;
  }
  for (const std::string_view text : {"ssm:", "ssm://rekeyer/config", "ssm:///config", "ssm:/with space"}) {
    EXPECT_NE(refused(text).find("write ssm:/rekeyer/config"), std::string::npos) << text;
  }
  for (const std::string_view text : {"https://example.com/rekeyer.toml", "s3:bucket/key", "arn:aws:s3:::bucket/key"}) {
    EXPECT_NE(refused(text).find("is neither a path nor s3://bucket/key nor ssm:/parameter"), std::string::npos)
        << text;
  }
}

}  // namespace
}  // namespace rekeyer::config
