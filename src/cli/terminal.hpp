// What standard output and standard error are, and the one question that is asked on a terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "cli/options.hpp"

namespace rekeyer::cli {

struct Terminal {
  bool out = false;         ///< stdout is a terminal
  bool err = false;         ///< stderr is one
  bool in = false;          ///< stdin is one
  bool colour_out = false;  ///< by --color, NO_COLOR, TERM and what stdout is
  bool colour_err = false;
  std::size_t width = 0;  ///< of stdout's terminal; 0: none
};

Terminal inspect_terminal(Colour colour);

/// Asks on stderr, reads a line from stdin; only "y" and "yes" agree.
bool confirm(std::string_view question);

/// Data to stdout. Fails (false) where it can't be written whole, such as on a full disk or a closed pipe.
bool print(std::string_view text);
/// Takes the terminal's current line away.
inline constexpr std::string_view erase_line = "\r\x1b[K";

/// Everything else, to stderr.
void say(std::string_view text);
/// "rekeyer: " and one line of plain text: whatever may not be shown (base/shown_text.hpp) is marked, a line break too.
void complain(std::string_view text);

}  // namespace rekeyer::cli
