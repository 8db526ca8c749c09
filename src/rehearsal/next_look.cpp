#include "rehearsal/next_look.hpp"

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

struct Earliest {
  std::optional<Instant> instant;
  void add(const std::optional<Instant>& other) {
    if (other && (!instant || *other < *instant)) instant = other;
  }
};

/// Of a key that was never used yet: its owner is told otherwise once it is.
std::optional<Instant> first_use(const Key& key, Instant now) {
  return key.last_use(now).state == LastUse::State::never ? key.uses.next(now) : std::nullopt;
}

/// When the next warning of what happens at `due` is to be given, or `due` itself.
std::optional<Instant> next_warning(const std::optional<Instant>& due, const policy::NoticeRules& notices,
                                    Instant now) {
  Earliest next;
  if (!due || *due <= now) return next.instant;
  next.add(due);
  for (const int days : notices.warn_days) {
    if (const Instant warning = *due - std::chrono::days{days}; warning > now) next.add(warning);
  }
  return next.instant;
}

}  // namespace

std::optional<Instant> next_look(const User& user, const policy::Rules& rules, const policy::NoticeRules& notices,
                                 const policy::UserDecision& decision, Instant now) {
  // A lease ends at an instant that no row tells; a key that policy ignores while unused may be used tomorrow.
  const bool may_begin_to_count = rules.unused.value == policy::Unused::ignore &&
                                  std::ranges::any_of(user.keys, [](const Key& key) { return !key.uses.none(); });
  if (user.intent || may_begin_to_count) return now;
  const bool both_stay_used = all_stay_used(user, rules, now);
  Earliest next;
  for (const auto& key : decision.keys) next.add(next_look(key, rules, both_stay_used, now));
  if (!notices.enabled) return next.instant;
  for (const auto& key : decision.keys) next.add(next_warning(key.due, notices, now));
  for (const CompactNotice& told : user.told) next.add(next_warning(told.due, notices, now));
  for (const Key& key : user.keys) next.add(first_use(key, now));
  return next.instant;
}

}  // namespace rekeyer::rehearsal
