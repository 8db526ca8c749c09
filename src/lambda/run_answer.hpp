// What functions answer that have worked on a whole run: which, how it ended, its totals. Pure.
#pragma once

#include <string>

#include "rotation/outcome.hpp"

namespace rekeyer::lambda {

std::string run_answer(const rotation::RunReport& report);

}  // namespace rekeyer::lambda
