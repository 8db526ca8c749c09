// One user's secret when an operator vouches for what stood there before secrets were locked (`rekeyer adopt`).
#pragma once

#include "base/task.hpp"
#include "rotation/access.hpp"
#include "rotation/outcome.hpp"
#include "rotation/run.hpp"
#include "rotation/user_state.hpp"

namespace rekeyer::rotation {

/// What would be taken over; reads only. No row where the secret is rekeyer's already, or is not to be locked.
Task<UserOutcome> plan_adoption(ReadAccess& access, const RunContext& run, UserContext user);

/// Takes it over, or locks it and leaves the rest to a run in five minutes. May be repeated.
Task<UserOutcome> apply_adoption(WriteAccess& access, const RunContext& run, UserContext user);

}  // namespace rekeyer::rotation
