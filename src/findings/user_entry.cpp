#include "findings/user_entry.hpp"

#include <algorithm>
#include <tuple>

#include "policy/change_order.hpp"

namespace rekeyer::findings {
namespace {

using policy::Action;
using policy::Reason;

bool is_unclear(Reason reason) {
  switch (reason) {
    case Reason::unknown_status:
    case Reason::last_use_unknown:
    case Reason::intent_unreadable:
    case Reason::rules_unreadable:
    case Reason::exemption_unreadable: return true;
    default: return false;
  }
}

KeyState state_of(const policy::KeyFacts& key, const policy::KeyRecord* record, const policy::KeyDecision& decision) {
  if (is_unclear(decision.reason)) return KeyState::unclear;
  if (decision.action == Action::exempt) return KeyState::exempt;
  // Met for the first time: its clock begins with the first run, and nothing else is wanted of anybody.
  if (decision.action == Action::hold && decision.reason != Reason::recovery_clock_started) return KeyState::held;
  if (policy::is_change(decision.action)) return KeyState::due;
  if (key.status == KeyStatus::inactive) return KeyState::inactive;
  return record != nullptr && record->phase == policy::KeyPhase::retiring ? KeyState::retiring : KeyState::within;
}

/// What comes next in the key's life, whether or not it is due, or held.
std::optional<Action> next_of(const policy::KeyFacts& key, const policy::KeyRecord* record,
                              const policy::KeyDecision& decision) {
  if (decision.action == Action::exempt) return std::nullopt;
  if (policy::is_change(decision.action)) return decision.action;
  if (decision.otherwise) return decision.otherwise->action;
  if (!decision.due) return std::nullopt;
  if (key.status == KeyStatus::inactive) return Action::remove;
  const bool replaced =
      record != nullptr && record->phase != policy::KeyPhase::current && record->phase != policy::KeyPhase::watched;
  return replaced ? Action::deactivate : Action::rotate;
}

KeyEntry entry_of(const policy::KeyFacts& key, const policy::UserDecision& decided) {
  KeyEntry entry;
  entry.id = key.id;
  entry.status = key.status;
  if (key.created != Instant{}) entry.created = key.created;
  entry.last_use = key.last_use;
  entry.owner_use = policy::use_by_owner(key);
  const auto decision = std::ranges::find(decided.keys, key.id, &policy::KeyDecision::key);
  if (decision == decided.keys.end()) return entry;
  const auto* record = decided.custody.find(key.id);
  entry.decision = decision->action;
  entry.reason = decision->reason;
  entry.detail = decision->detail;
  entry.rule = decision->rule;
  entry.state = state_of(key, record, *decision);
  entry.next = next_of(key, record, *decision);
  if (entry.next) entry.next_at = decision->due;
  return entry;
}

}  // namespace

UserEntry entry_of(rotation::SurveyedUser user, Instant now) {
  rotation::name_slots_by_day(user.facts);
  const auto& subject = user.context.subject;
  UserEntry entry;
  entry.account = subject.account;
  entry.name = subject.user;
  entry.id = subject.id;
  entry.path = subject.path;
  entry.exemption = user.facts.exemption;
  entry.login = user.login;
  if (user.may_have_secret && user.context.place) entry.secret = user.context.place->name;
  const auto decided = policy::decide(user.facts, user.rules, policy::Force{}, now);
  for (const auto& key : user.facts.keys) entry.keys.push_back(entry_of(key, decided));
  std::ranges::sort(entry.keys, [](const KeyEntry& a, const KeyEntry& b) {
    return std::tie(a.created, a.id) < std::tie(b.created, b.id);
  });
  return entry;
}

}  // namespace rekeyer::findings
