// Whom to look at, and when: the first day on which a decision, or what is to be told, can differ, so that a year costs
// little. Pure.
#pragma once

#include <optional>

#include "policy/decision.hpp"
#include "rehearsal/model.hpp"

namespace rekeyer::rehearsal {

/// The first instant after `now` at which a decision on the user can be another one, or something is to be told of it;
/// never too late, at times too early. Nothing: never again. `now` itself: the next run must look.
std::optional<Instant> next_look(const User& user, const policy::Rules& rules, const policy::NoticeRules& notices,
                                 const policy::UserDecision& decision, Instant now);

}  // namespace rekeyer::rehearsal
