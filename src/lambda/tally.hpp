// What actions come to, as functions answer it and metrics count it. Pure.
#pragma once

#include <cstddef>
#include <vector>

#include "rotation/outcome.hpp"

namespace rekeyer::lambda {

struct Tally {
  std::size_t due = 0;     ///< changes that are planned
  std::size_t done = 0;    ///< changes that were made
  std::size_t held = 0;    ///< what waits for something: the policy, a limit, another run; not exemptions
  std::size_t failed = 0;  ///< anything that was tried, or had to be read
};

/// Adds these actions to the tally.
void count(const std::vector<rotation::ActionOutcome>& actions, Tally& tally);

}  // namespace rekeyer::lambda
