// Where a configuration is read from: a file, an object in S3, or a parameter of Systems Manager. What is there is
// fetched elsewhere: this layer makes no calls.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <variant>

#include "base/error.hpp"

namespace rekeyer::config {

/// s3://bucket/key
struct ObjectLocation {
  std::string bucket;
  std::string key;
  bool operator==(const ObjectLocation&) const = default;
};

/// ssm:/name, or ssm:name for one outside of any hierarchy, or ssm:arn:…
struct ParameterLocation {
  std::string name;
  bool operator==(const ParameterLocation&) const = default;
};

using Location = std::variant<std::filesystem::path, ObjectLocation, ParameterLocation>;

/// Fails with `usage` where the text is empty, where it names neither (another scheme), or a bucket, key or parameter
/// that AWS can't have. Pure.
Result<Location> parse_location(std::string_view text);

}  // namespace rekeyer::config
