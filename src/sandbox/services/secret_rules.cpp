// What Secrets Manager refuses by form alone.
#include "sandbox/services/secret_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "sandbox/world/characters.hpp"
#include "sandbox/world/iam_state.hpp"

namespace rekeyer::sandbox {
namespace {

constexpr std::size_t value_limit = 65'536;
constexpr std::size_t tag_limit = 50;

bool among(char c, std::string_view others) { return is_alnum(c) || others.contains(c); }

/// AWS allows every letter of every script; bytes beyond ASCII pass as such.
bool secret_tag_character(char c) { return static_cast<unsigned char>(c) >= 0x80 || among(c, " \t\n\r_.:/=+-@"); }

/// How many bytes a base64 text stands for; nothing where it is none.
std::optional<std::size_t> decoded_size(std::string_view base64) {
  if (base64.size() % 4 != 0) return std::nullopt;
  std::size_t padding = 0;
  while (padding < 2 && padding < base64.size() && base64[base64.size() - 1 - padding] == '=') ++padding;
  const bool proper =
      std::ranges::all_of(base64.substr(0, base64.size() - padding), [](char c) { return among(c, "+/"); });
  if (!proper) return std::nullopt;
  return base64.size() / 4 * 3 - padding;
}

Checked check_value_size(std::string_view member, std::size_t size) {
  if (size == 0) return unsatisfied(member, "Member must have length greater than or equal to 1");
  if (size > value_limit) return unsatisfied(member, "Member must have length less than or equal to 65536");
  return {};
}

}  // namespace

std::unexpected<ServiceError> invalid_secret_parameter(std::string message) {
  return refuse("InvalidParameterException", std::move(message));
}

std::unexpected<ServiceError> invalid_secret_request(std::string message) {
  return refuse("InvalidRequestException", std::move(message));
}

std::unexpected<ServiceError> unsatisfied(std::string_view member, std::string_view constraint) {
  return refuse(
      "ValidationException",
      fmt::format("1 validation error detected: Value at '{}' failed to satisfy constraint: {}", member, constraint));
}

std::unexpected<ServiceError> secret_not_found() {
  return refuse("ResourceNotFoundException", "Secrets Manager can't find the specified secret.");
}

std::unexpected<ServiceError> secret_marked_for_deletion() {
  return invalid_secret_request("You can't perform this operation on the secret because it was marked for deletion.");
}

Checked check_secret_name(std::string_view name) {
  const bool proper =
      !name.empty() && name.size() <= 512 && std::ranges::all_of(name, [](char c) { return among(c, "/_+=.@!-"); });
  if (proper) return {};
  return refuse(
      "ValidationException",
      "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!");
}

Checked check_secret_tags(const std::vector<std::pair<std::string, std::string>>& tags) {
  std::set<std::string_view> keys;
  for (const auto& [key, value] : tags) {
    const bool proper = !key.empty() && character_count(key) <= 128 && character_count(value) <= 256 &&
                        std::ranges::all_of(key, secret_tag_character) &&
                        std::ranges::all_of(value, secret_tag_character);
    if (!proper) {
      return invalid_secret_parameter(
          fmt::format("1 validation error detected: Value at 'tags' failed to satisfy constraint: key '{}'", key));
    }
    if (folded(key).starts_with("aws:")) return invalid_secret_parameter("Tag keys that start with aws: are reserved.");
    if (!keys.insert(key).second) return invalid_secret_parameter(fmt::format("Duplicate tag key: {}", key));
  }
  return {};
}

Checked check_tag_count(std::size_t count) {
  if (count > tag_limit) return invalid_secret_parameter("A secret can have at most 50 tags.");
  return {};
}

Checked check_description(const Call& call) {
  if (character_count(call.text_or_empty("Description")) > 2048) {
    return unsatisfied("description", "Member must have length less than or equal to 2048");
  }
  return {};
}

ServiceResult<std::optional<NewValue>> read_secret_value(const Call& call) {
  const auto text = call.text("SecretString");
  const auto binary = call.text("SecretBinary");
  if (text && binary) {
    return invalid_secret_parameter(
        "You can't specify both a binary secret value and a string secret value in the same secret.");
  }
  if (text) {
    if (auto checked = check_value_size("secretString", text->size()); !checked) {
      return std::unexpected(std::move(checked).error());
    }
    return NewValue{std::string(*text), false};
  }
  if (!binary) return std::nullopt;
  const auto size = decoded_size(*binary);
  if (!size) return refuse("SerializationException", "SecretBinary is not base64.");
  if (auto checked = check_value_size("secretBinary", *size); !checked) {
    return std::unexpected(std::move(checked).error());
  }
  return NewValue{std::string(*binary), true};
}

ServiceResult<std::optional<std::string>> read_request_token(const Call& call) {
  const auto token = call.text("ClientRequestToken");
  if (!token) return std::nullopt;
  if (token->size() < 32 || token->size() > 64) {
    return invalid_secret_parameter("ClientRequestToken must be 32-64 characters long.");
  }
  return std::string(*token);
}

ServiceResult<std::size_t> read_page_size(const Call& call, std::int64_t most, int cap) {
  const std::int64_t asked = call.integer("MaxResults").value_or(most);
  if (asked < 1 || asked > most) {
    return invalid_secret_parameter(fmt::format("MaxResults must be between 1 and {}.", most));
  }
  return static_cast<std::size_t>(cap > 0 ? std::min<std::int64_t>(asked, cap) : asked);
}

}  // namespace rekeyer::sandbox
