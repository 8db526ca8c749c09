// Reading and writing the tag rekeyer:intent.

#include "policy/intent.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "base/try.hpp"
#include "policy/tag_parts.hpp"
#include "policy/tag_words.hpp"

namespace rekeyer::policy {
namespace {

constexpr std::string_view until = "none until=";

}  // namespace

std::string encode_no_intent(Instant lease_end) {
  const auto end = tag_instant(lease_end);
  return end ? std::string(until) + *end : std::string(no_intent);
}

std::optional<Instant> settles_at(std::string_view text) {
  if (!text.starts_with(until)) return std::nullopt;
  return parse_tag_instant(text.substr(until.size()));
}

bool claims_too_much(std::string_view text, Instant now) {
  const auto latest = now + lease_length + date_slack;
  if (const auto settled = settles_at(text)) return *settled > latest;
  const auto intent = parse_intent(text);
  return intent && *intent && (**intent).lease_end > latest;
}

Result<std::string> encode(const Intent& intent) {
  if (!one_word(intent.run.str())) {
    return fail(ErrorKind::rejected, "a run id that is not one word can't be written in a tag");
  }
  if (intent.lease_end < intent.started) return fail(ErrorKind::rejected, "an intent's lease ends before it starts");
  TRY(const std::string start, tag_instant(intent.started));
  TRY(const std::string lease, tag_instant(intent.lease_end));
  std::string value = fmt::format("{} run={} start={} lease={} had=", tag_version, intent.run, start, lease);
  auto had = intent.had;
  std::ranges::sort(had);
  for (std::size_t i = 0; i < had.size(); ++i) {
    if (!one_word(had[i].str())) {
      return fail(ErrorKind::rejected, "an access key id that is not one word can't be written in a tag");
    }
    if (i > 0 && had[i] == had[i - 1]) return fail(ErrorKind::rejected, "an intent names a key twice");
    if (i > 0) value += ':';
    value += had[i].str();
  }
  return fitting_tag_value(std::move(value));
}

Result<std::optional<Intent>> parse_intent(std::string_view text) {
  if (text.empty() || text == no_intent || settles_at(text)) return std::nullopt;
  if (text.size() > tag_value_limit) return unreadable_tag(intent_tag, "it is longer than a tag's value can be");
  const auto words = split(text, ' ');
  if (words.front() != tag_version) return unreadable_tag(intent_tag, "its version is not 1");
  if (words.size() != 5) return unreadable_tag(intent_tag, "it has not the five words of an intent");
  const auto run = field(words[1], "run");
  const auto start = field(words[2], "start");
  const auto lease = field(words[3], "lease");
  const auto had = field(words[4], "had");
  if (!run || !start || !lease || !had) return unreadable_tag(intent_tag, "it lacks one of run, start, lease, had");
  const auto started = parse_tag_instant(*start);
  const auto lease_end = parse_tag_instant(*lease);
  if (!started || !lease_end) {
    return unreadable_tag(intent_tag, "an instant is not of the form 20260101T000000Z");
  }
  Intent intent{RunId(std::string(*run)), *started, *lease_end, {}};
  if (!had->empty()) {
    for (const auto id : split(*had, ':')) intent.had.emplace_back(std::string(id));
  }
  const auto again = encode(intent);
  if (!again || *again != text) return unreadable_tag(intent_tag, "its ids are malformed, unsorted or repeated");
  return intent;
}

}  // namespace rekeyer::policy
