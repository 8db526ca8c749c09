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
    outcome.oldest.push_back({user.facts.user, is_key_id(key.id) ? key.id : AccessKeyId(), key.created});
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

/// Of an inactive key a credential report does not tell "never used" from "nobody knows", which matters for one that is
/// on record.
bool lacks_a_last_use(const SurveyedUser& user) {
  return std::ranges::any_of(user.facts.keys, [&](const policy::KeyFacts& key) {
    const bool matters = key.status == KeyStatus::active || user.may_have_secret;
    return matters && key.last_use.state == LastUse::State::unknown;
  });
}

/// Would it change or hold something?
bool decides(const policy::UserDecision& decision) {
  return policy::first_change(decision) != nullptr ||
         std::ranges::any_of(decision.keys, [](const auto& key) { return key.action == policy::Action::hold; });
}

/// Is the survey's picture enough to plan by? Of a user with a secret, its policy and its copies, which only a closer
/// look shows, may hold a change, and a use of the last hours, which no report shows yet, may end a hold.
bool tells_enough(const RunContext& run, const Picking& picking, const SurveyedUser& user, bool forced, bool decides) {
  if (!picking.by_report || forced || user.look_closer || user.unproved || user.place_taken) return false;
  if (lacks_a_last_use(user) || (user.may_have_secret && (decides || run.options.ids))) return false;
  return !user.has_values || names_all_keys(user.facts);  // which of them are stored, their ids tell
}

Candidate candidate_of(const RunContext& run, const Picking& picking, SurveyedUser& user, bool forced, bool decides) {
  Candidate candidate{std::move(user.context)};
  if (!tells_enough(run, picking, user, forced, decides)) return candidate;
  const bool matters = user.may_have_secret || run.options.ids || picking.own_account;
  const bool needs_ids = matters && !names_all_keys(user.facts);
  candidate.picture = BulkPicture{std::move(user.facts), std::move(user.rules), needs_ids};
  return candidate;
}

}  // namespace

SurveyCandidates pick_candidates(const RunContext& run, const Picking& picking, std::vector<SurveyedUser>& users,
                                 AccountOutcome& outcome) {
  SurveyCandidates candidates;
  const auto now = run.decision_time();
  double turns = 0;
  const bool forced = run.options.force.rotate || run.options.force.deactivate_now;
  for (auto& user : users) {
    ++outcome.users;
    if (run.options.tends_secrets_only()) {
      if (has_secret_to_tend(run.options, user)) candidates.others.push_back({std::move(user.context)});
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
    const auto* first = policy::first_change(decision);
    auto candidate = candidate_of(run, picking, user, forced, decides(decision));
    if (candidate.picture) outcome.report_made = picking.by_report;
    if (first != nullptr) {
      candidates.due.push_back({std::move(candidate), first->action, first->reason, first->due});
    } else {
      candidates.others.push_back(std::move(candidate));
    }
  }
  // A relocking run says by its rows where something is to be written.
  outcome.looked_at = run.options.relock ? 0 : candidates.others.size();
  outcome.turns_a_year = static_cast<std::size_t>(std::lround(turns));
  return candidates;
}

}  // namespace rekeyer::rotation
