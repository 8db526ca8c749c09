// A run's totals as a member of a JSON document: of the report, and of what functions answer.
#pragma once

#include "aws/http/json_writer.hpp"
#include "rotation/outcome.hpp"

namespace rekeyer::report {

/// Appends the member "totals", as docs/output.md has it.
void write_totals(aws::JsonWriter& json, const rotation::RunReport& report);

}  // namespace rekeyer::report
