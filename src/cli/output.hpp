// Writing a report where it belongs, and the exit code that follows from it.
#pragma once

#include "cli/runtime.hpp"
#include "rotation/outcome.hpp"

namespace rekeyer::cli {

/// The report to stdout in the chosen format, the summary to stderr. Gives 0, 1 or 130.
int write_report(const Runtime& runtime, const rotation::RunReport& report);

}  // namespace rekeyer::cli
