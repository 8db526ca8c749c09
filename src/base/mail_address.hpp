// Mail addresses as far as every mail service takes them. Pure.
#pragma once

#include <string>
#include <string_view>

namespace rekeyer {

/// A bare address that can be written to as it stands: letters of ASCII without quotes before the @, a host name with
/// at least one dot behind it.
bool valid_mail_address(std::string_view text);

/// Two addresses with the same form are one mailbox: hosts ignore case, and what stands before the @ need not.
std::string mailbox_form(std::string_view address);

}  // namespace rekeyer
