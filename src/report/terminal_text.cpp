#include "report/terminal_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace rekeyer::report {
namespace {

constexpr std::size_t narrowest = 20;

unsigned char byte(char c) { return static_cast<unsigned char>(c); }
bool continues_character(char c) { return (byte(c) & 0xc0U) == 0x80U; }

}  // namespace

std::string printable(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    // U+0080 to U+009F, in UTF-8 two bytes: some terminals take U+009B for the beginning of an escape sequence.
    const bool c1 =
        byte(text[i]) == 0xc2 && i + 1 < text.size() && byte(text[i + 1]) >= 0x80 && byte(text[i + 1]) < 0xa0;
    if (c1) ++i;
    result += c1 || byte(text[i]) < 0x20 || text[i] == 0x7f ? '?' : text[i];
  }
  return result;
}

std::size_t display_width(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return !continues_character(c); }));
}

std::string padded(std::string_view text, std::size_t width) {
  const auto shown = display_width(text);
  return std::string(text) + std::string(shown < width ? width - shown : 0, ' ');
}

std::string cut(std::string_view text, std::size_t width) {
  if (width < narrowest || display_width(text) <= width) return std::string(text);
  std::size_t bytes = 0;
  for (std::size_t shown = 0; shown + 1 < width; ++shown) {
    ++bytes;
    while (bytes < text.size() && continues_character(text[bytes])) ++bytes;
  }
  return std::string(text.substr(0, bytes)) + "…";
}

std::string counted(std::size_t count, std::string_view one) {
  return fmt::format("{} {}{}", count, one, count == 1 ? "" : "s");
}

std::string Painter::operator()(std::string_view code, std::string_view text) const {
  return on_ ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : std::string(text);
}

}  // namespace rekeyer::report
