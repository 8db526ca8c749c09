#include "rehearsal/user_life.hpp"

#include <algorithm>
#include <stdexcept>

namespace rekeyer::rehearsal {
namespace {

/// Tags keep whole seconds, and IAM's dates have no more.
Instant second_of(Instant instant) { return std::chrono::floor<std::chrono::seconds>(instant); }

Key& key_of(User& user, std::uint16_t number) {
  const auto found = std::ranges::find(user.keys, number, &Key::number);
  if (found == user.keys.end()) throw std::logic_error("a decision names a key that is not there");
  return *found;
}

Record current_since(Instant since) { return {policy::KeyRole::current, false, since, {}, {}}; }
Record retiring_since(Instant since) { return {policy::KeyRole::retiring, false, since, {}, {}}; }

/// The labels move: the version before the last one loses its label, and with it its place in the secret's list.
void publish(User& user, Key& issued) {
  for (Key& key : user.keys) {
    if (key.number == issued.number) continue;
    if (key.stored == policy::Stored::previous || key.stored == policy::Stored::pending) {
      key.stored = policy::Stored::no;
    } else if (key.stored == policy::Stored::current) {
      key.stored = policy::Stored::previous;
    }
  }
  issued.stored = policy::Stored::current;
}

/// The youngest key that the user is meant to use, besides `other`.
Key* usable_key(User& user, const Key& other) {
  Key* found = nullptr;
  for (Key& key : user.keys) {
    const bool orphan = key.record && key.record->role == policy::KeyRole::orphan;
    if (key.number == other.number || key.status != KeyStatus::active || orphan) continue;
    if (found == nullptr || key.created > found->created) found = &key;
  }
  return found;
}

}  // namespace

Key& key_of(User& user, const AccessKeyId& id) {
  const auto found = std::ranges::find_if(user.keys, [&](const Key& key) { return id_of(key.number) == id; });
  if (found == user.keys.end()) throw std::logic_error("a decision names a key that is not there");
  return *found;
}

const policy::UserFacts& UserLife::look(const User& user, Instant now) {
  facts_.account = model_.accounts[user.account].id;
  facts_.user = user.name;
  facts_.keys.clear();
  facts_.custody.keys.clear();
  for (const Key& key : user.keys) {
    facts_.keys.push_back(
        {id_of(key.number), key.status, key.created, key.last_use(now), key.stored, key.signs_this_run});
    if (!key.record) continue;
    facts_.custody.keys.push_back({id_of(key.number), key.record->role, key.record->since, key.record->inactive_since,
                                   key.record->deactivated_by_us, key.record->reactivated});
  }
  facts_.custody_lost = user.custody_lost;
  facts_.intent = user.intent ? std::optional(*user.intent) : std::nullopt;
  facts_.exemption.reset();
  facts_.intent_unreadable = false;
  facts_.exemption_unreadable.reset();
  facts_.rules_unreadable.reset();
  if (user.circumstances) {
    const auto& special = *user.circumstances;
    const auto holds = std::ranges::find_if(special.exemptions, [&](const policy::Exemption& exemption) {
      return !exemption.until || *exemption.until > now;
    });
    if (holds != special.exemptions.end()) facts_.exemption = *holds;
    facts_.intent_unreadable = special.intent_unreadable;
    facts_.exemption_unreadable = special.exemption_unreadable;
    facts_.rules_unreadable = special.rules_unreadable;
  }
  return facts_;
}

void UserLife::record(User& user, const policy::Custody& custody) {
  for (Key& key : user.keys) {
    const auto* known = custody.find(id_of(key.number));
    key.record.reset();
    if (known == nullptr) continue;
    key.record = Record{known->role, known->deactivated_by_us, known->since, known->inactive_since, known->reactivated};
  }
  user.custody_lost = false;
}

void UserLife::rotate(User& user, std::uint16_t old, Instant now) {
  const Instant settled = now + pace_.settled;
  record(user, policy::observe(look(user, now), settled));

  Key issued;
  issued.number = ++user.issued;
  issued.created = second_of(now + pace_.issued);
  issued.record = current_since(issued.created);
  user.keys.push_back(issued);
  publish(user, user.keys.back());
  Key& replaced = key_of(user, old);
  replaced.record = retiring_since(second_of(settled));
  hand_over(user, replaced, user.keys.back(), settled);
}

/// The owner learns of the new key at `now`.
void UserLife::hand_over(User& user, Key& from, Key& to, Instant now) const {
  if (from.uses.none() || user.never_installs) return;
  const Owner owner(behaviour_, model_.accounts[user.account].id.str(), user.name.str());
  const Instant installed = now + owner.installs_after(to.number);
  to.uses = from.uses;
  to.uses.from = installed;
  to.uses.until = Instant::max();
  from.uses.until = installed;
}

bool UserLife::deactivate(User& user, std::uint16_t number, Instant now) const {
  const Instant off = now + pace_.retired;
  Key& key = key_of(user, number);
  key.status = KeyStatus::inactive;
  Record record = key.record.value_or(Record{});
  if (record.since == Instant{}) record.since = second_of(off);
  record.inactive_since = second_of(off);
  record.deactivated_by_us = true;
  record.reactivated.reset();
  key.record = record;

  const auto missed = key.uses.next(off);
  if (missed) {
    Uses moved = key.uses;
    moved.from = std::min<Instant>(*missed + behaviour_.repair_after, key.uses.until);
    moved.until = Instant::max();
    Key* other = usable_key(user, key);
    // A key that something else uses already stays as it is.
    if (other != nullptr && (other->uses.none() || other->uses.from > moved.from)) other->uses = moved;
  }
  key.uses.until = std::min(key.uses.until, off);
  return missed.has_value();
}

void UserLife::remove(User& user, std::uint16_t number) {
  std::erase_if(user.keys, [&](const Key& key) { return key.number == number; });
}

bool UserLife::recover(User& user, Instant now) {
  const auto intent = *user.intent;
  const Instant settled = now + pace_.retired;
  const auto facts = look(user, now);
  const auto observed = policy::observe(facts, settled);
  for (const auto& seen : facts.keys) {
    if (std::ranges::find(intent.had, seen.id) != intent.had.end()) continue;
    const bool stored = seen.stored != policy::Stored::no;
    const bool owners = !policy::left_to_recover(facts, intent, seen) || seen.last_use.state == LastUse::State::used;
    if (!stored && owners) continue;
    if (!stored && seen.last_use.state == LastUse::State::unknown) return false;
    record(user, observed);
    user.intent.reset();
    Key& key = rehearsal::key_of(user, seen.id);
    if (!stored) {
      key.status = KeyStatus::inactive;
      key.uses.until = std::min(key.uses.until, settled);
      const bool surely_ours = policy::made_under_first_lease(intent, seen);
      const auto role = surely_ours ? policy::KeyRole::orphan : policy::KeyRole::watched;
      key.record = Record{role, true, second_of(settled), second_of(settled), {}};
    } else if (key.status == KeyStatus::active) {
      for (const auto& had : intent.had) {
        Key& candidate = rehearsal::key_of(user, had);
        if (candidate.status != KeyStatus::active) continue;
        candidate.record = retiring_since(second_of(settled));
        hand_over(user, candidate, key, settled);
      }
      publish(user, key);
      key.record = current_since(key.created);
    }
    return true;
  }
  record(user, observed);
  user.intent.reset();
  return true;
}

}  // namespace rekeyer::rehearsal
