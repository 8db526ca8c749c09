// Reading and writing the tags rekeyer:notice, rekeyer:notice-2 and so on.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "base/try.hpp"
#include "policy/notice.hpp"
#include "policy/tag_words.hpp"

namespace rekeyer::policy {
namespace {

constexpr std::string_view no_day = "none";
constexpr std::size_t day_length = 8;  ///< of "20260111T000000Z"

Result<std::string> day_word(const std::optional<std::chrono::sys_days>& day) {
  if (!day) return std::string(no_day);
  TRY(const std::string instant, tag_instant(*day));
  return instant.substr(0, day_length);
}

/// The outer nothing: unreadable.
std::optional<std::optional<std::chrono::sys_days>> parse_day(std::string_view text) {
  if (text == no_day) return std::optional<std::chrono::sys_days>();
  if (text.size() != day_length) return std::nullopt;
  const auto instant = parse_tag_instant(std::string(text) + "T000000Z");
  if (!instant) return std::nullopt;
  return std::optional(std::chrono::floor<std::chrono::days>(*instant));
}

Result<std::string> encode_word(const NoticeState& told) {
  if (!one_word(told.key.str())) {
    return fail(ErrorKind::rejected, "an access key id that is not one word can't be written in a tag");
  }
  if (told.days < 0) return fail(ErrorKind::rejected, "a warning of less than no days can't be written in a tag");
  TRY(const std::string day, day_word(told.due));
  TRY(const std::string since, tag_instant(told.since));
  const std::string days = told.days > 0 ? fmt::format("/{}", told.days) : std::string();
  return fmt::format("{}:{}{}:{}:{}{}", told.key, name(told.kind), days, day, told.accepted ? "" : "-", since);
}

/// "deletion-soon/3"
bool read_notice_kind(std::string_view text, NoticeState& told) {
  const auto slash = text.find('/');
  const auto kind = parse_notice_kind(text.substr(0, slash));
  if (!kind) return false;
  told.kind = *kind;
  if (slash == std::string_view::npos) return true;
  const auto digits = text.substr(slash + 1);
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), told.days);
  return read.ec == std::errc{} && read.ptr == digits.data() + digits.size();
}

Result<NoticeState> parse_word(std::string_view word) {
  const auto parts = split(word, ':');
  if (parts.size() != 4) return unreadable_tag(notice_tag, "a key's word has not its four parts");
  NoticeState told;
  if (!one_word(parts[0])) return unreadable_tag(notice_tag, "a key's word opens with no access key id");
  told.key = AccessKeyId(std::string(parts[0]));
  if (!read_notice_kind(parts[1], told)) return unreadable_tag(notice_tag, "a key's stage is none that is known");
  const auto day = parse_day(parts[2]);
  if (!day) return unreadable_tag(notice_tag, "a key's day is not of the form 20260101");
  told.due = *day;
  told.accepted = !parts[3].starts_with('-');
  const auto since = parse_tag_instant(parts[3].substr(told.accepted ? 0 : 1));
  if (!since) return unreadable_tag(notice_tag, "a key's instant is not of the form 20260101T000000Z");
  told.since = *since;
  return told;
}

Result<std::vector<std::string>> notice_words(const NoticeRecord& record) {
  std::vector<std::string> words;
  for (const NoticeState& told : record.entries) {
    TRY(std::string word, encode_word(told));
    words.push_back(std::move(word));
  }
  return words;
}

}  // namespace

Result<TagMap> notice_tags(const NoticeRecord& record, const TagMap& existing) {
  TRY(const auto words, notice_words(record));
  return in_tags(notice_tag, words, existing);
}

Result<NoticeRecord> read_notices(const TagMap& tags) {
  TRY(const auto words, words_in_tags(notice_tag, tags));
  NoticeRecord record;
  if (!words) return record;
  for (const std::string_view word : *words) {
    TRY(NoticeState told, parse_word(word));
    record.put(std::move(told));
  }
  const auto again = notice_words(record);
  if (!again || !std::ranges::equal(*again, *words)) {
    return unreadable_tag(notice_tag, "its keys are out of order or repeated");
  }
  return record;
}

Result<std::string> encode(const NoticeRecord& record) {
  TRY(const auto words, notice_words(record));
  return in_one_tag(words);
}

Result<NoticeRecord> parse_notices(std::string_view text) {
  return read_notices({{std::string(notice_tag), std::string(text)}});
}

}  // namespace rekeyer::policy
