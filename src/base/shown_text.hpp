// Whatever strangers wrote, made fit to be shown to people: names and tags of other accounts, error messages of AWS and
// of metadata services, answers of webhooks and mail servers, names of files. The one place that says what may not
// reach a terminal, a log line, a mail or an error text. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace rekeyer {

/// No: a control character (C0, DEL, C1), a separator of lines or paragraphs, a mark that turns the direction of
/// writing, or a character that nobody sees. A terminal may obey it, or a text look like what it is not.
bool may_be_shown(char32_t code);

/// What stands in the place of a character that may not be shown, and of a byte that is no UTF-8.
enum class Unshown {
  marked,   ///< one "?" each: in tables and error texts, where it must be seen that something was there
  dropped,  ///< in mails: of controls a space remains, of marks nothing, of stray bytes U+FFFD; none at the ends
  escaped,  ///< "\x1b", "\u202e": in logs, where it counts what it was
};

/// Longer is no name and no message.
inline constexpr std::size_t longest_shown = 4096;

/// `text` on one line, in valid UTF-8, of `most` bytes at most: "…" stands where the rest was.
std::string shown_text(std::string_view text, Unshown unshown = Unshown::marked, std::size_t most = longest_shown);

/// The same line by line, for texts whose lines are our own: lists of problems.
std::string shown_lines(std::string_view text);

}  // namespace rekeyer
