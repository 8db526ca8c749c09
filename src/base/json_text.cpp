#include "base/json_text.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "base/utf8.hpp"

namespace rekeyer {

std::string json_quoted(std::string_view text) {
  std::string result = "\"";
  while (!text.empty()) {
    const char c = text.front();
    std::size_t length = 1;
    if (c == '"' || c == '\\') {
      result += '\\';
      result += c;
    } else if (c == '\n') {
      result += "\\n";
    } else if (c == '\r') {
      result += "\\r";
    } else if (c == '\t') {
      result += "\\t";
    } else if (is_control(c)) {
      result += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
    } else if (starts_with_c1_control(text)) {
      result += fmt::format("\\u{:04x}", static_cast<unsigned char>(text[1]));
      length = 2;
    } else {
      const auto character = first_character(text);
      length = character.bytes;
      result += character.valid ? text.substr(0, length) : "\\ufffd";
    }
    text.remove_prefix(length);
  }
  return result + '"';
}

}  // namespace rekeyer
