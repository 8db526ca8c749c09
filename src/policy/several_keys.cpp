// The table for a user with two active keys (or more): which of them, if any, makes room for the rotation of the other.
#include <algorithm>
#include <tuple>

#include "policy/first_match.hpp"
#include "policy/key_tables.hpp"

namespace rekeyer::policy {
namespace {

/// Past its rotation period, so that something must happen.
bool expired(const UserCase& user, const KeyView& key) {
  return key.plain() && user.past_rotation(key) && !user.ignored(key);
}

bool any_use_unknown(const UserCase& user) {
  return std::ranges::any_of(user.keys(), [](const KeyView& key) { return key.plain() && key.use_unknown(); });
}

/// Since when room is wanted: the first key of the user to reach its rotation period.
std::optional<Instant> room_wanted_since(const UserCase& user) {
  std::optional<Instant> first;
  for (const KeyView& key : user.keys()) {
    if (expired(user, key) && (!first || user.rotation_due(key) < *first)) first = user.rotation_due(key);
  }
  return first;
}

bool may_go_as_idle(const UserCase& user, const KeyView& key) {
  return key.plain() && user.idle(key) && !user.ignored(key);
}

/// Idle for longest: never used first, then by last use, then by age.
const KeyView* longest_idle(const UserCase& user) {
  const auto order = [](const KeyView& key) {
    return std::tuple(!key.never_used(), key.used() ? key.facts->last_use.at : Instant{}, key.facts->created,
                      key.facts->id);
  };
  const KeyView* found = nullptr;
  for (const KeyView& key : user.keys()) {
    if (!may_go_as_idle(user, key) || key.facts->signs_this_run) continue;
    if (found == nullptr || order(key) < order(*found)) found = &key;
  }
  return found;
}

/// The one that has been without for longest of what `sign` names.
template <class Sign>
const KeyView* longest_without(const UserCase& user, Sign sign) {
  const auto order = [&](const KeyView& key) { return std::tuple(sign(key), key.facts->created, key.facts->id); };
  const KeyView* found = nullptr;
  for (const KeyView& key : user.keys()) {
    if (key.plain() && (found == nullptr || order(key) < order(*found))) found = &key;
  }
  return found;
}

/// Without a sign of life for longest. A key that was just made is no old one because it was never used.
const KeyView* least_recently_used(const UserCase& user) {
  return longest_without(user, [&](const KeyView& key) { return user.last_sign(key); });
}

/// Would it go as well if nobody had switched any key on again? That keeps the key that was switched on; it does not
/// show that a key which is in use is needed any less.
bool goes_by_use_alone(const UserCase& user, const KeyView& candidate) {
  return longest_without(user, [](const KeyView& key) {
           return key.used() ? std::max(key.facts->created, key.facts->last_use.at) : key.facts->created;
         }) == &candidate;
}

/// The key that two_active gives up, if it does.
const KeyView* evicted(const UserCase& user) {
  const TwoActive choice = user.rules().two_active.value;
  const KeyView* candidate = choice == TwoActive::hold ? nullptr : least_recently_used(user);
  if (candidate == nullptr || candidate->facts->signs_this_run || user.ignored(*candidate)) return nullptr;
  const bool quiet = user.due(user.last_sign(*candidate) + user.rules().in_use_window.value);
  const bool in_use_too = choice == TwoActive::evict_least_recently_used && goes_by_use_alone(user, *candidate);
  return quiet || in_use_too ? candidate : nullptr;
}

struct Pick {
  const KeyView* key = nullptr;  ///< null: nobody goes
  Reason reason = Reason::idle;
};

Pick pick(const UserCase& user) {
  // A replaced key that is still active makes room soon; and on missing evidence nobody goes.
  if (user.retiring_active() || any_use_unknown(user)) return {};
  if (const KeyView* idle = longest_idle(user)) return {idle, Reason::idle};
  return {evicted(user), Reason::evicted};
}

}  // namespace

KeyRuling judge_one_of_several(const UserCase& user, const KeyView& key) {
  const Instant due = user.rotation_due(key);
  const auto wanted = room_wanted_since(user);
  const Pick goes = wanted ? pick(user) : Pick{};
  const bool gives_way = goes.key != nullptr && goes.key->facts->id == key.facts->id;
  const bool forced = user.force().rotate && !expired(user, key);
  const bool signs_and_would_go = key.facts->signs_this_run && may_go_as_idle(user, key);
  const bool room_comes = goes.key != nullptr || user.retiring_active();
  const Instant idle_since = user.last_sign(key) + (goes.reason == Reason::idle ? user.idle_period() : Period{});
  return first_match({
      {gives_way, {Action::deactivate, goes.reason, std::max(wanted.value_or(due), idle_since)}},
      {forced, {Action::hold, Reason::no_room, user.now()}},
      {user.near(due) && !user.ignored(key), {Action::warn, Reason::rotation_near, due}},
      {!user.past_rotation(key), {Action::keep, Reason::young, due}},
      {user.ignored(key), {Action::keep, Reason::unused_ignored, {}}},
      {any_use_unknown(user), {Action::hold, Reason::last_use_unknown, due}},
      {signs_and_would_go, {Action::hold, Reason::signer_key, due}},
      {room_comes, {Action::hold, Reason::no_room, due}},
      {true, {Action::hold, Reason::two_active, due}},
  });
}

}  // namespace rekeyer::policy
