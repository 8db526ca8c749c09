// Addresses with a display name, as the address fields of a mail have to spell them (RFC 5322, RFC 2047).
#pragma once

#include <string>
#include <string_view>

namespace rekeyer::aws {

/// "Name <address>" with a name that is not ASCII encoded; everything else as it is.
std::string encoded_address(std::string_view address);

}  // namespace rekeyer::aws
