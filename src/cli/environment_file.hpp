// A function's environment variables in a file: as `aws lambda get-function-configuration` prints them, or NAME=VALUE a
// line. Pure.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace rekeyer::cli {

/// JSON: a map of names to texts, alone or where AWS puts it (Environment.Variables). Lines: NAME=VALUE, with `export`
/// before it and quotes around the value where they are, empty ones and those with a # skipped. Fails with `usage`,
/// naming the file and the line.
Result<std::map<std::string, std::string>> parse_environment_file(std::string_view text, std::string_view file_name);

}  // namespace rekeyer::cli
