// One user, planned or done: fresh facts, the decision on them, and its steps in order.
#pragma once

#include <vector>

#include "base/task.hpp"
#include "rotation/access.hpp"
#include "rotation/outcome.hpp"
#include "rotation/run.hpp"
#include "rotation/survey_candidates.hpp"
#include "rotation/user_state.hpp"

namespace rekeyer::rotation {

/// What would be done for the user; reads only. Takes one of the run's budget where something is to be changed.
Task<UserOutcome> plan_user(ReadAccess& access, const RunContext& run, UserContext user);

/// The same by what the survey knows of the user: no call, or IAM ListAccessKeys where ids are needed. Where the list
/// shows other keys than the picture, the user is looked at closely.
Task<UserOutcome> plan_by_survey(ReadAccess& access, const RunContext& run, UserContext user, BulkPicture picture);

/// Does what is due for the user. Every step's end is in the result, failures included; nothing is thrown and nothing
/// is left out.
Task<UserOutcome> apply_user(WriteAccess& access, const RunContext& run, UserContext user);

/// A decision's rows as they stand before anything is done. Pure.
std::vector<ActionOutcome> outcomes_of(const policy::UserFacts& facts, const policy::UserDecision& decision, Mode mode,
                                       bool list_quiet);

}  // namespace rekeyer::rotation
