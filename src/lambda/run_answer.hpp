// What functions answer that have worked on a whole run: which, how it ended, its totals. Pure.
#pragma once

#include <string>

#include "aws/http/json_writer.hpp"
#include "rotation/outcome.hpp"

namespace rekeyer::lambda {

/// Begins a JSON object with what is first in every document about a run: which it is, and when it was.
void begin_run(aws::JsonWriter& json, const rotation::RunReport& report);

/// A JSON object.
std::string run_answer(const rotation::RunReport& report);

}  // namespace rekeyer::lambda
