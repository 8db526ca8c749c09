#include "base/json_text.hpp"

#include <fmt/format.h>

#include <cstdint>

#include "base/shown_text.hpp"
#include "base/utf8.hpp"

namespace rekeyer {
namespace {

void append_escape(std::string& result, std::uint32_t code) {
  if (code < 0x10000) {
    result += fmt::format("\\u{:04x}", code);
  } else {
    result += fmt::format("\\u{:04x}\\u{:04x}", 0xd7c0 + (code >> 10U), 0xdc00 + (code & 0x3ffU));
  }
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
    } else {
      const auto character = first_character(text);
      length = character.bytes;
      if (!character.valid) {
        result += "\\ufffd";
      } else if (may_be_shown(character.code)) {
        result += text.substr(0, length);
      } else {
        append_escape(result, static_cast<std::uint32_t>(character.code));
      }
    }
    text.remove_prefix(length);
  }
  return result + '"';
}

}  // namespace rekeyer
