// All accounts of a run, a bounded number at a time, as they are listed; complete accounting at the end (I8).
#pragma once

#include <functional>

#include "base/task.hpp"
#include "rotation/account_steps.hpp"
#include "rotation/inventory.hpp"
#include "rotation/outcome.hpp"
#include "rotation/run.hpp"

namespace rekeyer::rotation {

/// Told as the run goes on; for progress lines. All empty functions are fine.
struct SweepObserver {
  std::function<void(const AccountTarget&)> account_started;
  std::function<void(const AccountOutcome&)> account_finished;
};

/// Surveys every account of `source`, and then plans or does what is due, as `make_steps` makes it. Returns when all
/// are done, or when `run.stop` was requested and the users in hand are finished. Never fails: what failed is in the
/// report.
Task<RunReport> sweep(AccountSource& source, MakeSteps make_steps, const RunContext& run, Mode mode,
                      SweepObserver observer);

}  // namespace rekeyer::rotation
