// Reading and writing the tags rekeyer:custody, rekeyer:custody-2 and so on.
#include "policy/custody.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"
#include "base/try.hpp"
#include "policy/tag_words.hpp"

namespace rekeyer::policy {
namespace {

constexpr std::array<std::pair<KeyPhase, std::string_view>, 4> phase_names{{{KeyPhase::current, "current"},
                                                                            {KeyPhase::retiring, "retiring"},
                                                                            {KeyPhase::orphan, "orphan"},
                                                                            {KeyPhase::watched, "watched"}}};

std::string_view name(KeyPhase phase) {
  return std::ranges::find(phase_names, phase, &decltype(phase_names)::value_type::first)->second;
}

std::optional<KeyPhase> parse_phase(std::string_view text) {
  const auto found = std::ranges::find(phase_names, text, &decltype(phase_names)::value_type::second);
  if (found == phase_names.end()) return std::nullopt;
  return found->first;
}

Result<std::string> encode_record(const KeyRecord& record) {
  if (!one_word(record.id.str())) {
    return fail(ErrorKind::rejected, "an access key id that is not one word can't be written in a tag");
  }
  TRY(const std::string since, tag_instant(record.since));
  std::string word = fmt::format("{}:{}:{}", record.id, name(record.phase), since);
  if (record.inactive_since) {
    TRY(const std::string off, tag_instant(*record.inactive_since));
    word += ":off=" + off;
  }
  if (record.deactivated_by_us) word += ":by=rekeyer";
  if (record.reactivated) {
    TRY(const std::string back, tag_instant(*record.reactivated));
    word += ":back=" + back;
  }
  return word;
}

/// One of the optional fields; false for anything else.
bool read_field(std::string_view text, KeyRecord& record) {
  if (text == "by=rekeyer") return std::exchange(record.deactivated_by_us, true) == false;
  if (const auto off = field(text, "off")) return (record.inactive_since = parse_tag_instant(*off)).has_value();
  if (const auto back = field(text, "back")) return (record.reactivated = parse_tag_instant(*back)).has_value();
  return false;
}

Result<KeyRecord> parse_record(std::string_view word) {
  const auto parts = split(word, ':');
  if (parts.size() < 3) return unreadable_tag(custody_tag, "a key's word has no id, role and instant");
  const auto phase = parse_phase(parts[1]);
  const auto since = parse_tag_instant(parts[2]);
  if (!one_word(parts[0])) return unreadable_tag(custody_tag, "a key's word opens with no access key id");
  if (!phase) return unreadable_tag(custody_tag, "a key's role is none of current, retiring, orphan, watched");
  if (!since) return unreadable_tag(custody_tag, "a key's instant is not of the form 20260101T000000Z");
  KeyRecord record{AccessKeyId(std::string(parts[0])), *phase, *since, std::nullopt, false, std::nullopt};
  for (std::size_t i = 3; i < parts.size(); ++i) {
    if (!read_field(parts[i], record)) return unreadable_tag(custody_tag, "a key's word ends in an unknown field");
  }
  return record;
}

Result<std::vector<std::string>> custody_words(const Custody& custody) {
  std::vector<std::string> words;
  for (const KeyRecord& record : custody.keys) {
    TRY(std::string word, encode_record(record));
    words.push_back(std::move(word));
  }
  return words;
}

}  // namespace

const KeyRecord* Custody::find(const AccessKeyId& id) const {
  const auto found = std::ranges::find(keys, id, &KeyRecord::id);
  return found != keys.end() ? &*found : nullptr;
}

void Custody::put(KeyRecord record) {
  drop(record.id);
  const auto position = std::ranges::upper_bound(keys, record.id, {}, &KeyRecord::id);
  keys.insert(position, std::move(record));
}

void Custody::drop(const AccessKeyId& id) {
  std::erase_if(keys, [&](const KeyRecord& record) { return record.id == id; });
}

Result<TagMap> custody_tags(const Custody& custody, const TagMap& existing) {
  TRY(const auto words, custody_words(custody));
  return in_tags(custody_tag, words, existing);
}

Result<std::optional<Custody>> read_custody(const TagMap& tags) {
  TRY(const auto words, words_in_tags(custody_tag, tags));
  if (!words) return std::nullopt;
  Custody custody;
  for (const std::string_view word : *words) {
    TRY(KeyRecord record, parse_record(word));
    custody.put(std::move(record));
  }
  // Keys twice or out of order, fields twice or out of order: somebody else's hand, so nothing in it is trusted.
  const auto again = custody_words(custody);
  if (!again || !std::ranges::equal(*again, *words)) {
    return unreadable_tag(custody_tag, "its keys or fields are out of order or repeated");
  }
  return custody;
}

Result<std::string> encode(const Custody& custody) {
  TRY(const auto words, custody_words(custody));
  return in_one_tag(words);
}

Result<Custody> parse_custody(std::string_view text) {
  TRY(auto custody, read_custody({{std::string(custody_tag), std::string(text)}}));
  return std::move(custody).value_or(Custody{});
}

}  // namespace rekeyer::policy
