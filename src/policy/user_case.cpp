#include "policy/user_case.hpp"

#include <algorithm>
#include <tuple>

namespace rekeyer::policy {
namespace {

bool earlier(const KeyView& a, const KeyView& b) {
  return std::tie(a.facts->created, a.facts->id) < std::tie(b.facts->created, b.facts->id);
}

/// Was its inactive clock not running before this run?
bool seen_first(const UserFacts& facts, const KeyFacts& key) {
  if (key.status != KeyStatus::inactive) return false;
  const KeyRecord* before = facts.custody_lost ? nullptr : facts.custody.find(key.id);
  return before == nullptr || !before->inactive_since;
}

/// Did observe() start its inactive clock anew?
bool started_anew(const UserFacts& facts, const KeyFacts& key, const KeyRecord* observed) {
  const KeyRecord* before = facts.custody_lost ? nullptr : facts.custody.find(key.id);
  return before != nullptr && before->inactive_since && observed != nullptr && observed->inactive_since &&
         *observed->inactive_since > *before->inactive_since;
}

}  // namespace

UserCase::UserCase(const UserFacts& facts, const Custody& observed, const Rules& rules, const Force& force, Instant now)
    : rules_(rules), force_(force), now_(now), copies_behind_(facts.copies_behind), owner_denied_(facts.owner_denied) {
  for (const KeyFacts& key : facts.keys) {
    const KeyRecord* record = observed.find(key.id);
    keys_.push_back({&key, record, seen_first(facts, key), started_anew(facts, key, record)});
  }
  std::ranges::sort(keys_, earlier);
  plain_count_ = static_cast<std::size_t>(std::ranges::count_if(keys_, &KeyView::plain));
}

Instant UserCase::last_sign(const KeyView& key) const {
  Instant latest = key.facts->created;
  if (key.used()) latest = std::max(latest, key.facts->last_use.at);
  if (key.reactivated()) latest = std::max(latest, *key.record->reactivated);
  return latest;
}

bool UserCase::retiring_active() const {
  return std::ranges::any_of(keys_,
                             [](const KeyView& key) { return key.active() && key.has_phase(KeyPhase::retiring); });
}

const KeyView* UserCase::published_beside(const KeyView& key) const {
  const auto found = std::ranges::find_if(keys_, [&](const KeyView& other) {
    return other.facts->id != key.facts->id && other.active() && other.facts->stored == Stored::current;
  });
  return found != keys_.end() ? &*found : nullptr;
}

const KeyView* UserCase::replacement(const KeyView& key) const {
  const KeyView* published = published_beside(key);
  return published != nullptr && published->has_phase(KeyPhase::current) ? published : nullptr;
}

bool UserCase::successor_unused(const KeyView& key) const {
  const KeyView* successor = replacement(key);
  return successor != nullptr && successor->never_used() && needed_until_replaced(key);
}

bool UserCase::successor_use_unknown(const KeyView& key) const {
  const KeyView* successor = replacement(key);
  return successor != nullptr && successor->use_unknown() && needed_until_replaced(key);
}

bool UserCase::successor_out_of_reach(const KeyView& key) const {
  const KeyView* successor = owner_denied_ ? published_beside(key) : nullptr;
  return successor != nullptr && !successor->used();
}

bool UserCase::may_be_using_any() const {
  return std::ranges::any_of(keys_, [&](const KeyView& key) {
    // Whoever used a key that is off by now, however seldom, may need the other one as long as it could be switched on:
    // it may have been retired, and the record of that be lost.
    const bool off_after_use = !key.active() && key.used();
    return key.use_unknown() || off_after_use || used_lately(key);
  });
}

}  // namespace rekeyer::policy
