// What an owner has to be told: from the decision, against what they were told before.

#include "policy/pending_notices.hpp"

#include <algorithm>
#include <functional>

#include "policy/announcement.hpp"
#include "policy/observe.hpp"

namespace rekeyer::policy {
namespace {

using std::chrono::days;

/// In vain for so long that a key which is gone is no news any more.
constexpr days old_news{90};

/// A list of keys, and the tags that were read right after it, are never that far apart.
constexpr std::chrono::hours one_look{1};

std::chrono::sys_days day_of_instant(Instant instant) { return std::chrono::floor<days>(instant); }

/// Announced for a day that has come: whoever deleted it then was rekeyer.
bool deletion_came(const NoticeState& told, Instant now) {
  return announces(told.kind, Step::deletion) && told.due && *told.due <= now;
}

/// One key seen by whoever writes to its owner.
class KeyNews {
 public:
  KeyNews(const KeyFacts& facts, const KeyDecision& decision, const KeyRecord* record, const NoticeState* told,
          const Rules& rules, const NoticeRules& notice_rules, Instant now)
      : facts_(facts),
        decision_(decision),
        record_(record),
        told_(told),
        rules_(rules),
        notices_(notice_rules),
        now_(now) {}

  std::optional<Notice> notice() const {
    // About to be done, or tried in vain: there is news when it is done.
    if (decision_.action == Action::deactivate || decision_.action == Action::remove) return std::nullopt;
    if (may_be_gone()) return std::nullopt;
    if (decision_.action == Action::exempt) return exemption();
    if (facts_.status == KeyStatus::inactive) return inactive();
    if (facts_.status != KeyStatus::active || is_lost(facts_, record_)) return std::nullopt;
    if (has_phase(KeyPhase::retiring)) return retiring();
    return plain();
  }

 private:
  /// The keys were listed before the tags were read, and another run may have deleted this one in between: what it left
  /// in the tags is younger than the list. A word of its own here would take the place of that run's, and the owner
  /// would never hear that the key is gone. Should it be there after all, the next run says so.
  bool may_be_gone() const {
    if (told_ == nullptr) return false;
    if (told_->kind == NoticeKind::deleted) return now_ - told_->since < one_look;
    return facts_.status == KeyStatus::inactive && first_seen_inactive() && deletion_came(*told_, now_);
  }

  /// By this run, be its record of that a plan yet or just written.
  bool first_seen_inactive() const {
    if (record_ == nullptr) return true;
    if (record_->deactivated_by_us) return false;
    return !record_->inactive_since || now_ - *record_->inactive_since < one_look;
  }

  bool has_phase(KeyPhase phase) const { return record_ != nullptr && record_->phase == phase; }
  Reason reason() const { return decision_.otherwise ? decision_.otherwise->reason : decision_.reason; }
  /// As policy alone has it, whatever was announced.
  std::optional<Instant> policy_due() const { return decision_.otherwise ? decision_.otherwise->due : decision_.due; }

  /// The day to name for `step`: policy's, but never sooner than notice can be given. A later day that was named
  /// because of that stands; one that policy has moved is named anew.
  std::optional<Instant> named_day(Step step) const {
    const auto due = policy_due();
    if (!due || !rules_.require_notice.value) return due;
    const Period period = rules_.notice_period.value;
    const bool known = told_ != nullptr && told_->accepted && told_->due && announces(told_->kind, step);
    if (!known) return std::max(*due, now_ + period);
    const Instant told_for = *told_->due;
    if (*due < told_->since + period) return std::max(*due, told_for);
    return *due < told_for ? std::max(*due, now_ + period) : *due;
  }

  /// The closest of the warnings whose time has come; 0: none.
  int warning(const std::optional<Instant>& due) const {
    int closest = 0;
    if (!due || *due <= now_) return closest;
    for (const int warn : notices_.warn_days) {
      if (*due - now_ <= days{warn} && (closest == 0 || warn < closest)) closest = warn;
    }
    return closest;
  }

