// Writing a report where it belongs, and the exit code that follows from it.
#pragma once

#include "cli/runtime.hpp"
#include "report/report.hpp"
#include "rotation/outcome.hpp"

namespace rekeyer::cli {

/// A table as this terminal shows it. Exempt users are listed one by one where they were asked for: --all, --user.
report::Style table_style(const Runtime& runtime, bool colour);

/// The report to stdout in the chosen format, the summary to stderr. Gives 0, 1 or 130.
int write_report(const Runtime& runtime, const rotation::RunReport& report);

}  // namespace rekeyer::cli
