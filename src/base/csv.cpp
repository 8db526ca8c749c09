#include "base/csv.hpp"

#include <algorithm>

#include "base/shown_text.hpp"

namespace rekeyer {

namespace {

/// Line breaks and tabs are a cell's own business; whatever else may not be shown becomes "?".
std::string fit_for_a_cell(std::string_view text) {
  std::string result;
  result.reserve(text.size() + 1);
  while (true) {
    const auto end = std::min(text.find_first_of("\t\r\n"), text.size());
    result += shown_text(text.substr(0, end));
    if (end == text.size()) return result;
    result += text[end];
    text.remove_prefix(end + 1);
  }
}

}  // namespace

std::string csv_cell(std::string_view text) {
  auto content = fit_for_a_cell(text);
  if (!content.empty() && std::string_view("=+-@\t\r\n").contains(content.front())) content.insert(0, "'");
  if (content.find_first_of(",\"\r\n") == std::string::npos) return content;
  std::string quoted = "\"";
  for (const char c : content) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace rekeyer
