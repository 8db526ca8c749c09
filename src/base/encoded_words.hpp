// Text that is not ASCII in the header of a mail (RFC 2047).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rekeyer {

/// `text`, which is UTF-8, as encoded words ("=?UTF-8?B?…?="): at most 64 characters each, so that one fits into a line
/// behind any field's name. Readers join them again without the blanks between. A letter is never cut in two; what is
/// not UTF-8 is passed on byte by byte. No word for an empty text.
std::vector<std::string> encoded_words(std::string_view text);

}  // namespace rekeyer
