#include "cli/roff.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "base/text.hpp"

namespace rekeyer::cli::roff {
namespace {

/// Length of the UTF-8 sequence that begins with `lead`; 1 for what begins none.
std::size_t sequence_length(unsigned char lead) {
  if (lead >= 0xF0) return 4;
  if (lead >= 0xE0) return 3;
  return lead >= 0xC0 ? 2 : 1;
}

std::string by_number(std::string_view sequence) {
  const auto lead = static_cast<unsigned char>(sequence[0]);
  unsigned code = lead & (0xFFU >> (sequence.size() + 1));
  for (const char next : sequence.substr(1)) code = (code << 6U) | (static_cast<unsigned char>(next) & 0x3FU);
  return fmt::format("\\[u{:04X}]", code);
}

std::string_view plain(char c) {
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
    const auto length = std::min(sequence_length(static_cast<unsigned char>(text[0])), text.size());
    if (length > 1) {
      result += by_number(text.substr(0, length));
    } else if (const auto replaced = plain(text[0]); !replaced.empty()) {
      result += replaced;
    } else {
      if (line_begins && text[0] == '.') result += "\\&";
      result += text[0];
    }
    line_begins = text[0] == '\n';
    text.remove_prefix(length);
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
