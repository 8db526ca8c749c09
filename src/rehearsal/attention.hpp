// Whom to look at, and when: the first day on which a decision can differ, so that a year costs little; and which holds
// are for the owner to resolve. Pure.
#pragma once

#include <optional>

#include "policy/decision.hpp"
#include "rehearsal/model.hpp"

namespace rekeyer::rehearsal {

/// The first instant after `now` at which a decision on the user can be another one; never too late, at times too
/// early. Nothing: never again. `now` itself: the next run must look.
std::optional<Instant> next_look(const User& user, const policy::Rules& rules, const policy::UserDecision& decision,
                                 Instant now);

/// Is the owner the one who can do something about this hold? Others are the operator's, or pass by themselves.
bool is_owners_business(policy::Reason reason);

}  // namespace rekeyer::rehearsal
