#include "cli/roff.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "base/text.hpp"
#include "base/utf8.hpp"

namespace rekeyer::cli::roff {
namespace {

std::string_view roff_plain(char c) {
  switch (c) {
    case '\\': return "\\e";
    case '-': return "\\-";
    case '\'': return "\\(aq";
    case '`': return "\\(ga";
    case '^': return "\\(ha";
    case '~': return "\\(ti";
    default: return {};
  }
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string result;
  bool line_begins = true;
  while (!text.empty()) {
    const auto character = first_character(text);
    if (character.code >= 0x80) {  // a byte that belongs to no character has the code U+FFFD
      result += fmt::format("\\[u{:04X}]", static_cast<std::uint32_t>(character.code));
    } else if (const auto replaced = roff_plain(text[0]); !replaced.empty()) {
      result += replaced;
    } else {
      if (line_begins && text[0] == '.') result += "\\&";
      result += text[0];
    }
    line_begins = text[0] == '\n';
    text.remove_prefix(character.bytes);
  }
  return result;
}

std::string bold(std::string_view text) { return "\\fB" + escaped(text) + "\\fR"; }
std::string italic(std::string_view text) { return "\\fI" + escaped(text) + "\\fR"; }

Page::Page(std::string_view name, std::string_view source) {
  page_ = fmt::format(".TH {} 1 \"\" \"{}\" \"User Commands\"\n", upper_case(name), escaped(source));
}

void Page::section(std::string_view title) {
  page_ += fmt::format(".SH {}\n", escaped(title));
  first_ = true;
}

void Page::subsection(std::string_view title) {
  page_ += fmt::format(".SS {}\n", escaped(title));
  first_ = true;
}

void Page::raw(std::string_view line) {
  if (!first_) page_ += ".PP\n";
  first_ = false;
  page_ += fmt::format("{}\n", line);
}

void Page::text(std::string_view text) { raw(escaped(text)); }

void Page::item(std::string_view tag, std::string_view text) {
  page_ += fmt::format(".TP\n{}\n{}\n", tag, escaped(text));
  first_ = false;
}

}  // namespace rekeyer::cli::roff
