// Mail addresses as far as every mail service takes them, and the names that people write beside them. Pure.
#pragma once

#include <string>
#include <string_view>

namespace rekeyer {

/// A bare address that can be written to as it stands: letters of ASCII without quotes before the @, a host name with
/// at least one dot behind it.
bool valid_mail_address(std::string_view text);

/// Two addresses with the same form are one mailbox: hosts ignore case, and what stands before the @ need not.
std::string mailbox_form(std::string_view address);

/// The address of "Name <address>": what stands between the last "<" and the ">" that the text ends with. The text
/// itself where it does not end so; neither is checked.
std::string_view bare_address(std::string_view mailbox);

/// The name of "\"Last, First\" <address>": without the quotation marks around it, its backslashes resolved. A text
/// without quotation marks at both ends stays.
std::string unquoted_name(std::string_view name);

}  // namespace rekeyer
