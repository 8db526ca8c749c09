// What AWS's rules for names and tags are made of.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "base/text.hpp"

namespace rekeyer::sandbox {

/// What IAM's own names may hold: letters, digits and _+=,.@-
constexpr bool is_iam_name_character(char c) { return is_alnum(c) || std::string_view("_+=,.@-").contains(c); }

/// Code points of UTF-8, which the lengths of tags and descriptions count: continuation bytes are none.
constexpr std::size_t code_points(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

}  // namespace rekeyer::sandbox
