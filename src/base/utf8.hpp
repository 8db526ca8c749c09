// UTF-8: where characters begin, and which of them are well-formed. Decoding is utf8cpp's; ASCII takes the short way.
#pragma once

#include <cstddef>
#include <string_view>

namespace rekeyer {

/// A byte inside a character of several bytes, never its first.
constexpr bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U; }

/// Characters, not bytes. A stray byte that begins none counts as one, one that continues none as nothing.
std::size_t character_count(std::string_view text);

/// The first character of a text, where it is well-formed: the shortest form only, no surrogates, nothing above
/// U+10FFFF.
struct Utf8Character {
  char32_t code = 0xfffd;
  std::size_t bytes = 1;
  bool valid = false;  ///< where not, it is one byte that belongs to no character
};

/// The character that `text` opens with. `text` must not be empty.
Utf8Character first_character(std::string_view text);

bool is_utf8(std::string_view text);

/// U+0080 to U+009F, control characters that some terminals obey: does `text` open with one? Each has two bytes.
constexpr bool starts_with_c1_control(std::string_view text) {
  return text.size() > 1 && text[0] == '\xc2' && continues_character(text[1]) &&
         static_cast<unsigned char>(text[1]) < 0xa0;
}

/// The longest beginning of `text` of at most `bytes` bytes that cuts no character in two.
std::string_view cut_between_characters(std::string_view text, std::size_t bytes);

}  // namespace rekeyer
