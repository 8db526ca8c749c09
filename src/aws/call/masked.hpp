// Keeping a secret out of an error message that repeats what was sent ("Value '…' at 'secretString' failed …"). Pure.
#pragma once

#include <string>
#include <string_view>

namespace rekeyer::aws {

/// `message` with every piece of 12 or more characters that also stands in `secret_text` replaced by "[withheld]".
std::string masked(std::string_view message, std::string_view secret_text);

}  // namespace rekeyer::aws
