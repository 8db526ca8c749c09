#include "base/csv.hpp"

namespace rekeyer {

std::string csv_cell(std::string_view text) {
  std::string content;
  if (!text.empty() && std::string_view("=+-@\t\r\n").contains(text.front())) content = "'";
  content += text;
  if (content.find_first_of(",\"\r\n") == std::string::npos) return content;
  std::string quoted = "\"";
  for (const char c : content) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace rekeyer
