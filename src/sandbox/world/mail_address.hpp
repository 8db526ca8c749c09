// Mail addresses as people write them.
#pragma once

#include <string_view>

namespace rekeyer::sandbox {

/// "Ann <ann@example.com>" → ann@example.com; without brackets the text itself, of which the result is a part.
std::string_view bare_address(std::string_view address);

}  // namespace rekeyer::sandbox
