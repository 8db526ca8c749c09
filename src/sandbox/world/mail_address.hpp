// Mail addresses as people write them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rekeyer::sandbox {

/// "Ann <ann@example.com>" → ann@example.com; without brackets the text itself, of which the result is a part.
std::string_view bare_address(std::string_view address);

/// The names of identities that may stand for the address, in the order in which SES looks: itself, its domain, and
/// each domain above that. Names of domains have no case. Empty where it is no address.
std::vector<std::string> identities_for(std::string_view address);

}  // namespace rekeyer::sandbox
