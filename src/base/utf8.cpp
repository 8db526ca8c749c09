#include "base/utf8.hpp"

#include <utf8.h>

#include <algorithm>

namespace rekeyer {

std::size_t character_count(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return !continues_character(c); }));
}

Utf8Character first_character(std::string_view text) {
  if (static_cast<unsigned char>(text.front()) < 0x80) return {static_cast<char32_t>(text.front()), 1, true};
  const auto window = text.substr(0, 4);  // no character is longer
  if (utf8::find_invalid(window.begin(), window.end()) == window.begin()) return {};
  auto end = window.begin();
  const char32_t code = utf8::unchecked::next(end);
  return {code, static_cast<std::size_t>(end - window.begin()), true};
}

bool is_utf8(std::string_view text) { return utf8::is_valid(text.begin(), text.end()); }

std::string_view cut_between_characters(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && continues_character(text[bytes])) --bytes;
  return text.substr(0, bytes);
}

}  // namespace rekeyer
