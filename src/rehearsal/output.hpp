// A rehearsal's result as text: a table for people, CSV day by day, JSON. Pure. docs/rehearse.md is the reference.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "rehearsal/rehearsal_report.hpp"
#include "report/report.hpp"

namespace rekeyer::rehearsal {

/// What one line of the table stands for.
enum class Every { day, week, month };
/// "day", "week", "month"; nothing for anything else.
std::optional<Every> parse_every(std::string_view text);
/// What is pleasant for so many days.
Every fitting(std::size_t days);

/// Lines in which nothing happens are folded. `style.list_exempt` (--all) lists all that is held at the end, not just
/// examples.
std::string to_table(const RehearsalReport& result, Every every, const report::Style& style);
/// RFC 4180, one line a day, with a header and running totals.
std::string to_csv(const RehearsalReport& result);
/// The JSON document of docs/rehearse.md, with a newline at its end.
std::string to_json(const RehearsalReport& result);

/// "owners install a new key after about 3 days, 5 % never do; …": what is assumed of them, as one sentence.
std::string assumptions(const Behaviour& behaviour);
/// "5", "0.25": of a hundred.
std::string percent(unsigned of_ten_thousand);

}  // namespace rekeyer::rehearsal
