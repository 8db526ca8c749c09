#include "rehearsal/user_life.hpp"

#include <algorithm>
#include <stdexcept>

#include "policy/observe.hpp"
#include "policy/transitions.hpp"

namespace rekeyer::rehearsal {
namespace {

/// Tags keep whole seconds, and IAM's dates have no more.
Instant second_of(Instant instant) { return std::chrono::floor<std::chrono::seconds>(instant); }

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
Key* usable_key(User& user, const Key& other, const policy::Custody& custody) {
  Key* found = nullptr;
  for (Key& key : user.keys) {
    const auto* record = custody.find(id_of(key.number));
    const bool orphan = record != nullptr && record->phase == policy::KeyPhase::orphan;
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
    facts_.custody.keys.push_back({id_of(key.number), key.record->phase, key.record->since, key.record->inactive_since,
                                   key.record->deactivated_by_us, key.record->reactivated});
  }
  facts_.notices.entries.clear();
  for (const CompactNotice& told : user.told) {
    facts_.notices.entries.push_back({id_of(told.key), told.kind, told.days, told.due, told.since, told.accepted});
  }
  facts_.custody_lost = user.custody_lost;
  facts_.intent = user.intent ? std::optional(*user.intent) : std::nullopt;
  facts_.exemption.reset();
  facts_.intent_unreadable = false;
  facts_.exemption_unreadable.reset();
  facts_.rules_unreadable.reset();
  if (user.uncommon) {
    const auto& special = *user.uncommon;
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
    key.record =
        Record{known->phase, known->deactivated_by_us, known->since, known->inactive_since, known->reactivated};
  }
  user.custody_lost = false;
}

void UserLife::note_told(User& user, const policy::NoticeRecord& record) {
  user.told.clear();
  for (const auto& told : record.entries) {
    user.told.push_back({number_of(told.key), told.kind, told.accepted, told.days, told.due, told.since});
  }
}

void UserLife::rotate(User& user, const AccessKeyId& old, Instant now) {
  const Instant settled = second_of(now + delays_.settled);
  auto custody = policy::observe(look(user, now), settled);

  Key issued;
  issued.number = ++user.issued;
  issued.created = second_of(now + delays_.issued);
  user.keys.push_back(issued);
  publish(user, user.keys.back());
  record(user, policy::after_rotation(std::move(custody), id_of(issued.number), issued.created, old, settled));
  hand_over(user, key_of(user, old), user.keys.back(), now + delays_.settled);
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

bool UserLife::deactivate(User& user, const AccessKeyId& id, policy::Custody& custody, Instant now) const {
  const Instant off = now + delays_.retired;
  Key& key = key_of(user, id);
  key.status = KeyStatus::inactive;
  custody = policy::after_deactivation(std::move(custody), id, second_of(off));

  const auto missed = key.uses.next(off);
  if (missed) {
    Uses moved = key.uses;
    moved.from = std::min<Instant>(*missed + behaviour_.repair_after, key.uses.until);
    moved.until = Instant::max();
    Key* other = usable_key(user, key, custody);
    // A key that something else uses already stays as it is.
    if (other != nullptr && (other->uses.none() || other->uses.from > moved.from)) other->uses = moved;
  }
  key.uses.until = std::min(key.uses.until, off);
  return missed.has_value();
}

void UserLife::remove(User& user, const AccessKeyId& id, policy::Custody& custody) {
  const auto number = key_of(user, id).number;
  std::erase_if(user.keys, [&](const Key& key) { return key.number == number; });
  custody = policy::after_deletion(std::move(custody), id);
}

bool UserLife::recover(User& user, Instant now) {
  using Step = policy::Recovery::Step;
  const Instant settled = now + delays_.retired;
  const auto& facts = look(user, now);
  const auto recovery = policy::recovery_of(facts);
  if (recovery.step == Step::last_unread) return false;
  auto custody = policy::observe(facts, second_of(settled));
  if (recovery.step == Step::resume) {
    Key& key = key_of(user, recovery.key->id);
    publish(user, key);
    if (recovery.old_key) hand_over(user, key_of(user, *recovery.old_key), key, settled);
    custody =
        policy::after_rotation(std::move(custody), recovery.key->id, key.created, recovery.old_key, second_of(settled));
  } else if (recovery.step == Step::withdraw) {
    Key& key = key_of(user, recovery.key->id);
    key.status = KeyStatus::inactive;
    key.uses.until = std::min(key.uses.until, settled);
    custody = policy::after_withdrawal(facts, *recovery.key, second_of(settled));
  }
  record(user, custody);
  user.intent.reset();
  return true;
}

}  // namespace rekeyer::rehearsal
