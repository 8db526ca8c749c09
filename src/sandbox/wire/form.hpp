// Form decoding, as the query protocol uses it: percent-encoded pairs whose dotted names spell a tree.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace rekeyer::sandbox {

enum class Plus { literal, space };

/// Undoes percent encoding; nothing for a broken escape, or for bytes that are not UTF-8.
std::optional<std::string> percent_decoded(std::string_view text, Plus plus);

/// "Tags.member.1.Key=a&Tags.member.1.Value=b" → {"Tags": [{"Key": "a", "Value": "b"}]}; `entry` counts like `member`.
/// Nothing where an escape is broken, two names contradict each other, or a list has a gap.
std::optional<boost::json::object> parse_form(std::string_view body);

}  // namespace rekeyer::sandbox
