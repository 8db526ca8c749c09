// Text for a terminal: harmless whatever it says, measured in characters, painted only where colour is wanted.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "report/report.hpp"

namespace rekeyer::report {

/// Terminals must not obey what an account's name or a user's tag says: base/shown_text.hpp, with marks.
std::string printable(std::string_view text);

/// Characters, not bytes: good enough for names in most scripts.
std::size_t display_width(std::string_view text);

/// With spaces up to `width`; a longer text stays whole.
std::string padded(std::string_view text, std::size_t width);

/// At most `width` characters, with "…" as the last one where something was cut, and never half a character. A width
/// below 20 (0: not a terminal) cuts nothing.
std::string cut(std::string_view text, std::size_t width);

/// "1 user", "2 users".
std::string counted(std::size_t count, std::string_view one);

/// Wraps text in an escape sequence, or leaves it as it is.
class Painter {
 public:
  explicit Painter(const Style& style) : on_(style.colour) {}
  /// `code`: the number of a SGR sequence, such as "1" or "31;1".
  std::string operator()(std::string_view code, std::string_view text) const;

 private:
  bool on_;
};

/// An account's line above its rows: id, name, and, where it was not done, its status and why. With a line break.
std::string account_heading(const AccountId& id, std::string_view name, rotation::AccountStatus status,
                            std::string_view reason, const Painter& paint);
/// That so many accounts' root users have active keys, and what to do; empty for none. With a line break.
std::string root_keys_line(std::size_t accounts, const Painter& paint);

inline constexpr std::string_view bold = "1";
inline constexpr std::string_view dim = "2";
inline constexpr std::string_view alarming = "31;1";

}  // namespace rekeyer::report
