// Keeping a secret out of an error message that repeats what was sent ("Value '…' at 'secretString' failed …"). Pure.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/secret.hpp"

namespace rekeyer::aws {

/// `message` with every piece of 12 or more characters that also stands in `secret_text`, whatever its case, replaced
/// by
/// "[withheld]". A shorter secret, of 4 characters at least, goes as a whole. To be masked before anything is cut.
std::string masked(std::string_view message, std::string_view secret_text);
std::string masked(std::string_view message, std::span<const Secret> secrets);

}  // namespace rekeyer::aws
