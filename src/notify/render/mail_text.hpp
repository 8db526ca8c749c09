// Texts made fit for a mail: names that anybody may have chosen, lines of a length, words for days and numbers. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/names.hpp"
#include "base/time.hpp"

namespace rekeyer::notify {

/// `text` on one line, free of what a mail may not show: base/shown_text.hpp, without marks.
std::string one_line(std::string_view text);
/// For elements and for attributes in quotes.
std::string escape_html(std::string_view text);
/// At most `most` characters of UTF-8, the last of them "…" where something was cut.
std::string shortened(std::string_view text, std::size_t most);
/// A word for a POSIX shell: quoted where it has to be.
std::string shell_word(std::string_view text);
/// Lines of at most `width` characters, broken at spaces; what follows is indented like the line's own text ("1. ", "-
/// "). Lines that start with four spaces are commands and stay whole. Never two empty lines on end, none at the ends.
std::string wrapped(std::string_view text, std::size_t width);

/// "Sunday, 11 January 2026"
std::string long_date(Instant instant);
/// "11 January"; with the year where it is another than `now`'s.
std::string short_date(Instant instant);
std::string short_date(Instant instant, Instant now);
/// "Sunday, 11 January 2026, 14:03 UTC"
std::string date_and_time(Instant instant);
/// By days of the calendar (UTC): "today", "tomorrow", "in 3 days", "yesterday", "3 days ago".
std::string days_from(Instant now, Instant instant);
/// "1 key", "2 keys"
std::string counted(std::size_t count, std::string_view one, std::string_view several);
/// "90", "1.5": days as a bare number.
std::string days_number(Period period);

/// May stand behind "mailto:" as it is.
bool safe_in_mailto(std::string_view address);
/// http:, https: or mailto:, and nothing that could end an attribute.
bool safe_link(std::string_view url);

}  // namespace rekeyer::notify
