#include "rotation/outcome.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "base/log.hpp"

namespace rekeyer::rotation {

std::string_view name(AccountStatus status) {
  switch (status) {
    case AccountStatus::done: return "done";
    case AccountStatus::denied: return "denied";
    case AccountStatus::skipped: return "skipped";
    case AccountStatus::failed: return "failed";
  }
  return "failed";
}

AccountStatus lost_account(const AccountId& account, const Error& error) {
  const bool denied = error.kind == ErrorKind::access_denied;
  log::warn(denied ? "account denied" : "account failed", {{"account", account.str()}, {"error", describe(error)}});
  return denied ? AccountStatus::denied : AccountStatus::failed;
}

std::string_view name(ActionStatus status) {
  switch (status) {
    case ActionStatus::planned: return "planned";
    case ActionStatus::done: return "done";
    case ActionStatus::held: return "held";
    case ActionStatus::failed: return "failed";
  }
  return "failed";
}

ActionOutcome user_row(AccountId account, UserName user, policy::Action action, OutcomeReason reason,
                       ActionStatus status, std::string detail) {
  ActionOutcome outcome;
  outcome.account = std::move(account);
  outcome.user = std::move(user);
  outcome.action = action;
  outcome.status = status;
  outcome.reason = reason;
  outcome.detail = std::move(detail);
  return outcome;
}

void append_rows(std::vector<ActionOutcome>& rows, std::vector<ActionOutcome> more) {
  rows.insert(rows.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

AccountOutcome::AccountOutcome(const AccountTarget& target, AccountStatus ended, std::string why)
    : id(target.id), name(target.name), email(target.email), status(ended), reason(std::move(why)) {}

Waiting waiting_in(const AccountOutcomes& accounts, const LimitSettings& limits) {
  const auto runs_for = [](std::size_t users, std::size_t a_run) {
    return a_run == 0 ? 0 : (users + a_run - 1) / a_run;
  };
  constexpr std::size_t days_of_a_year = 365;
  Waiting waiting;
  std::size_t turns_a_year = 0;
  for (const auto& account : accounts) {
    turns_a_year += account.turns_a_year;
    if (account.turns_a_year > limits.max_changes_per_account * days_of_a_year) ++waiting.accounts_behind;
    std::set<UserName> users;
    for (const auto& action : account.actions) {
      if (waits_for_limit(action.reason)) users.insert(action.user);
    }
    waiting.users += users.size();
    waiting.runs = std::max(waiting.runs, runs_for(users.size(), limits.max_changes_per_account));
  }
  waiting.a_day = (turns_a_year + days_of_a_year - 1) / days_of_a_year;
  waiting.run_keeps_up = turns_a_year <= limits.max_changes * days_of_a_year;
  if (limits.max_changes == 0 || limits.max_changes_per_account == 0) {
    waiting.runs = 0;
    return waiting;
  }
  waiting.runs = std::max(waiting.runs, runs_for(waiting.users, limits.max_changes));
  return waiting;
}

}  // namespace rekeyer::rotation
