#include "policy/change_order.hpp"

#include <algorithm>

namespace rekeyer::policy {

bool is_change(Action action) {
  switch (action) {
    case Action::rotate:
    case Action::deactivate:
    case Action::remove:
    case Action::recover:
    case Action::adopt:
    case Action::relock: return true;
    case Action::keep:
    case Action::warn:
    case Action::hold:
    case Action::exempt: return false;
  }
  return false;
}

bool changes_something(const UserDecision& decision) {
  return std::ranges::any_of(decision.keys, [](const KeyDecision& key) { return is_change(key.action); });
}

bool asks_for(const UserDecision& decision, Action action) {
  return std::ranges::find(decision.keys, action, &KeyDecision::action) != decision.keys.end();
}

Instant due_since(Action action, const std::optional<Instant>& due) {
  return action == Action::recover ? Instant::min() : due.value_or(Instant{});
}

const KeyDecision* first_change(const UserDecision& decision) {
  const KeyDecision* first = nullptr;
  for (const auto& key : decision.keys) {
    if (!is_change(key.action)) continue;
    if (first == nullptr || due_since(key.action, key.due) < due_since(first->action, first->due)) first = &key;
  }
  return first;
}

}  // namespace rekeyer::policy
