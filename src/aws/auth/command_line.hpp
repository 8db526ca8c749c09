// Splits a command line into arguments as a POSIX shell would, without being one: no variables, globs or pipes. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace rekeyer::aws {

/// Blanks separate; '…' is literal; "…" knows \" and \\; outside quotes a backslash takes the next character literally.
/// Fails with `usage`: an open quote, a backslash at the end, no argument at all.
Result<std::vector<std::string>> split_command_line(std::string_view text);

}  // namespace rekeyer::aws
