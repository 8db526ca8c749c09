// The small language of rekeyer's tags: words between single spaces, fields between colons. Shared by custody and
// intent.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"

namespace rekeyer::policy {

/// Version word that opens both tags. A later format gets another one, and an older rekeyer then refuses to guess.
inline constexpr std::string_view tag_version = "1";

/// What stands after `name` and "=" when `word` opens with them.
std::optional<std::string_view> field(std::string_view word, std::string_view name);

/// Letters, digits and "_" (and "-" for a run), 1 to 128 of them: what an id may be inside a tag.
bool one_word(std::string_view id);

/// "20260101T000000Z", cut to the second. Fails with `rejected` outside the years 1970 to 9999.
Result<std::string> tag_instant(Instant instant);
std::optional<Instant> parse_tag_instant(std::string_view text);

/// `value`, when AWS takes it as a tag's value; else fails with `rejected`.
Result<std::string> fitting_tag_value(std::string value);

/// The failure for a tag that can't be read: names the tag and what is wrong with it.
std::unexpected<Error> unreadable_tag(std::string_view tag, std::string_view what);

}  // namespace rekeyer::policy
