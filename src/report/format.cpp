// What `--format` may say.
#include "report/report.hpp"

namespace rekeyer::report {

std::optional<Format> parse_format(std::string_view text) {
  if (text == "table") return Format::table;
  if (text == "json") return Format::json;
  if (text == "csv") return Format::csv;
  return std::nullopt;
}

}  // namespace rekeyer::report