  Notice make(NoticeKind kind, std::optional<Instant> due, int days_before) const {
    return {kind, facts_.id, due, days_before, facts_.status, facts_.created, use_by_owner(facts_)};
  }

  /// Told of that day, and accepted?
  bool knows_day(const std::optional<Instant>& due) const {
    if (told_ == nullptr || !told_->accepted) return false;
    return due ? told_->due == day_of_instant(*due) : !told_->due;
  }

  /// A message that came that close to its day, or later, is a warning too.
  bool covers(int warn) const {
    if (told_->days != 0) return told_->days <= warn;
    return told_->due && Instant(*told_->due) - told_->since <= days{warn};
  }

  /// `base` once, then `soon` as the day comes near; `known` tells which kinds count as told.
  std::optional<Notice> staged(NoticeKind base, NoticeKind soon, std::optional<Instant> due,
                               const std::function<bool(NoticeKind)>& known) const {
    const int warn = warning(due);
    if (told_ == nullptr || !told_->accepted || !known(told_->kind)) return make(base, due, base == soon ? warn : 0);
    if (!knows_day(due)) return warn > 0 ? make(soon, due, warn) : make(base, due, 0);
    if (warn > 0 && !covers(warn)) return make(soon, due, warn);
    return std::nullopt;
  }

  /// Nothing but warnings.
  std::optional<Notice> warned(NoticeKind soon, std::optional<Instant> due) const {
    if (warning(due) == 0) return std::nullopt;
    return staged(soon, soon, due, [&](NoticeKind kind) { return kind == soon; });
  }

  std::optional<Notice> exemption() const {
    if (decision_.reason != Reason::exempt) return std::nullopt;
    return warned(NoticeKind::exemption_ending, decision_.due);
  }

  std::optional<Notice> inactive() const {
    if (is_lost(facts_, record_)) {
      if (told_ != nullptr && told_->accepted && told_->kind == NoticeKind::recovered) return std::nullopt;
      return make(NoticeKind::recovered, decision_.due, 0);
    }
    const auto due = named_day(Step::deletion);
    const auto known = [](NoticeKind kind) { return announces(kind, Step::deletion); };
    if (record_ != nullptr && record_->deactivated_by_us) {
      return staged(NoticeKind::deactivated, NoticeKind::deletion_soon, due, known);
    }
    const bool waits = decision_.reason == Reason::not_announced;
    if (!waits && warning(due) == 0) return std::nullopt;
    return staged(NoticeKind::deletion_soon, NoticeKind::deletion_soon, due, known);
  }

  std::optional<Notice> retiring() const {
    const auto known = [](NoticeKind kind) { return announces(kind, Step::deactivation); };
    if (reason() == Reason::still_in_use || reason() == Reason::successor_unused) return in_use();
    // Held for other reasons: no day can be named, and there is nothing that the owner could do.
    const bool held = decision_.action == Action::hold && !decision_.otherwise && reason() != Reason::reactivated;
    if (held || decision_.action == Action::rotate || decision_.action == Action::recover) return std::nullopt;
    return staged(NoticeKind::rotated, NoticeKind::deactivation_soon, named_day(Step::deactivation), known);
  }

  std::optional<Notice> in_use() const {
    std::optional<Instant> deadline;
    if (rules_.hard_deadline.value && decision_.due) deadline = *decision_.due + *rules_.hard_deadline.value;
    auto notice = staged(NoticeKind::in_use, NoticeKind::in_use, deadline,
                         [](NoticeKind kind) { return kind == NoticeKind::in_use; });
    if (notice) notice->successor_unused = reason() == Reason::successor_unused;
    return notice;
  }

  /// Told to be unused, and nobody can tell today whether it still is: no reason to say something else.
  bool was_unused() const {
    return facts_.last_use.state == LastUse::State::unknown && rules_.unused.value == Unused::retire &&
           told_ != nullptr && told_->accepted && told_->kind == NoticeKind::unused;
  }

