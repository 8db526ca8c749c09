// Makes a TOML text safe for the TOML library: the same document in ASCII, without what would lead the library astray.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "config/document.hpp"

namespace rekeyer::config {

struct Unfit {
  SourcePosition place;
  std::string why;
};

/// Other letters than ASCII's become escapes in "strings" and "?" in comments, so lines stay, and columns stay up to
/// the first such letter. Fails where they stand elsewhere, where the text is not UTF-8, and on what no configuration
/// needs: strings of several lines, names of very many parts. Pure.
///
/// Why: the library asks of a character whether it is white space in a way that is undefined for some of them, and
/// destroys one nested table for each part of a name by recursion, which a long enough name turns into a stack
/// overflow.
std::expected<std::string, Unfit> plain_text(std::string_view text);

}  // namespace rekeyer::config
