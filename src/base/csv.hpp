// Cells of a CSV file that people open in a spreadsheet. (What AWS sends as CSV is read by aws/http/csv.hpp.)
#pragma once

#include <string>
#include <string_view>

namespace rekeyer {

/// `text` as one cell (RFC 4180), quoted where it has to be. Names and tags come from accounts that others control, so
/// a cell that begins like a formula gets a "'" in front: spreadsheets would run it. What may not be shown, line
/// breaks among it, becomes "?" (base/shown_text.hpp): people print such files too.
std::string csv_cell(std::string_view text);

}  // namespace rekeyer
