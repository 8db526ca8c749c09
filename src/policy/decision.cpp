// The decision as a whole: what holds for the user first, then each key by its table, then the guard over all of them.
#include "policy/decision.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "policy/announcement.hpp"
#include "policy/intent.hpp"
#include "policy/key_tables.hpp"
#include "policy/observe.hpp"
#include "policy/words.hpp"

namespace rekeyer::policy {
namespace {

/// Which table a key belongs to.
KeyRuling judge(const UserCase& user, const KeyView& key) {
  switch (key.facts->status) {
    case KeyStatus::inactive: return judge_inactive(user, key);
    case KeyStatus::other: return {Action::keep, Reason::unknown_status, {}};
    case KeyStatus::active: break;
  }
  if (key.lost()) return judge_orphan(user, key);
  if (key.has_phase(KeyPhase::retiring)) return judge_retiring(user, key);
  return user.plain_count() > 1 ? judge_one_of_several(user, key) : judge_single(user, key);
}

/// A key that its owner can use: an orphan's secret is lost, whatever its status.
bool usable(const KeyView& key) { return key.active() && !key.lost(); }

/// Whatever the tables say, now or after somebody changed them: the signer's key stays, and a user who may be using a
/// key keeps one (I2). `verdicts` stand in the order of the case's keys.
void guard(const UserCase& user, std::vector<KeyRuling>& verdicts) {
  std::size_t left = 0;
  for (std::size_t i = 0; i < verdicts.size(); ++i) {
    const bool retired = verdicts[i].action == Action::deactivate || verdicts[i].action == Action::remove;
    if (retired && user.keys()[i].facts->signs_this_run) {
      verdicts[i] = {Action::hold, Reason::signer_key, verdicts[i].due};
    }
    // By its record, or as its secret shows where the record is gone.
    const bool replaced =
        user.keys()[i].has_phase(KeyPhase::retiring) || user.published_beside(user.keys()[i]) != nullptr;
    if (retired && replaced && !user.force().deactivate_now) {
      if (user.copies_behind()) verdicts[i] = {Action::hold, Reason::replica_behind, verdicts[i].due};
      if (user.successor_out_of_reach(user.keys()[i])) {
        verdicts[i] = {Action::hold, Reason::owner_denied, verdicts[i].due};
      }
    }
    if (usable(user.keys()[i]) && verdicts[i].action != Action::deactivate) ++left;
  }
  if (left > 0 || !user.may_be_using_any()) return;
  for (std::size_t i = 0; i < verdicts.size(); ++i) {
    if (verdicts[i].action != Action::deactivate || !usable(user.keys()[i])) continue;
    verdicts[i] = {Action::hold, Reason::no_working_replacement, verdicts[i].due};
  }
}

std::vector<KeyDecision> by_tables(const UserCase& user, Words words) {
  std::vector<KeyRuling> verdicts;
  for (const KeyView& key : user.keys()) verdicts.push_back(judge(user, key));
  guard(user, verdicts);
  std::vector<KeyDecision> decisions;
  for (std::size_t i = 0; i < verdicts.size(); ++i) {
    const KeyView& key = user.keys()[i];
    decisions.push_back({key.facts->id, verdicts[i].action, verdicts[i].reason, verdicts[i].due, {}, {}});
    if (words == Words::left_out) continue;
    decisions.back().detail = detail_of(user, key, verdicts[i]);
    decisions.back().rule = rule_of(user, key, verdicts[i]);
  }
  return decisions;
}

/// The same for every key.
std::vector<KeyDecision> all_keys(const UserCase& user, const KeyDecision& decision) {
  std::vector<KeyDecision> decisions(user.keys().size(), decision);
  for (std::size_t i = 0; i < decisions.size(); ++i) decisions[i].key = user.keys()[i].facts->id;
  return decisions;
}

/// What would be decided if no run had left anything behind.
std::vector<KeyDecision> settled(const UserCase& user, const UserFacts& facts, Words words) {
  if (facts.exemption_unreadable) {
    return all_keys(user, {{}, Action::exempt, Reason::exemption_unreadable, {}, *facts.exemption_unreadable, {}});
  }
  if (facts.exemption) {
    return all_keys(user, {{}, Action::exempt, Reason::exempt, facts.exemption->until, words_of(*facts.exemption), {}});
  }
  if (facts.rules_unreadable) {
    return all_keys(user, {{}, Action::hold, Reason::rules_unreadable, {}, *facts.rules_unreadable, {}});
  }
  auto decisions = by_tables(user, words);
  await_announcement(facts, user.rules(), user.now(), decisions);
  return decisions;
}

/// Whatever is due waits; what is not due stays as it is.
void stand_back(std::vector<KeyDecision>& decisions, Reason reason, const std::string& detail) {
  for (KeyDecision& decision : decisions) {
    const bool nothing_due =
        decision.action == Action::keep || decision.action == Action::warn || decision.action == Action::exempt;
    if (nothing_due) continue;
    decision.action = Action::hold;
    decision.reason = reason;
    decision.detail = detail;
    decision.rule.clear();
  }
}

std::string_view words_of(Stored stored) {
  switch (stored) {
    case Stored::no: return "not stored";
    case Stored::pending: return "stored, not yet published";
    case Stored::current: return "stored and published";
    case Stored::previous: return "stored and no longer current";
  }
  return "";
}

KeyDecision recovery(const Intent& intent, const KeyFacts* key) {
  KeyDecision decision{{}, Action::recover, Reason::intent_expired, intent.lease_end, {}, {}};
  const std::string run = fmt::format("run {} of {} ended in the middle", intent.run, iso8601(intent.started));
  if (key == nullptr) {
    decision.detail = run + ", and no key of it is there";
  } else {
    decision.key = key->id;
    decision.detail = fmt::format("{}, and this key is {}", run, words_of(key->stored));
  }
  return decision;
}

std::string origin_words(const Intent& intent) {
  return fmt::format("it was made while run {} of {} tried to issue a key and could not, and nobody has used it yet",
                     intent.run, iso8601(intent.started));
}

/// An intent whose lease is over: its key is recovered, or the user where it left none, and the rest waits.
void recover(const UserCase& user, const UserFacts& facts, std::vector<KeyDecision>& decisions) {
  const Intent& intent = *facts.intent;
  const std::string waits = fmt::format("after run {} has been recovered", intent.run);
  stand_back(decisions, Reason::recovery_first, waits);
  bool left_a_key = false;
  for (std::size_t i = 0; i < decisions.size(); ++i) {
    const KeyFacts& key = *user.keys()[i].facts;
    if (waits_for_exemption(facts, intent, key)) left_a_key = true;
    if (!left_to_recover(facts, intent, key)) continue;
    left_a_key = true;
    const auto until = origin_unclear_until(key, user.rules());
    const bool owners_perhaps = !surely_issued_under(facts, intent, key) && facts.issued_nothing;
    if (owners_perhaps && use_by_owner(key).state == LastUse::State::never && user.now() < until) {
      decisions[i] = {key.id, Action::hold, Reason::origin_unclear, until, origin_words(intent), {}};
    } else {
      decisions[i] = recovery(intent, &key);
    }
  }
  if (!left_a_key) decisions.insert(decisions.begin(), recovery(intent, nullptr));
}

std::string unreadable_intent_words() {
  return fmt::format("the tag {} of the user's secret can't be read", intent_tag);
}

}  // namespace

UserDecision decide(const UserFacts& facts, const Rules& rules, const Force& force, Instant now, Words words) {
  const Custody observed = observe(facts, now);
  const UserCase user(facts, observed, rules, force, now);
  const bool live = facts.intent && facts.intent->lease_end > now;

  UserDecision decision;
  decision.keys = settled(user, facts, words);
  if (facts.intent_unreadable) {
    decision.keys = all_keys(user, {{}, Action::hold, Reason::intent_unreadable, {}, unreadable_intent_words(), {}});
  } else if (live) {
    stand_back(decision.keys, Reason::in_progress,
               fmt::format("run {} has this user until {}", facts.intent->run, iso8601(facts.intent->lease_end)));
  } else if (facts.intent) {
    recover(user, facts, decision.keys);
  }

  if (facts.not_ours && !facts.is_exempt()) {
    stand_back(decision.keys, Reason::not_ours, *facts.not_ours);
  }

  const bool hands_off = facts.is_exempt() || facts.intent_unreadable || facts.not_ours || live;
  decision.custody = hands_off ? facts.custody : observed;
  decision.custody_changed = !hands_off && (facts.custody_lost || observed != facts.custody);
  return decision;
}

bool UserDecision::quiet() const {
  return !custody_changed && std::ranges::all_of(keys, [](const KeyDecision& decision) {
    if (decision.reason == Reason::exemption_unreadable) return false;  // nothing to do, but to be told (I8)
    return decision.action == Action::keep || decision.action == Action::exempt;
  });
}

std::optional<Instant> next_change(const UserDecision& decision, Instant now) {
  std::optional<Instant> next;
  for (const KeyDecision& key : decision.keys) {
    if (key.due && *key.due > now && (!next || *key.due < *next)) next = key.due;
  }
  return next;
}

}  // namespace rekeyer::policy
