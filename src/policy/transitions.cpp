#include "policy/transitions.hpp"

#include <algorithm>

#include "policy/intent.hpp"
#include "policy/observe.hpp"

namespace rekeyer::policy {
namespace {

/// The active key of those that the user had when the run began.
std::optional<AccessKeyId> replaced_by(const UserFacts& facts) {
  std::optional<AccessKeyId> old_key;
  for (const KeyFacts& key : facts.keys) {
    const auto& had = facts.intent->had;
    const bool was_there = std::ranges::find(had, key.id) != had.end();
    if (was_there && key.status == KeyStatus::active) old_key = key.id;
  }
  return old_key;
}

}  // namespace

bool may_record(const UserFacts& facts) {
  return !facts.intent && !facts.intent_unreadable && !facts.is_exempt() && !facts.not_ours;
}

Custody after_rotation(Custody custody, const AccessKeyId& issued, Instant issued_at,
                       const std::optional<AccessKeyId>& old_key, Instant now) {
  custody.put({issued, KeyPhase::current, issued_at, std::nullopt, false, std::nullopt});
  if (old_key) custody.put({*old_key, KeyPhase::retiring, now, std::nullopt, false, std::nullopt});
  return custody;
}

Custody after_deactivation(Custody custody, const AccessKeyId& key, Instant now) {
  KeyRecord record;
  if (const auto* known = custody.find(key)) record = *known;
  record.id = key;
  if (record.since == Instant{}) record.since = now;
  record.inactive_since = now;
  record.deactivated_by_us = true;
  record.reactivated.reset();
  custody.put(std::move(record));
  return custody;
}

Custody after_deletion(Custody custody, const AccessKeyId& key) {
  custody.drop(key);
  return custody;
}

Recovery recovery_of(const UserFacts& facts) {
  using Step = Recovery::Step;
  const Intent& intent = *facts.intent;
  for (const KeyFacts& key : facts.keys) {
    if (!may_be_issued_under(intent, key)) continue;
    if (key.stored != Stored::no) {
      if (key.status != KeyStatus::active) return {Step::leave_off, &key, std::nullopt};
      return {Step::resume, &key, replaced_by(facts)};
    }
    // A secret that was never stored is known to nobody, so a key in use is the user's own.
    if (!left_to_recover(facts, intent, key) || key.last_use.state == LastUse::State::used) continue;
    const bool unread = key.last_use.state == LastUse::State::unknown;
    return {unread ? Step::last_unread : Step::withdraw, &key, std::nullopt};
  }
  return {};
}

Custody after_withdrawal(const UserFacts& facts, const KeyFacts& key, Instant now) {
  Custody custody = observe(facts, now);
  const bool surely_ours = surely_issued_under(facts, *facts.intent, key);
  const auto phase = surely_ours ? KeyPhase::orphan : KeyPhase::watched;
  custody.put({key.id, phase, now, now, true, std::nullopt});
  return custody;
}

}  // namespace rekeyer::policy
