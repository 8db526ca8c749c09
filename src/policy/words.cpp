#include "policy/words.hpp"

#include <fmt/format.h>

#include "policy/rule_table.hpp"

namespace rekeyer::policy {
namespace {

std::string use_of(const KeyView& key) {
  if (only_verified(*key.facts)) return "never used by its owner";
  const LastUse& use = key.facts->last_use;
  switch (use.state) {
    case LastUse::State::unknown: return "last use unknown";
    case LastUse::State::never: return "never used";
    case LastUse::State::used: break;
  }
  return fmt::format("last used {}{}{}", day_of(use.at), use.service.empty() ? "" : " by " + use.service,
                     use.region.empty() ? "" : " in " + use.region);
}

std::string age_of(const UserCase& user, const KeyView& key) {
  const auto age = std::chrono::duration_cast<Period>(user.now() - key.facts->created);
  if (age < Period::zero()) return fmt::format("created {}", day_of(key.facts->created));
  return fmt::format("created {} ({} ago)", day_of(key.facts->created), describe_period(age));
}

std::string inactive_words(const KeyView& key) {
  if (key.record == nullptr || !key.record->inactive_since) return "inactive";
  return fmt::format("inactive since {}{}", day_of(*key.record->inactive_since),
                     key.record->deactivated_by_us ? ", deactivated by rekeyer" : "");
}

std::string replacement_words(const UserCase& user, const KeyView& key) {
  const KeyView* other = user.replacement(key);
  if (other == nullptr) return "its replacement is gone, inactive or not stored";
  return fmt::format("replaced by {} on {}", other->facts->id, day_of(other->facts->created));
}

/// What keeps the other places of this user's keys taken, and when the next of them frees at the earliest.
std::string occupied_words(const UserCase& user, const KeyView& key) {
  std::string words;
  const Rules& rules = user.rules();
  for (const KeyView& other : user.keys()) {
    if (other.facts->id == key.facts->id) continue;
    if (!words.empty()) words += "; ";
    words += other.facts->id.str();
    if (other.inactive()) {
      const auto due = judge_inactive(user, other).due;
      words += fmt::format(" is inactive and goes on {} at the earliest", day_of(due.value_or(user.now())));
    } else if (other.active() && other.has_phase(KeyPhase::retiring)) {
      const Instant gone = other.record->since + rules.installation_grace.value + rules.recovery_grace.value;
      words += fmt::format(" is retiring and goes on {} at the earliest", day_of(gone));
    } else {
      words += other.active() ? fmt::format(" is active, {}", use_of(other)) : " has an unknown status";
    }
  }
  return words;
}

template <class T>
std::string rule_words(const Rules& rules, Sourced<T> Rules::* member) {
  const RuleDescriptor& rule = rule_at(member);
  return fmt::format("{}={} ({})", rule.name, rule.text(rules), rule.source(rules));
}

}  // namespace

std::string words_of(const Exemption& exemption) {
  std::string words = exemption.reason;
  // The first instant without exemption is mostly a midnight: the day before it is the last with one.
  if (exemption.until) words += fmt::format(", through {}", day_of(*exemption.until - Milliseconds{1}));
  std::string origin = exemption.ticket;
  if (!origin.empty() && !exemption.source.empty()) origin += "; ";
  origin += exemption.source;
  if (!origin.empty()) words += fmt::format(" ({})", origin);
  return words;
}

std::string detail_of(const UserCase& user, const KeyView& key, const KeyRuling& ruling) {
  if (ruling.reason == Reason::no_room) return fmt::format("{}, {}", age_of(user, key), occupied_words(user, key));
  if (ruling.reason == Reason::replica_behind) return fmt::format("{}, {}", *user.copies_behind(), use_of(key));
  if (ruling.reason == Reason::owner_denied) return fmt::format("{}, {}", *user.owner_denied(), use_of(key));
  if (ruling.reason == Reason::two_active) return fmt::format("{}, and {}", use_of(key), occupied_words(user, key));
  if (key.inactive()) return fmt::format("{}, {}", inactive_words(key), use_of(key));
  if (key.has_phase(KeyPhase::retiring) && key.active()) {
    const auto* unused = ruling.reason == Reason::successor_unused ? ", which its owner never used" : "";
    return fmt::format("{}{}, {}", replacement_words(user, key), unused, use_of(key));
  }
  const bool goes_unused = ruling.reason == Reason::rotation_near && key.never_used() && user.plain_count() == 1 &&
                           user.rules().unused.value == Unused::retire;
  return fmt::format("{}, {}{}", age_of(user, key), use_of(key),
                     goes_unused ? "; if that stays so, it is deactivated and not replaced" : "");
}

std::string rule_of(const UserCase& user, const KeyView& key, const KeyRuling& ruling) {
  const Rules& rules = user.rules();
  switch (ruling.reason) {
    case Reason::young:
    case Reason::rotation_near:
    case Reason::rotation_due:
    case Reason::no_room: return rule_words(rules, &Rules::rotation_period);
    case Reason::retiring:
    case Reason::deactivation_near:
    case Reason::installation_over: return rule_words(rules, &Rules::installation_grace);
    case Reason::reactivated:
      if (key.lost()) return rule_words(rules, &Rules::orphan_grace);
      if (!key.has_phase(KeyPhase::retiring)) return rule_words(rules, &Rules::idle_period);
      return rule_words(rules, &Rules::installation_grace);
    case Reason::in_recovery:
    case Reason::recovery_clock_started:
      if (key.lost()) return rule_words(rules, &Rules::orphan_grace);
      return rule_words(rules, &Rules::recovery_grace);
    case Reason::deletion_near:
    case Reason::recovery_over:
    case Reason::used_while_inactive_unclear: return rule_words(rules, &Rules::recovery_grace);
    case Reason::orphan: return rule_words(rules, &Rules::orphan_grace);
    case Reason::unused:
    case Reason::unused_ignored: return rule_words(rules, &Rules::unused);
    case Reason::hard_deadline: return rule_words(rules, &Rules::hard_deadline);
    case Reason::successor_unused:
    case Reason::still_in_use:
      return fmt::format("{}, {}", rule_words(rules, &Rules::in_use), rule_words(rules, &Rules::hard_deadline));
    case Reason::in_use_warned: return rule_words(rules, &Rules::in_use);
    case Reason::idle: return rule_words(rules, &Rules::idle_period);
    case Reason::two_active:
    case Reason::evicted: return rule_words(rules, &Rules::two_active);
    case Reason::not_announced: return rule_words(rules, &Rules::require_notice);
    case Reason::announced: return rule_words(rules, &Rules::notice_period);
    case Reason::unknown_status:
    case Reason::forced:
    case Reason::last_use_unknown:
    case Reason::replica_behind:
    case Reason::owner_denied:
    case Reason::no_working_replacement:
    case Reason::signer_key:
    case Reason::in_progress:
    case Reason::intent_unreadable:
    case Reason::rules_unreadable:
    case Reason::not_ours:
    case Reason::recovery_first:
    case Reason::origin_unclear:
    case Reason::intent_expired:
    case Reason::exempt:
    case Reason::exemption_unreadable: return {};
  }
  return {};
}

}  // namespace rekeyer::policy
