#include "policy/tag_words.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "policy/custody.hpp"

namespace rekeyer::policy {
namespace {

bool in_tag_alphabet(char c) { return is_alnum(c) || std::string_view(" _.:/=+-@").contains(c); }

}  // namespace

std::optional<std::string_view> field(std::string_view word, std::string_view name) {
  if (!word.starts_with(name)) return std::nullopt;
  word.remove_prefix(name.size());
  if (!word.starts_with('=')) return std::nullopt;
  return word.substr(1);
}

bool one_word(std::string_view id) {
  return !id.empty() && id.size() <= 128 &&
         std::ranges::all_of(id, [](char c) { return is_alnum(c) || c == '_' || c == '-'; });
}

Result<std::string> tag_instant(Instant instant) {
  constexpr Instant first{};
  constexpr Instant end = std::chrono::sys_days{std::chrono::year{10000} / 1 / 1};
  if (instant < first || instant >= end) {
    return fail(ErrorKind::rejected, "an instant outside the years 1970 to 9999 can't be written in a tag");
  }
  return compact_iso8601(instant);
}

std::optional<Instant> parse_tag_instant(std::string_view text) {
  const auto instant = parse_iso8601(text);
  // Other spellings of the same instant are none of ours.
  if (!instant || *instant < Instant{} || compact_iso8601(*instant) != text) return std::nullopt;
  return instant;
}

Result<std::string> fitting_tag_value(std::string value) {
  if (value.size() > tag_value_limit) {
    return fail(ErrorKind::rejected, fmt::format("a tag's value may have {} characters, and this one would have {}",
                                                 tag_value_limit, value.size()));
  }
  if (!std::ranges::all_of(value, in_tag_alphabet)) {
    return fail(ErrorKind::rejected, "a tag's value may hold letters, digits, spaces and _.:/=+-@ only");
  }
  return value;
}

std::unexpected<Error> unreadable_tag(std::string_view tag, std::string_view what) {
  return fail(ErrorKind::bad_reply, fmt::format("the tag {} can't be read: {}", tag, what));
}

}  // namespace rekeyer::policy
