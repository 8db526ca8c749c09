// The text of a world file, which `sandbox serve` and `rehearse` take.
#pragma once

#include <string>

#include "base/error.hpp"

namespace rekeyer::cli {

/// All of the file as it stands. Fails with `usage`, naming the file.
Result<std::string> read_world_text(const std::string& path);

}  // namespace rekeyer::cli
