#include "config/location.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "config/draft.hpp"
#include "config/names.hpp"

namespace rekeyer::config {
namespace {

constexpr std::string_view object_scheme = "s3://";
constexpr std::string_view parameter_scheme = "ssm:";

std::unexpected<Error> wrong(std::string_view text, std::string_view why) {
  return fail(ErrorKind::usage, fmt::format("the configuration's place {} {}", shown(text), why));
}

bool good_bucket(std::string_view bucket) {
  const auto plain = [](char c) { return is_lower(c) || is_digit(c); };
  return bucket.size() >= 3 && bucket.size() <= 63 && plain(bucket.front()) && plain(bucket.back()) &&
         std::ranges::all_of(bucket, [&](char c) { return plain(c) || c == '.' || c == '-'; });
}

Result<Location> object(std::string_view text) {
  const auto place = text.substr(object_scheme.size());
  const auto slash = place.find('/');
  const auto bucket = place.substr(0, slash);
  const auto key = slash == std::string_view::npos ? std::string_view{} : place.substr(slash + 1);
  if (!good_bucket(bucket)) return wrong(text, "names no bucket; write s3://bucket/rekeyer.toml");
  constexpr std::size_t longest_key = 1024;
  if (key.empty() || key.ends_with('/') || key.size() > longest_key) {
    return wrong(text, "names no object; write s3://bucket/rekeyer.toml");
  }
  return ObjectLocation{std::string(bucket), std::string(key)};
}

Result<Location> parameter(std::string_view text) {
  const auto name = text.substr(parameter_scheme.size());
  if (name.starts_with("//") || check_parameter(name)) {
    return wrong(text, "names no Systems Manager parameter; write ssm:/rekeyer/config, or ssm: and its ARN");
  }
  return ParameterLocation{std::string(name)};
}

}  // namespace

Result<Location> parse_location(std::string_view text) {
  if (text.empty()) {
    return fail(ErrorKind::usage, "the configuration's place is empty; give a path, s3://bucket/key or ssm:/parameter");
  }
  if (text.starts_with(object_scheme)) return object(text);
  if (text.starts_with(parameter_scheme)) return parameter(text);
  const auto scheme = text.substr(0, text.find("://"));
  if (scheme.size() != text.size() || text.starts_with("s3:") || text.starts_with("arn:")) {
    return wrong(text, "is neither a path nor s3://bucket/key nor ssm:/parameter");
  }
  return std::filesystem::path(text);
}

}  // namespace rekeyer::config
