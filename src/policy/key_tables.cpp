// The decision's tables for keys that are on their way out, and for a user's only key; several_keys.cpp has the one for
// more. docs/policy.md explains them to operators.
#include "policy/key_tables.hpp"

#include "policy/first_match.hpp"

namespace rekeyer::policy {

KeyRuling judge_inactive(const UserCase& user, const KeyView& key) {
  const Instant off = key.record != nullptr && key.record->inactive_since ? *key.record->inactive_since : user.now();
  // A use right after it was switched off, while that still spread, starts no clock anew, but it counts.
  const Instant quiet_since = key.used_since(off) ? key.facts->last_use.at : off;
  const bool withdrawn = key.lost();
  const Rules& rules = user.rules();
  const Instant due = quiet_since + (withdrawn ? rules.orphan_grace.value : rules.recovery_grace.value);
  const bool over = user.due(due);
  return first_match({
      {key.first_sight, {Action::hold, Reason::recovery_clock_started, due}},
      {key.clock_restarted, {Action::hold, Reason::used_while_inactive_unclear, due}},
      {over && key.use_unknown(), {Action::hold, Reason::last_use_unknown, due}},
      {over && withdrawn, {Action::remove, Reason::orphan, due}},
      {over, {Action::remove, Reason::recovery_over, due}},
      {!withdrawn && user.near(due), {Action::warn, Reason::deletion_near, due}},
      {true, {Action::keep, Reason::in_recovery, due}},
  });
}

KeyRuling judge_orphan(const UserCase& user, const KeyView& key) {
  const Instant due = key.reactivated() ? key.record->since + user.rules().orphan_grace.value : key.record->since;
  return first_match({
      {key.reactivated() && !user.due(due), {Action::hold, Reason::reactivated, due}},
      {key.facts->signs_this_run, {Action::hold, Reason::signer_key, due}},
      {key.use_unknown(), {Action::hold, Reason::last_use_unknown, due}},
      {true, {Action::deactivate, Reason::orphan, due}},
  });
}

KeyRuling judge_retiring(const UserCase& user, const KeyView& key) {
  const Rules& rules = user.rules();
  const Force& force = user.force();
  const Instant due = key.record->since + rules.installation_grace.value;
  const bool over = user.due(due);
  const bool replaced = user.replacement(key) != nullptr;
  const bool forced_off = force.deactivate_now && replaced;
  const bool alone = user.plain_count() == 0;
  const bool in_use = user.in_use(key);
  const bool holds = rules.in_use.value == InUse::hold;
  const bool held_by_use = in_use && holds;
  const bool not_installed = holds && user.successor_unused(key);
  const bool waits = held_by_use || not_installed;
  const auto deadline = rules.hard_deadline.value;
  const bool past_deadline = deadline && user.due(due + *deadline);
  return first_match({
      {force.rotate && alone && user.room(), {Action::rotate, Reason::forced, user.now()}},
      {force.rotate && alone, {Action::hold, Reason::no_room, user.now()}},
      {forced_off && key.facts->signs_this_run, {Action::hold, Reason::signer_key, user.now()}},
      {forced_off, {Action::deactivate, Reason::forced, user.now()}},
      {user.near(due), {Action::warn, Reason::deactivation_near, due}},
      {!over && key.reactivated(), {Action::hold, Reason::reactivated, due}},
      {!over, {Action::keep, Reason::retiring, due}},
      {key.facts->signs_this_run, {Action::hold, Reason::signer_key, due}},
      // Its replacement is gone, but the user has another key and does not use this one.
      {!replaced && !alone && user.idle(key), {Action::deactivate, Reason::idle, due}},
      {!replaced, {Action::hold, Reason::no_working_replacement, due}},
      {key.use_unknown(), {Action::hold, Reason::last_use_unknown, due}},
      {waits && past_deadline, {Action::deactivate, Reason::hard_deadline, due + deadline.value_or(Period{})}},
      {held_by_use, {Action::hold, Reason::still_in_use, due}},
      {not_installed, {Action::hold, Reason::successor_unused, due}},
      {holds && !past_deadline && user.successor_use_unknown(key), {Action::hold, Reason::last_use_unknown, due}},
      {in_use, {Action::deactivate, Reason::in_use_warned, due}},
      {true, {Action::deactivate, Reason::installation_over, due}},
  });
}

KeyRuling judge_single(const UserCase& user, const KeyView& key) {
  const Force& force = user.force();
  const Instant due = user.rotation_due(key);
  const bool past = user.past_rotation(key);
  const bool retire = past && key.never_used() && user.rules().unused.value == Unused::retire;
  const Instant left_alone_until = user.last_sign(key) + user.idle_period();
  const bool left_alone = key.reactivated() && !user.due(left_alone_until);
  return first_match({
      {force.rotate && user.room(), {Action::rotate, Reason::forced, user.now()}},
      {force.rotate, {Action::hold, Reason::no_room, user.now()}},
      {user.near(due) && !user.ignored(key), {Action::warn, Reason::rotation_near, due}},
      {!past, {Action::keep, Reason::young, due}},
      {user.ignored(key), {Action::keep, Reason::unused_ignored, {}}},
      {retire && key.facts->signs_this_run, {Action::hold, Reason::signer_key, due}},
      {retire && user.retiring_active(), {Action::hold, Reason::no_room, due}},
      {retire && left_alone, {Action::hold, Reason::reactivated, left_alone_until}},
      {retire, {Action::deactivate, Reason::unused, due}},
      {user.room(), {Action::rotate, Reason::rotation_due, due}},
      {true, {Action::hold, Reason::no_room, due}},
  });
}

}  // namespace rekeyer::policy
