// Which decisions change something, and whose changes come first where a run may not make all of them.
#pragma once

#include <optional>

#include "policy/decision.hpp"

namespace rekeyer::policy {

/// Is it rotate, deactivate, remove, recover, adopt or relock?
bool is_change(Action action);
/// Is anything of this user to be changed?
bool changes_something(const UserDecision& decision);
/// Is `action` to be done with any of the user's keys?
bool asks_for(const UserDecision& decision, Action action);

/// Since when a change is due: the order in which users have their turn. Before all others comes what a run left in the
/// middle (`recover`): a key may be active without a stored secret.
Instant due_since(Action action, const std::optional<Instant>& due);
/// The user's change that is due for the longest; null where nothing is to be changed.
const KeyDecision* first_change(const UserDecision& decision);

}  // namespace rekeyer::policy
