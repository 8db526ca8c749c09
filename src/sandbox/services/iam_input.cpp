// IAM's rules for names, paths and tags.
#include "sandbox/services/iam_input.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "base/try.hpp"
#include "base/utf8.hpp"
#include "sandbox/world/characters.hpp"

namespace rekeyer::sandbox {
namespace {

constexpr std::size_t longest_path = 512;
constexpr std::size_t most_tags = 50;
constexpr std::size_t longest_tag_key = 128;
constexpr std::size_t longest_tag_value = 256;

/// Letters, spaces and digits of every script; what is not ASCII passes.
bool tag_character(char c) {
  return is_alnum(c) || static_cast<unsigned char>(c) >= 0x80 || std::string_view(" _.:/=+-@").contains(c);
}

/// Members are spelled in lower camel case in validation errors.
std::string spelled(std::string_view member) {
  std::string text(member);
  if (!text.empty()) text[0] = lower(text[0]);
  return text;
}

std::unexpected<ServiceError> unfit(std::string_view value, std::string_view member, std::string_view constraint) {
  return iam_validation(
      fmt::format("Value '{}' at '{}' failed to satisfy constraint: Member must {}", value, member, constraint));
}

ServiceResult<void> check_tag(std::size_t number, std::string_view key, std::string_view value) {
  const std::string key_member = fmt::format("tags.{}.member.key", number);
  const std::string value_member = fmt::format("tags.{}.member.value", number);
  constexpr std::string_view pattern = "satisfy regular expression pattern: [\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+";
  if (key.empty()) return unfit(key, key_member, "have length greater than or equal to 1");
  if (character_count(key) > longest_tag_key) return unfit(key, key_member, "have length less than or equal to 128");
  if (character_count(value) > longest_tag_value) {
    return unfit(value, value_member, "have length less than or equal to 256");
  }
  if (!std::ranges::all_of(key, tag_character)) return unfit(key, key_member, pattern);
  if (!std::ranges::all_of(value, tag_character)) return unfit(value, value_member, pattern);
  if (folded(key).starts_with("aws:")) return refuse("InvalidInput", "Tag keys that start with aws: are reserved");
  return {};
}

void remove_key(Tags& tags, const std::string& folded_key) {
  std::erase_if(tags, [&](const auto& tag) { return folded(tag.first) == folded_key; });
}

}  // namespace

std::unexpected<ServiceError> iam_validation(std::string_view what) {
  return refuse("ValidationError", fmt::format("1 validation error detected: {}", what));
}

std::unexpected<ServiceError> iam_not_found(std::string_view kind, std::string_view name) {
  return refuse("NoSuchEntity", fmt::format("The {} with name {} cannot be found.", kind, name), 404);
}

std::unexpected<ServiceError> iam_over_quota(std::string_view quota, std::size_t limit) {
  return refuse("LimitExceeded", fmt::format("Cannot exceed quota for {}: {}", quota, limit), 409);
}

ServiceResult<std::string_view> iam_required(const Call& call, std::string_view member) {
  const auto value = call.text(member);
  if (!value) {
    return iam_validation(
        fmt::format("Value null at '{}' failed to satisfy constraint: Member must not be null", spelled(member)));
  }
  if (value->empty()) return unfit("", spelled(member), "have length greater than or equal to 1");
  return *value;
}

ServiceResult<std::string_view> iam_name(const Call& call, NameRule rule) {
  TRY(const auto name, iam_required(call, rule.member));
  if (name.size() > rule.longest) {
    return unfit(name, spelled(rule.member), fmt::format("have length less than or equal to {}", rule.longest));
  }
  if (!std::ranges::all_of(name, is_iam_name_character)) {
    return refuse("ValidationError",
                  fmt::format("The specified value for {} is invalid. It must contain only alphanumeric characters "
                              "and/or the following: +=,.@_-",
                              spelled(rule.member)));
  }
  return name;
}

ServiceResult<std::string> iam_path(const Call& call, std::string_view member) {
  const auto path = call.text(member);
  if (!path) return std::string("/");
  const bool fits = path->starts_with('/') && path->ends_with('/') && path->size() <= longest_path &&
                    std::ranges::all_of(*path, [](char c) { return c >= '!' && c <= '~'; });
  if (!fits) {
    return refuse("ValidationError", fmt::format("The specified value for {} is invalid. It must begin and end with / "
                                                 "and contain only alphanumeric characters and/or / characters.",
                                                 spelled(member)));
  }
  return std::string(*path);
}

ServiceResult<std::string_view> iam_path_prefix(const Call& call) {
  const auto prefix = call.text("PathPrefix");
  if (!prefix) return std::string_view("/");
  if (!prefix->starts_with('/') || prefix->size() > longest_path) {
    return unfit(*prefix, "pathPrefix", "satisfy regular expression pattern: \\u002F[\\u0021-\\u007F]*");
  }
  return *prefix;
}

ServiceResult<Tags> iam_tagged(Tags present, const Call& call) {
  const auto tags = call.tags();
  std::set<std::string> seen;
  for (std::size_t i = 0; i < tags.size(); ++i) {
    const auto& [key, value] = tags[i];
    TRY_VOID(check_tag(i + 1, key, value));
    const std::string folded_key = folded(key);
    if (!seen.insert(folded_key).second) {
      return refuse("InvalidInput", "Duplicate tag keys found. Please note that Tag keys are case insensitive.");
    }
    remove_key(present, folded_key);
    present.insert_or_assign(key, value);
  }
  if (present.size() > most_tags) return iam_over_quota("TagsPerResource", most_tags);
  return present;
}

Tags iam_untagged(Tags present, const Call& call) {
  for (const std::string& key : call.texts("TagKeys")) remove_key(present, folded(key));
  return present;
}

}  // namespace rekeyer::sandbox
