// ASCII text: letters without case, spaces, pieces, hexadecimal digits and percent-encoding. Whatever the locale is,
// and bytes of other alphabets are never touched. The only place for any of it; the embedded AWS encodes by itself.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace rekeyer {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
constexpr bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
constexpr bool is_letter(char c) { return is_lower(c) || is_upper(c); }
constexpr bool is_alnum(char c) { return is_letter(c) || is_digit(c); }

/// U+0000 to U+001F and U+007F, which no name and no line of a message may hold.
constexpr bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }
/// From the space to "~".
constexpr bool is_printable(char c) { return c >= 0x20 && c < 0x7f; }

constexpr char lower(char c) { return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c; }
constexpr char upper(char c) { return is_lower(c) ? static_cast<char>(c - 'a' + 'A') : c; }

std::string lower_case(std::string_view text);
std::string upper_case(std::string_view text);
bool equal_ignoring_case(std::string_view a, std::string_view b);

/// Without the characters of `blank` at both ends.
std::string_view trimmed(std::string_view text, std::string_view blank = " \t\r\n");
/// Without them at its end.
std::string_view trimmed_end(std::string_view text, std::string_view blank = " \t\r\n");

/// The pieces between separators, empty ones included: an empty text is one empty piece.
std::vector<std::string_view> split(std::string_view text, char separator);

/// What a hexadecimal digit of either case is worth; -1 for any other character.
constexpr int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  const char small = lower(c);
  return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

/// Which characters percent-encoding leaves as they are.
enum class Unreserved : std::uint8_t {
  rfc3986,          ///< letters, digits and -._~: what AWS wants in names and values, signed or not
  rfc3986_or_slash  ///< "/" too: for a path that is whole
};

/// Appends `text` to a string of any kind, so that a secret goes straight into memory that is wiped. Every byte that
/// `kept` does not leave becomes %XX in upper case; a space %20.
template <class String>
void append_percent_encoded(String& out, std::string_view text, Unreserved kept = Unreserved::rfc3986) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  for (const char c : text) {
    if (is_alnum(c) || c == '-' || c == '_' || c == '.' || c == '~' ||
        (c == '/' && kept == Unreserved::rfc3986_or_slash)) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += '%';
      out += digits[byte >> 4U];
      out += digits[byte & 15U];
    }
  }
}

/// The same as a text of its own.
std::string percent_encode(std::string_view text, Unreserved kept = Unreserved::rfc3986);

}  // namespace rekeyer
