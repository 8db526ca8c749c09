// What the sandbox can be asked, for people and for tests that leave nothing out.
#pragma once

#include <map>
#include <string_view>
#include <vector>

namespace rekeyer::sandbox {

/// Service (its signing name) → its operations in order of name.
std::map<std::string_view, std::vector<std::string_view>> operation_names();

}  // namespace rekeyer::sandbox
