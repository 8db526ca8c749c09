// A run's report in the forms that people and programs read. Pure: model in, text out. docs/output.md is the reference.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "rotation/outcome.hpp"

namespace rekeyer::report {

enum class Format { table, json, csv };
/// "table", "json", "csv"; nothing for anything else.
std::optional<Format> parse_format(std::string_view text);

struct Style {
  bool colour = false;
  std::size_t width = 0;     ///< of the terminal; 0: not a terminal, nothing is cut
  bool list_exempt = false;  ///< exempt users one by one, not as a count an account
};

/// Takes a document piece by piece, so that nobody needs to hold the whole of a large one.
using Sink = std::function<void(std::string_view)>;

/// The JSON document of docs/output.md, with a newline at its end.
void write_json(const rotation::RunReport& report, const Sink& sink);
/// RFC 4180, one line an action, with a header. Cells that a spreadsheet would take for a formula are disarmed.
void write_csv(const rotation::RunReport& report, const Sink& sink);
/// For people, grouped by account and aligned: what is or was due, then what failed, is held or comes near. Accounts
/// with nothing of this are left out; users that are exempt are a count, and accounts that were skipped one line a
/// cause.
void write_table(const rotation::RunReport& report, const Style& style, const Sink& sink);

/// The same as one text.
std::string to_json(const rotation::RunReport& report);
std::string to_csv(const rotation::RunReport& report);
std::string to_table(const rotation::RunReport& report, const Style& style);
/// The closing lines: how much is due or was done, how much was not, and what needs somebody's hand. For stderr, in
/// every format.
std::string summary(const rotation::RunReport& report, const Style& style);

}  // namespace rekeyer::report
