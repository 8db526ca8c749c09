// The name that a misspelt one was meant to be: for "did you mean …?".
#pragma once

#include <string_view>
#include <vector>

namespace rekeyer {

/// The closest of `known` to `text`, whatever their case; the first of equals, and empty where nothing is close.
std::string_view closest_name(std::string_view text, const std::vector<std::string_view>& known);

}  // namespace rekeyer
