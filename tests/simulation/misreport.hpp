// Bugs planted where a run puts its report together: what happened is as it should be, and something is left out of
// what is said of it, or said twice.
#pragma once

#include "rotation/account_outcomes.hpp"
#include "simulation/planted.hpp"

namespace rekeyer::simulation {

/// The accounts of a report as the bug would leave them; as they are for bugs of other kinds.
rotation::AccountOutcomes misreported(Bug bug, rotation::AccountOutcomes accounts);

}  // namespace rekeyer::simulation
