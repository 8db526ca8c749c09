#include "base/shown_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "base/utf8.hpp"

namespace rekeyer {
namespace {

struct CodeRange {
  char32_t first;
  char32_t last;
};

/// Beyond ASCII and in order: C1, and what Unicode calls format characters, default-ignorable ones and separators of
/// lines. Not the variation selectors U+FE00 to U+FE0F, with which emoji are written.
constexpr std::array unshown_ranges{
    CodeRange{0x80, 0x9f},       CodeRange{0xad, 0xad},       CodeRange{0x34f, 0x34f},     CodeRange{0x600, 0x605},
    CodeRange{0x61c, 0x61c},     CodeRange{0x6dd, 0x6dd},     CodeRange{0x70f, 0x70f},     CodeRange{0x890, 0x891},
    CodeRange{0x8e2, 0x8e2},     CodeRange{0x115f, 0x1160},   CodeRange{0x17b4, 0x17b5},   CodeRange{0x180b, 0x180f},
    CodeRange{0x200b, 0x200f},   CodeRange{0x2028, 0x202e},   CodeRange{0x2060, 0x206f},   CodeRange{0x3164, 0x3164},
    CodeRange{0xfeff, 0xfeff},   CodeRange{0xffa0, 0xffa0},   CodeRange{0xfff0, 0xfffb},   CodeRange{0x110bd, 0x110bd},
    CodeRange{0x110cd, 0x110cd}, CodeRange{0x13430, 0x1343f}, CodeRange{0x1bca0, 0x1bca3}, CodeRange{0x1d173, 0x1d17a},
    CodeRange{0xe0000, 0xe0fff},
};

bool is_control_code(char32_t code) {
  return code < 0x20 || (code >= 0x7f && code <= 0x9f) || code == 0x2028 || code == 0x2029;
}

void append_dropped(std::string& result, const Utf8Character& character) {
  if (!character.valid) {
    result += "\xEF\xBF\xBD";
  } else if (is_control_code(character.code) && !result.empty() && result.back() != ' ') {
    result += ' ';
  }
}

void append_escaped(std::string& result, const Utf8Character& character, char byte) {
  const auto code = character.valid ? static_cast<unsigned>(character.code) : static_cast<unsigned char>(byte);
  result += code < 0x100 ? fmt::format("\\x{:02x}", code) : fmt::format("\\u{:04x}", code);
}

std::string without_unshown(std::string_view text, Unshown unshown) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const auto character = first_character(text.substr(at));
    if (character.valid && may_be_shown(character.code)) {
      result += text.substr(at, character.bytes);
    } else if (unshown == Unshown::marked) {
      result += '?';
    } else if (unshown == Unshown::dropped) {
      append_dropped(result, character);
    } else {
      append_escaped(result, character, text[at]);
    }
    at += character.bytes;
  }
  return result;
}

std::string cut_to(std::string text, std::size_t most) {
  constexpr std::string_view ellipsis = "…";
  if (text.size() <= most) return text;
  text.resize(cut_between_characters(text, most - std::min(most, ellipsis.size())).size());
  return text += ellipsis;
}

}  // namespace

bool may_be_shown(char32_t code) {
  if (code < 0x80) return code >= 0x20 && code != 0x7f;
  const auto range = std::ranges::lower_bound(unshown_ranges, code, {}, &CodeRange::last);
  return range == unshown_ranges.end() || code < range->first;
}

std::string shown_text(std::string_view text, Unshown unshown, std::size_t most) {
  // Nearly all text is ASCII that may be shown.
  const bool plain = std::ranges::all_of(text, is_printable);
  std::string result;
  if (plain) {
    result = text;
  } else {
    result = without_unshown(text, unshown);
  }
  if (unshown == Unshown::dropped) result = trimmed(result, " ");
  return cut_to(std::move(result), most);
}

std::string shown_lines(std::string_view text) {
  std::string result;
  for (const auto line : split(text, '\n')) {
    if (!result.empty() || line.data() != text.data()) result += '\n';
    result += shown_text(line);
  }
  return result;
}

}  // namespace rekeyer