  std::optional<Notice> plain() const {
    const auto known = [](NoticeKind kind) { return announces(kind, Step::deactivation); };
    const bool never_used = use_by_owner(facts_).state == LastUse::State::never;
    const bool may_go_unused = never_used && rules_.unused.value == Unused::retire;
    switch (reason()) {
      case Reason::young:
      case Reason::rotation_near:
        return may_go_unused || was_unused() ? warned(NoticeKind::unused, decision_.due)
                                             : warned(NoticeKind::rotation_soon, decision_.due);
      case Reason::unused:
      case Reason::idle: return staged(NoticeKind::unused, NoticeKind::unused, named_day(Step::deactivation), known);
      case Reason::evicted:
        return staged(NoticeKind::two_keys, NoticeKind::two_keys, named_day(Step::deactivation), known);
      case Reason::two_active: {
        const bool told = told_ != nullptr && told_->accepted && told_->kind == NoticeKind::two_keys;
        return told ? std::nullopt : std::optional(make(NoticeKind::two_keys, std::nullopt, 0));
      }
      default: return std::nullopt;
    }
  }

  const KeyFacts& facts_;
  const KeyDecision& decision_;
  const KeyRecord* record_;
  const NoticeState* told_;
  const Rules& rules_;
  const NoticeRules& notices_;
  Instant now_;
};

const KeyFacts* find_key(const UserFacts& facts, const AccessKeyId& id) {
  const auto found = std::ranges::find(facts.keys, id, &KeyFacts::id);
  return found != facts.keys.end() ? &*found : nullptr;
}

/// Deleted when its day had come, so it was rekeyer that did it; an earlier deletion was its owner's own.
bool was_deleted(const NoticeState& told, const UserFacts& facts, Instant now) {
  if (find_key(facts, told.key) != nullptr) return false;
  if (told.kind == NoticeKind::deleted) return !told.accepted && now - told.since < old_news;
  return deletion_came(told, now);
}

Notice gone(const AccessKeyId& key) {
  Notice notice;
  notice.kind = NoticeKind::deleted;
  notice.key = key;
  notice.status = KeyStatus::other;
  return notice;
}

}  // namespace

std::vector<Notice> pending_notices(const UserFacts& facts, const Rules& rules, const UserDecision& decision,
                                    const NoticeRules& notice_rules, Instant now) {
  std::vector<Notice> notices;
  if (!notice_rules.enabled) return notices;
  bool exemption_told = false;  // one word a user is enough
  for (const KeyDecision& key : decision.keys) {
    const KeyFacts* known = find_key(facts, key.key);
    if (known == nullptr || (key.action == Action::exempt && exemption_told)) continue;
    const KeyNews news(*known, key, decision.custody.find(key.key), facts.notices.find(key.key), rules, notice_rules,
                       now);
    if (auto notice = news.notice()) notices.push_back(std::move(*notice));
    exemption_told = exemption_told || key.action == Action::exempt;
  }
  for (const NoticeState& told : facts.notices.entries) {
    if (was_deleted(told, facts, now)) notices.push_back(gone(told.key));
  }
  return notices;
}

void add_deleted(const std::vector<AccessKeyId>& removed, std::vector<Notice>& notices) {
  for (const AccessKeyId& key : removed) {
    if (std::ranges::find(notices, key, &Notice::key) == notices.end()) notices.push_back(gone(key));
  }
}

NoticeRecord still_of_interest(const NoticeRecord& record, const UserFacts& facts, Instant now) {
  NoticeRecord kept;
  for (const NoticeState& told : record.entries) {
    if (find_key(facts, told.key) != nullptr || was_deleted(told, facts, now)) kept.put(told);
  }
  return kept;
}

}  // namespace rekeyer::policy
