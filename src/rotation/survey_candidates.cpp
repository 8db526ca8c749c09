#include "rotation/survey_candidates.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

#include "policy/announcement.hpp"
#include "policy/change_order.hpp"
#include "policy/pending_notices.hpp"

namespace rekeyer::rotation {
namespace {

bool all_exempt(const policy::UserDecision& decision) {
  return !decision.keys.empty() &&
         std::ranges::all_of(decision.keys, [](const auto& key) { return key.action == policy::Action::exempt; });
}

/// Keeps the account's oldest active keys.
void note_ages(const SurveyedUser& user, AccountOutcome& outcome) {
  constexpr std::size_t kept = 5;
  for (const auto& key : user.facts.keys) {
    if (key.status != KeyStatus::active || key.created == Instant{}) continue;
    const bool named = key.id.str().find(' ') == std::string::npos;  // not "slot 1"
    outcome.oldest.push_back({user.facts.user, named ? key.id : AccessKeyId(), key.created});
  }
  std::ranges::sort(outcome.oldest, [](const OldKey& a, const OldKey& b) {
    return std::tie(a.created, a.user, a.key) < std::tie(b.created, b.user, b.key);
  });
  if (outcome.oldest.size() > kept) outcome.oldest.resize(kept);
}

/// In each rotation period a key is rotated, deactivated and deleted, each on a day of its own.
double turns_a_year(const SurveyedUser& user) {
  constexpr double steps = 3;
  const auto& keys = user.facts.keys;
  const bool lives = std::ranges::find(keys, KeyStatus::active, &policy::KeyFacts::status) != keys.end();
  const std::chrono::duration<double, std::chrono::days::period> period = user.rules.rotation_period.value;
  return lives && period.count() > 0 ? steps * 365 / period.count() : 0;
}

/// The row of a user who is exempt and about whom there is nothing else to say.
ActionOutcome exempt_row(const AccountId& account, const UserName& user, const policy::KeyDecision& decision) {
  auto row = user_row(account, user, policy::Action::exempt, decision.reason, ActionStatus::held, decision.detail);
  row.due = decision.due;
  return row;
}

/// Of an operator's work on secrets alone.
bool has_secret_to_tend(const RunOptions& options, const SurveyedUser& user) {
  return options.relock ? user.may_have_secret : user.unproved;
}

}  // namespace

SurveyCandidates pick_candidates(const RunContext& run, std::vector<SurveyedUser>& users, AccountOutcome& outcome) {
  SurveyCandidates candidates;
  const auto now = run.decision_time();
  double turns = 0;
  const bool forced = run.options.force.rotate || run.options.force.deactivate_now;
  for (auto& user : users) {
    ++outcome.users;
    if (run.options.tends_secrets_only()) {
      if (has_secret_to_tend(run.options, user)) candidates.others.push_back(std::move(user.context));
      continue;
    }
    const auto decision = policy::decide(user.facts, user.rules, run.options.force, now, policy::Words::left_out);
    const auto news = policy::pending_notices(user.facts, user.rules, decision, run.settings.notices, now);
    const bool exempt = all_exempt(decision);
    if (exempt && !user.look_closer && news.empty()) {
      ++outcome.exempt;
      outcome.actions.push_back(exempt_row(outcome.id, user.facts.user, decision.keys.front()));
      continue;
    }
    note_ages(user, outcome);
    if (!exempt) turns += turns_a_year(user);
    if (decision.quiet() && news.empty() && !user.look_closer && !forced && !run.options.list_quiet) {
      ++outcome.quiet;
      continue;
    }
    if (const auto* first = policy::first_change(decision)) {
      candidates.due.push_back({std::move(user.context), first->action, first->reason, first->due});
    } else {
      candidates.others.push_back(std::move(user.context));
    }
  }
  // A relocking run says by its rows where something is to be written.
  outcome.looked_at = run.options.relock ? 0 : candidates.others.size();
  outcome.turns_a_year = static_cast<std::size_t>(std::lround(turns));
  return candidates;
}

}  // namespace rekeyer::rotation
