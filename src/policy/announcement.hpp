// Nothing is taken from an owner untold: retirements wait for their announcement, as require_notice wants. Pure.
#pragma once

#include "policy/decision.hpp"

namespace rekeyer::policy {

/// Turns each deactivation and deletion that its owner does not know of yet, or not for long enough, or for a later
/// day, into a hold. Orphans go unannounced (nobody has their secret), and so does what an operator forced.
void await_announcement(const UserFacts& facts, const Rules& rules, Instant now, std::vector<KeyDecision>& decisions);

}  // namespace rekeyer::policy
