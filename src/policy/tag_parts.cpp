#include "policy/tag_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "base/text.hpp"
#include "base/try.hpp"
#include "policy/custody.hpp"
#include "policy/tag_words.hpp"

namespace rekeyer::policy {
namespace {

/// Another version word than that of a whole record: a rekeyer that knows of no parts must not take one for the whole.
constexpr std::string_view part_version = "2";

std::string header(std::size_t part, std::size_t parts) {
  return fmt::format("{} part={}/{}", part_version, part, parts);
}

std::string with_words(std::string value, std::span<const std::string> words) {
  for (const std::string& word : words) {
    value += ' ';
    value += word;
  }
  return value;
}

/// As many words as fit into each part. Headers are of one length, so the number of parts need not be known.
std::vector<std::span<const std::string>> spread(std::span<const std::string> words) {
  const std::size_t header_length = header(1, most_tag_parts).size();
  std::vector<std::span<const std::string>> parts;
  std::size_t first = 0;
  std::size_t length = header_length;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (length + 1 + words[i].size() > tag_value_limit && i > first) {
      parts.push_back(words.subspan(first, i - first));
      first = i;
      length = header_length;
    }
    length += 1 + words[i].size();
  }
  parts.push_back(words.subspan(first));
  return parts;
}

/// The number of parts that a first part's second word speaks of; 0 where it is no such word.
std::size_t parts_told(std::string_view word) {
  for (std::size_t parts = 2; parts <= most_tag_parts; ++parts) {
    if (word == fmt::format("part=1/{}", parts)) return parts;
  }
  return 0;
}

/// Are the parts cut as in_tags() cuts them, and more than one for a reason?
bool cut_as_written(std::string_view tag, const std::vector<std::string_view>& words, const TagMap& tags) {
  const auto again = in_tags(tag, {words.begin(), words.end()}, {});
  return again && std::ranges::all_of(*again, [&](const auto& entry) {
           const auto* value = value_of(tags, entry.first);
           return value != nullptr && *value == entry.second;
         });
}

}  // namespace

const std::string* value_of(const TagMap& tags, std::string_view name) {
  const auto found = tags.find(std::string(name));
  return found == tags.end() ? nullptr : &found->second;
}

std::string part_name(std::string_view tag, std::size_t part) {
  return part == 1 ? std::string(tag) : fmt::format("{}-{}", tag, part);
}

Result<std::string> in_one_tag(const std::vector<std::string>& words) {
  return fitting_tag_value(with_words(std::string(tag_version), words));
}

Result<TagMap> in_tags(std::string_view tag, const std::vector<std::string>& words, const TagMap& existing) {
  TagMap tags;
  std::size_t written = 1;
  if (auto whole = with_words(std::string(tag_version), words); whole.size() <= tag_value_limit) {
    TRY(tags[part_name(tag, 1)], fitting_tag_value(std::move(whole)));
  } else {
    const auto parts = spread(words);
    if (parts.size() > most_tag_parts) {
      return fail(ErrorKind::rejected,
                  fmt::format("the record {} of {} keys does not fit into {} tags of {} characters", tag, words.size(),
                              most_tag_parts, tag_value_limit));
    }
    for (written = 0; written < parts.size(); ++written) {
      auto value = with_words(header(written + 1, parts.size()), parts[written]);
      TRY(tags[part_name(tag, written + 1)], fitting_tag_value(std::move(value)));
    }
  }
  for (std::size_t part = written + 1; part <= most_tag_parts; ++part) {
    const auto name = part_name(tag, part);
    const auto* value = value_of(existing, name);
    if (value != nullptr && *value != no_part) tags[name] = no_part;
  }
  return tags;
}

Result<std::optional<std::vector<std::string_view>>> words_in_tags(std::string_view tag, const TagMap& tags) {
  const auto* first = value_of(tags, std::string(tag));
  if (first == nullptr) {
    const auto* second = value_of(tags, part_name(tag, 2));
    if (second != nullptr && *second != no_part)
      return unreadable_tag(tag, "it is missing, and its second part is not");
    return std::nullopt;
  }
  if (first->size() > tag_value_limit) return unreadable_tag(tag, "it is longer than a tag's value can be");
  auto words = split(*first, ' ');
  if (words.front() == tag_version) {
    words.erase(words.begin());
    return words;
  }
  const std::size_t parts = words.front() == part_version && words.size() > 1 ? parts_told(words[1]) : 0;
  if (parts == 0) return unreadable_tag(tag, "its version is not 1, and it is not the first of parts");
  words.erase(words.begin(), words.begin() + 2);
  for (std::size_t part = 2; part <= parts; ++part) {
    const auto name = part_name(tag, part);
    const auto* value = value_of(tags, name);
    if (value == nullptr) return unreadable_tag(name, "it is missing");
    const auto opening = header(part, parts) + ' ';
    if (!value->starts_with(opening)) {
      return unreadable_tag(name, fmt::format("it is not part {} of {}", part, parts));
    }
    std::ranges::copy(split(std::string_view(*value).substr(opening.size()), ' '), std::back_inserter(words));
  }
  if (!cut_as_written(tag, words, tags)) return unreadable_tag(tag, "its parts are not cut as rekeyer cuts them");
  return words;
}

}  // namespace rekeyer::policy
