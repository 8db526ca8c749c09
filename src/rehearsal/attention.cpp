#include "rehearsal/attention.hpp"

#include <algorithm>

namespace rekeyer::rehearsal {
namespace {

using policy::Action;
using policy::Reason;

/// All active keys are used more often than would count as idle, and nobody is about to stop: two of them are held for
/// as long as nobody does something.
bool all_stay_used(const User& user, const policy::Rules& rules, Instant now) {
  if (rules.two_active.value != policy::TwoActive::hold) return false;
  return std::ranges::all_of(user.keys, [&](const Key& key) {
    const bool steady = !key.uses.none() && key.uses.from <= now && key.uses.until == Instant::max();
    return key.status != KeyStatus::active ||
           (steady && key.uses.every < rules.idle_period.value && key.use_state == LastUse::State::used);
  });
}

/// When the decision on this key can change although nothing happens but the time.
std::optional<Instant> next_look(const policy::KeyDecision& key, const policy::Rules& rules, bool both_stay_used,
                                 Instant now) {
  switch (key.action) {
    case Action::exempt:
    case Action::warn: return key.due;
    case Action::keep: break;
    case Action::hold: return key.reason == Reason::two_active && both_stay_used ? std::nullopt : std::optional(now);
    case Action::rotate:
    case Action::deactivate:
    case Action::remove:
    case Action::recover:
    case Action::adopt:
    case Action::relock: return now;
  }
  // Its last use decides, and that may change on any day.
  if (key.reason == Reason::unused_ignored) return now;
  if (!key.due) return std::nullopt;
  const Instant warned = *key.due - rules.warn_period.value;
  return warned > now ? warned : *key.due;
}

}  // namespace

std::optional<Instant> next_look(const User& user, const policy::Rules& rules, const policy::UserDecision& decision,
                                 Instant now) {
  // A lease ends at an instant that no row tells; a key that policy ignores while unused may be used tomorrow.
  const bool may_begin_to_count = rules.unused.value == policy::Unused::ignore &&
                                  std::ranges::any_of(user.keys, [](const Key& key) { return !key.uses.none(); });
  if (user.intent || may_begin_to_count) return now;
  const bool both_stay_used = all_stay_used(user, rules, now);
  std::optional<Instant> next;
  for (const auto& key : decision.keys) {
    const auto instant = next_look(key, rules, both_stay_used, now);
    if (instant && (!next || *instant < *next)) next = instant;
  }
  return next;
}

bool is_owners_business(Reason reason) {
  return reason == Reason::still_in_use || reason == Reason::successor_unused || reason == Reason::two_active ||
         reason == Reason::no_working_replacement || reason == Reason::reactivated ||
         reason == Reason::used_while_inactive_unclear;
}

}  // namespace rekeyer::rehearsal
