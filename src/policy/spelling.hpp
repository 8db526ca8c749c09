// Names as IAM compares them: without case. ASCII only, as IAM's own names are.
#pragma once

#include <string>
#include <string_view>

#include "policy/rules.hpp"

namespace rekeyer::policy {

/// The value of the subject's tag of that key, or null. IAM takes keys that differ only in case for the same one.
const std::string* find_tag(const Subject& subject, std::string_view key);

}  // namespace rekeyer::policy
