// JSON strings for code that only writes (logs, secrets' values, reports). Reading JSON is aws/http/json.hpp's work.
#pragma once

#include <string>
#include <string_view>

namespace rekeyer {

/// The text as a JSON string, quotes included. What may not be shown (base/shown_text.hpp) is escaped, so that it means
/// the same and does nothing to whoever looks at it; bytes that are not UTF-8 become U+FFFD.
std::string json_quoted(std::string_view text);

}  // namespace rekeyer
