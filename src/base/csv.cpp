#include "base/csv.hpp"

#include "base/shown_text.hpp"

namespace rekeyer {

std::string csv_cell(std::string_view text) {
  // On one line: a line break in somebody's name could pass for the next row where people look at the file as it is.
  auto content = shown_text(text);
  if (!content.empty() && std::string_view("=+-@").contains(content.front())) content.insert(0, "'");
  if (content.find_first_of(",\"") == std::string::npos) return content;
  std::string quoted = "\"";
  for (const char c : content) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace rekeyer
