// What AWS's rules for names and tags are made of.
#pragma once

#include <string_view>

#include "base/text.hpp"

namespace rekeyer::sandbox {

/// What IAM's own names may hold: letters, digits and _+=,.@-
constexpr bool is_iam_name_character(char c) { return is_alnum(c) || std::string_view("_+=,.@-").contains(c); }

}  // namespace rekeyer::sandbox
