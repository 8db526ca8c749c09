// Who a rule speaks of: patterns and their parts.

#include "policy/match.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/text.hpp"
#include "base/utf8.hpp"

namespace rekeyer::policy {
namespace {

/// Length of the character of UTF-8 that `text` opens with; a stray byte counts as one.
std::size_t character_length(std::string_view text) {
  std::size_t length = 1;
  while (length < text.size() && length < 4 && continues_character(text[length])) ++length;
  return length;
}

bool path_matches(std::string_view wanted, std::string_view path) {
  return wanted.contains('*') ? matches(wanted, path) : path.starts_with(wanted);
}

}  // namespace

bool matches(std::string_view pattern, std::string_view text) {
  std::size_t p = 0;
  std::size_t t = 0;
  // Where to go on when the text after the latest star does not fit: the star then takes one character more. Earlier
  // stars never need another try, so this is no search.
  std::optional<std::size_t> after_star;
  std::size_t star_takes = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      after_star = ++p;
      star_takes = t;
    } else if (p < pattern.size() && pattern[p] == '?') {
      ++p;
      t += character_length(text.substr(t));
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (after_star) {
      star_takes += character_length(text.substr(star_takes));
      p = *after_star;
      t = star_takes;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool matches(const Match& match, const Subject& subject) {
  if (match.user && !matches(lower_case(*match.user), lower_case(subject.user.str()))) return false;
  if (match.path && !path_matches(*match.path, subject.path)) return false;
  if (match.tag) {
    const std::string* value = find_tag(subject, match.tag->first);
    if (value == nullptr || !matches(match.tag->second, *value)) return false;
  }
  if (match.account && *match.account != subject.account) return false;
  return !match.ou || std::ranges::find(subject.ous, *match.ou) != subject.ous.end();
}

std::string describe(const Match& match) {
  std::vector<std::string> parts;
  const auto add = [&](std::string_view key, std::string_view value) {
    parts.push_back(fmt::format("{} = \"{}\"", key, value));
  };
  if (match.user) add("user", *match.user);
  if (match.path) add("path", *match.path);
  if (match.tag) add("tag", match.tag->first + "=" + match.tag->second);
  if (match.account) add("account", match.account->str());
  if (match.ou) add("ou", match.ou->str());
  return fmt::format("{}", fmt::join(parts, ", "));
}

const std::string* find_tag(const Subject& subject, std::string_view key) {
  const auto found =
      std::ranges::find_if(subject.tags, [&](const auto& tag) { return equal_ignoring_case(tag.first, key); });
  return found != subject.tags.end() ? &found->second : nullptr;
}

}  // namespace rekeyer::policy
