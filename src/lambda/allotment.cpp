#include "lambda/allotment.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "rotation/dealing.hpp"

namespace rekeyer::lambda {
namespace {

/// One user with something to change; the account's number is its place among the surveyed ones.
struct DueUser {
  rotation::Due due;
  UserName user;
};

/// Needs no share: a policy, or the secret of a user who is gone.
bool changes_no_key(const rotation::ActionOutcome& action) {
  return action.action == policy::Action::relock || action.reason == rotation::RunReason::user_gone;
}

bool is_users_change(const rotation::ActionOutcome& action) {
  const bool waits = rotation::waits_for_limit(action.reason);
  return rotation::is_change(action.action) && (waits || action.status == rotation::ActionStatus::planned) &&
         !changes_no_key(action);
}

/// The users of one account with something to change, each with the earliest instant.
std::map<UserName, Instant> due_users(const AccountRecord& record) {
  std::map<UserName, Instant> users;
  for (const auto& action : record.outcome.actions) {
    if (!is_users_change(action)) continue;
    // What a run left in the middle goes first: a key may be active without a stored secret.
    const bool recovers = action.action == policy::Action::recover;
    const auto since = recovers ? Instant::min() : action.due.value_or(Instant{});
    const auto [user, added] = users.emplace(action.user, since);
    if (!added) user->second = std::min(user->second, since);
  }
  return users;
}

bool is_to_be_entered(const AccountRecord& record, std::size_t share) {
  if (record.outcome.status != rotation::AccountStatus::done) return false;
  return share > 0 || record.outcome.looked_at > 0 ||
         std::ranges::any_of(record.outcome.actions, [](const auto& action) {
           const bool relocks = action.action == policy::Action::relock;
           if (relocks) return action.status == rotation::ActionStatus::planned;
           return rotation::is_change(action.action) && action.reason == rotation::RunReason::user_gone;
         });
}

}  // namespace

Allotment allot(const std::vector<Surveyed>& surveyed, const rotation::LimitSettings& limits, Instant today) {
  std::vector<DueUser> all;
  std::vector<AccountId> ids;
  for (std::size_t i = 0; i < surveyed.size(); ++i) {
    ids.push_back(surveyed[i].target.id);
    if (surveyed[i].record.outcome.status != rotation::AccountStatus::done) continue;
    for (auto& [user, since] : due_users(surveyed[i].record)) all.push_back({{since, i}, user});
  }
  std::ranges::sort(all, [&](const DueUser& a, const DueUser& b) {
    return std::tie(a.due.since, ids[a.due.account], a.user) < std::tie(b.due.since, ids[b.due.account], b.user);
  });
  std::vector<rotation::Due> due;
  for (const auto& user : all) due.push_back(user.due);
  const rotation::Share share{limits.max_changes, [&](std::size_t) { return limits.max_changes_per_account; }};
  const auto chosen = rotation::deal(due, ids, share, today);
  Allotment allotment{{}, all.size(), chosen.size()};
  std::vector<std::size_t> shares(surveyed.size());
  for (const auto place : chosen) ++shares[due[place].account];
  for (std::size_t i = 0; i < surveyed.size(); ++i) {
    if (is_to_be_entered(surveyed[i].record, shares[i])) allotment.accounts.push_back({surveyed[i].target, shares[i]});
  }
  return allotment;
}

}  // namespace rekeyer::lambda
