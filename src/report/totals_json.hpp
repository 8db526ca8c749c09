// A run's totals as a member of a JSON document: of the report, and of what functions answer.
#pragma once

#include "aws/http/json_writer.hpp"
#include "report/report.hpp"

namespace rekeyer::report {

/// Appends the member "totals", as docs/output.md has it.
void write_totals(aws::JsonWriter& json, const Totals& totals);

}  // namespace rekeyer::report
