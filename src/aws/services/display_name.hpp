// Addresses with a display name, as the address fields of a mail have to spell them (RFC 5322, RFC 2047).
#pragma once

#include <string>
#include <string_view>

namespace rekeyer::aws {

/// `text` as encoded words ("=?UTF-8?B?…?="), one or several with a blank between; a letter is never cut in two. What
/// is not UTF-8 is passed on byte by byte.
std::string encoded_words(std::string_view text);

/// "Name <address>" with a name that is not ASCII encoded; everything else as it is.
std::string encoded_address(std::string_view address);

}  // namespace rekeyer::aws
