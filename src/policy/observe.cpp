// Custody brought up to date with what is seen: clocks start, reactivations are noted, what was lost is derived again.

#include "policy/observe.hpp"

#include <algorithm>

#include "policy/intent.hpp"

namespace rekeyer::policy {
namespace {

/// Tags keep whole seconds, so records do too: else custody would differ from its tag for ever.
Instant whole_seconds(Instant instant) { return std::chrono::floor<std::chrono::seconds>(instant); }

/// Recovery's business: what a run that ended early left is settled there, where the secret is looked at afresh.
bool left_to_recovery(const UserFacts& facts, const KeyFacts& key) {
  return facts.intent && may_be_issued_under(*facts.intent, key);
}

/// The key whose secret is published, where one is; the youngest, should the store ever name two.
const KeyFacts* published(const UserFacts& facts) {
  const KeyFacts* found = nullptr;
  for (const KeyFacts& key : facts.keys) {
    if (key.stored != Stored::current || left_to_recovery(facts, key)) continue;
    if (found == nullptr || std::pair(key.created, key.id) > std::pair(found->created, found->id)) found = &key;
  }
  return found;
}

void drop_gone(const UserFacts& facts, Custody& custody) {
  std::erase_if(custody.keys, [&](const KeyRecord& record) {
    return std::ranges::find(facts.keys, record.id, &KeyFacts::id) == facts.keys.end();
  });
}

/// The tag is lost: the store names the current key, and older active ones were replaced by it when it was made.
/// Inactive ones are met as if for the first time (start_or_stop_clock).
Custody derive(const UserFacts& facts) {
  Custody custody;
  const KeyFacts* current = published(facts);
  if (current == nullptr) return custody;
  const Instant since = whole_seconds(current->created);
  custody.put({current->id, KeyPhase::current, since, {}, false, {}});
  for (const KeyFacts& key : facts.keys) {
    const bool replaced = key.status == KeyStatus::active && key.created < current->created;
    if (replaced && !left_to_recovery(facts, key)) custody.put({key.id, KeyPhase::retiring, since, {}, false, {}});
  }
  return custody;
}

/// What a record can't say of the published key: that its secret is stored nowhere, while it works and it is. Whoever
/// may write tags for the moment in which a new secret's lock spreads could have it switched off by that.
bool disproved(const KeyRecord& record, const KeyFacts& published) {
  return record.phase == KeyPhase::orphan && published.status == KeyStatus::active;
}

/// The published key is not on record, or only as watched: a write was lost, or a late one of another run has written
/// over it. It is current since it was made, and what it replaced retires from now on, since nobody remembers from
/// when: the key that was current before, and an older active one, where neither of them is on record.
void adopt_published(const UserFacts& facts, Instant now, Custody& custody) {
  const KeyFacts* current = published(facts);
  if (current == nullptr) return;
  const KeyRecord* known = custody.find(current->id);
  const bool wrong = known != nullptr && disproved(*known, *current);
  if (known != nullptr && known->phase != KeyPhase::watched && !wrong) return;
  KeyRecord adopted =
      known != nullptr && !wrong ? *known : KeyRecord{current->id, KeyPhase::current, {}, {}, false, {}};
  adopted.phase = KeyPhase::current;
  adopted.since = whole_seconds(current->created);
  for (const KeyFacts& key : facts.keys) {
    const KeyRecord* record = custody.find(key.id);
    const bool was_current = record != nullptr && record->phase == KeyPhase::current;
    const bool both_forgotten =
        known == nullptr && record == nullptr && key.status == KeyStatus::active && !left_to_recovery(facts, key);
    if (key.created >= current->created || !(was_current || both_forgotten)) continue;
    KeyRecord replaced = was_current ? *record : KeyRecord{key.id, KeyPhase::retiring, {}, {}, false, {}};
    replaced.phase = KeyPhase::retiring;
    replaced.since = now;
    custody.put(std::move(replaced));
  }
  custody.put(std::move(adopted));
}

/// A key that was switched off still works for seconds elsewhere, so a use right after that says nothing. When somebody
/// else switched it off, nobody saw: a use after the first sight of that counts.
constexpr std::chrono::minutes spreading{1};

/// The clock runs from the first sight, and anew from now where a use shows that somebody had switched the key on in
/// between: when it was switched off again, nobody saw.
void start_clock(const KeyFacts& key, Instant now, Custody& custody) {
  const KeyRecord* known = custody.find(key.id);
  const bool runs = known != nullptr && known->inactive_since;
  const LastUse use = use_by_owner(key);
  const auto says_nothing = known != nullptr && known->deactivated_by_us ? spreading : std::chrono::minutes{0};
  const bool used_after = runs && use.state == LastUse::State::used && use.at > *known->inactive_since + says_nothing;
  if (runs && !used_after) return;
  KeyRecord record = known != nullptr ? *known : KeyRecord{key.id, KeyPhase::watched, now, {}, false, {}};
  record.inactive_since = now;
  record.deactivated_by_us = false;
  record.reactivated.reset();
  custody.put(std::move(record));
}

void stop_clock(const KeyFacts& key, Instant now, Custody& custody) {
  const KeyRecord* known = custody.find(key.id);
  if (known == nullptr) return;
  KeyRecord record = *known;
  if (record.inactive_since) {
    const bool against_us =
        record.phase == KeyPhase::retiring || record.phase == KeyPhase::orphan || record.deactivated_by_us;
    record.inactive_since.reset();
    record.deactivated_by_us = false;
    if (against_us) {
      record.reactivated = now;
      record.since = now;
    }
  }
  // A watched key is on record for its clock only.
  if (record.phase == KeyPhase::watched && !record.reactivated) {
    custody.drop(key.id);
  } else {
    custody.put(std::move(record));
  }
}

}  // namespace

bool is_lost(const KeyFacts& key, const KeyRecord* record) {
  const bool published_once = key.stored == Stored::current || key.stored == Stored::previous;
  const bool withdrawn = record != nullptr && record->phase == KeyPhase::orphan;
  return withdrawn && !published_once && use_by_owner(key).state != LastUse::State::used;
}

bool may_be_issued_under(const Intent& intent, const KeyFacts& key) {
  const bool in_time = key.created >= intent.started - date_slack && key.created <= intent.lease_end + date_slack;
  return in_time && std::ranges::find(intent.had, key.id) == intent.had.end();
}

bool made_under_first_lease(const Intent& intent, const KeyFacts& key) {
  return key.created <= intent.started + lease_length + date_slack;
}

bool surely_issued_under(const UserFacts& facts, const Intent& intent, const KeyFacts& key) {
  return key.stored != Stored::no || (!facts.issued_nothing && made_under_first_lease(intent, key));
}

bool waits_for_exemption(const UserFacts& facts, const Intent& intent, const KeyFacts& key) {
  const bool in_its_shadow = facts.issued_nothing && key.stored == Stored::no && may_be_issued_under(intent, key) &&
                             made_under_first_lease(intent, key);
  return facts.is_exempt() && in_its_shadow && use_by_owner(key).state != LastUse::State::used;
}

bool left_to_recover(const UserFacts& facts, const Intent& intent, const KeyFacts& key) {
  return may_be_issued_under(intent, key) && (surely_issued_under(facts, intent, key) || !facts.is_exempt());
}

bool intent_is_void(const UserFacts& facts, Instant now) {
  if (!facts.intent || !facts.issued_nothing || facts.intent->lease_end > now) return false;
  return std::ranges::none_of(facts.keys, [&](const auto& key) {
    return left_to_recover(facts, *facts.intent, key) || waits_for_exemption(facts, *facts.intent, key);
  });
}

Instant origin_unclear_until(const KeyFacts& key, const Rules& rules) {
  return key.created + rules.recovery_grace.value;
}

Custody observe(const UserFacts& facts, Instant now) {
  const Instant second = whole_seconds(now);
  Custody custody = facts.custody_lost ? derive(facts) : facts.custody;
  drop_gone(facts, custody);
  if (!facts.custody_lost) adopt_published(facts, second, custody);
  for (const KeyFacts& key : facts.keys) {
    if (left_to_recovery(facts, key)) continue;
    switch (key.status) {
      case KeyStatus::active: stop_clock(key, second, custody); break;
      case KeyStatus::inactive: start_clock(key, second, custody); break;
      case KeyStatus::other: break;
    }
  }
  return custody;
}

}  // namespace rekeyer::policy
