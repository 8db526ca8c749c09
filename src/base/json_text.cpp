#include "base/json_text.hpp"

#include <fmt/format.h>

namespace rekeyer {
namespace {

/// Length of the valid UTF-8 sequence at the front of `text`, or 0.
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  std::size_t length = 0;
  unsigned char low = 0x80;
  unsigned char high = 0xbf;
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) {
    length = 2;
  } else if (first >= 0xe0 && first <= 0xef) {
    length = 3;
    if (first == 0xe0) low = 0xa0;
    if (first == 0xed) high = 0x9f;
  } else if (first >= 0xf0 && first <= 0xf4) {
    length = 4;
    if (first == 0xf0) low = 0x90;
    if (first == 0xf4) high = 0x8f;
  }
  if (length == 0 || text.size() < length || byte(1) < low || byte(1) > high) return 0;
  for (std::size_t i = 2; i < length; ++i) {
    if (byte(i) < 0x80 || byte(i) > 0xbf) return 0;
  }
  return length;
}

}  // namespace

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
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      result += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
    } else if (c == '\xc2' && text.size() > 1 && static_cast<unsigned char>(text[1]) >= 0x80 &&
               static_cast<unsigned char>(text[1]) < 0xa0) {
      // U+0080 to U+009F: control characters too, and some terminals obey them.
      result += fmt::format("\\u{:04x}", static_cast<unsigned char>(text[1]));
      length = 2;
    } else if ((length = utf8_length(text)) > 0) {
      result += text.substr(0, length);
    } else {
      result += "\\ufffd";
      length = 1;
    }
    text.remove_prefix(length);
  }
  return result + '"';
}

}  // namespace rekeyer
