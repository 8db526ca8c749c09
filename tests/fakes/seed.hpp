// The seed of a test that draws: new each time and printed, or the one in REKEYER_SEED, so that a failure can be met
// again.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <cstdlib>
#include <iostream>

#include "base/random.hpp"

namespace rekeyer::fakes {

inline std::uint64_t seed() {
  const char* given = std::getenv("REKEYER_SEED");
  const std::uint64_t value = given != nullptr ? std::strtoull(given, nullptr, 16) : Random::from_system().next();
  std::cout << fmt::format("[ SEED     ] REKEYER_SEED={:x}\n", value);
  return value;
}

}  // namespace rekeyer::fakes
