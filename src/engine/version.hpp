// The version, set by CMake's project().
#pragma once

#include <string_view>

#ifndef REKEYER_VERSION
#define REKEYER_VERSION "0.0.0"
#endif

namespace rekeyer::engine {
inline constexpr std::string_view version = REKEYER_VERSION;
}
