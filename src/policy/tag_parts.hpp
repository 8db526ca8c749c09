// A record of words that may need more than one tag: how it is spread over them, and put together again. Pure.
//
//   rekeyer:custody   = "1 WORD WORD"              all in one tag, wherever it fits
//   rekeyer:custody   = "2 part=1/2 WORD WORD"     else in parts, words whole and in order
//   rekeyer:custody-2 = "2 part=2/2 WORD"
//
// The first tag says how many parts there are, so whatever stands in later ones is no part of the record. See
// docs/design/0005-state-in-tags.md.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace rekeyer::policy {

/// Longest tag value that AWS takes.
inline constexpr std::size_t tag_value_limit = 256;

using TagMap = std::map<std::string, std::string>;

/// Null where there is no such tag.
const std::string* value_of(const TagMap& tags, std::string_view name);

/// Each word of up to 245 characters is sure to fit into a part, so this many words are sure to fit. AWS takes 50 tags.
inline constexpr std::size_t most_tag_parts = 9;
/// What a part says that is not needed any more: a tag can be written over, but not taken off by the same call.
inline constexpr std::string_view no_part = "none";

/// "rekeyer:custody" for the first, "rekeyer:custody-2" for the second.
std::string part_name(std::string_view tag, std::size_t part);

/// The record in one tag: "1" and the words. Fails with `rejected` where it does not fit.
Result<std::string> in_one_tag(const std::vector<std::string>& words);
/// All tags that the record needs, to be written by one call; parts that stand on the secret and are not needed any
/// more are among them, as "none". Fails with `rejected` where the record fits into no number of parts.
Result<TagMap> in_tags(std::string_view tag, const std::vector<std::string>& words, const TagMap& existing);
/// The words again, pointing into `tags`; nothing where there is no such record. Fails with `bad_reply` where a part is
/// missing, or is not what in_tags() writes.
Result<std::optional<std::vector<std::string_view>>> words_in_tags(std::string_view tag, const TagMap& tags);

}  // namespace rekeyer::policy
