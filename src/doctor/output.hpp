// Checks for people and for programs. Pure.
#pragma once

#include <string>

#include "doctor/check.hpp"
#include "report/report.hpp"

namespace rekeyer::doctor {

/// One line a check, its remedy below it where there is one.
std::string to_table(const Checks& checks, const report::Style& style);
/// {"checks": [{"name", "status", "finding", "remedy", "accounts"}], "totals": {"ok", "warning", "problem",
/// "not_checked"}}
std::string to_json(const Checks& checks);
/// "23 ok, 1 warning, 2 problems, 3 not checked"
std::string summary(const Checks& checks);

}  // namespace rekeyer::doctor
