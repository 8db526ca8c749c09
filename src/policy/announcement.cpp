// Retirements wait until their owner knows.
#include "policy/announcement.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace rekeyer::policy {
namespace {

/// Runs come daily, but not to the minute: one that is a little earlier than the day before must not wait for another
/// day.
Period run_jitter(Period notice_period) { return notice_period / 24; }

std::optional<Step> step_of(const KeyDecision& decision) {
  if (decision.reason == Reason::orphan || decision.reason == Reason::forced) return std::nullopt;
  if (decision.action == Action::deactivate) return Step::deactivation;
  if (decision.action == Action::remove) return Step::deletion;
  return std::nullopt;
}

}  // namespace

void await_announcement(const UserFacts& facts, const Rules& rules, Instant now, std::vector<KeyDecision>& decisions) {
  if (!rules.require_notice.value) return;
  for (KeyDecision& decision : decisions) {
    const auto step = step_of(decision);
    if (!step) continue;
    const NoticeState* told = facts.notices.find(decision.key);
    // A key in use goes when nothing uses it any more, and its owner was told that; anything else needs a day.
    const bool said_when = told != nullptr && (told->due || told->kind == NoticeKind::in_use);
    const bool known = said_when && told->accepted && announces(told->kind, *step);
    Instant from = decision.due.value_or(now);
    if (known) {
      from = std::max(from, told->since + rules.notice_period.value - run_jitter(rules.notice_period.value));
      // Never before the day that was named.
      if (told->due && told->kind != NoticeKind::in_use) from = std::max(from, Instant(*told->due));
    }
    if (known && now >= from) continue;
    decision.otherwise = Otherwise{decision.action, decision.reason, decision.due.value_or(now)};
    decision.action = Action::hold;
    decision.reason = known ? Reason::announced : Reason::not_announced;
    if (known) decision.due = from;
    decision.rule = fmt::format("require_notice=true ({})", rules.require_notice.source);
  }
}

}  // namespace rekeyer::policy
