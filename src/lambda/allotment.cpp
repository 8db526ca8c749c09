#include "lambda/allotment.hpp"

#include <algorithm>
#include <map>

#include "policy/change_order.hpp"
#include "rotation/change_queue.hpp"

namespace rekeyer::lambda {
namespace {

/// Needs no share: a policy, or the secret of a user who is gone.
bool changes_no_key(const rotation::ActionOutcome& action) {
  return action.action == policy::Action::relock || action.reason == rotation::RunReason::user_gone;
}

bool is_users_change(const rotation::ActionOutcome& action) {
  const bool waits = rotation::waits_for_limit(action.reason);
  return policy::is_change(action.action) && (waits || action.status == rotation::ActionStatus::planned) &&
         !changes_no_key(action);
}

/// The users of one account with something to change.
std::vector<rotation::QueuedUser> due_users(const Surveyed& surveyed) {
  std::map<UserName, Instant> users;
  for (const auto& action : surveyed.record.outcome.actions) {
    if (!is_users_change(action)) continue;
    const auto since = policy::due_since(action.action, action.due);
    const auto [user, added] = users.emplace(action.user, since);
    if (!added) user->second = std::min(user->second, since);
  }
  std::vector<rotation::QueuedUser> queued;
  for (const auto& [user, since] : users) queued.push_back({since, surveyed.target.id, user});
  return queued;
}

bool is_to_be_entered(const AccountRecord& record, std::size_t share) {
  if (record.outcome.status != rotation::AccountStatus::done) return false;
  return share > 0 || record.outcome.looked_at > 0 ||
         std::ranges::any_of(record.outcome.actions, [](const auto& action) {
           const bool relocks = action.action == policy::Action::relock;
           if (relocks) return action.status == rotation::ActionStatus::planned;
           return policy::is_change(action.action) && action.reason == rotation::RunReason::user_gone;
         });
}

}  // namespace

Allotment allot(const std::vector<Surveyed>& surveyed, const rotation::LimitSettings& limits, Instant today) {
  rotation::ChangeQueue queue;
  std::size_t due = 0;
  for (const auto& one : surveyed) {
    if (one.record.outcome.status != rotation::AccountStatus::done) continue;
    auto users = due_users(one);
    due += users.size();
    queue.push(std::move(users));
  }
  const auto turns = queue.pop(rotation::ChangeBudget(limits), today);
  std::map<AccountId, std::size_t> shares;
  for (const auto& user : turns) ++shares[user.account];
  Allotment allotment{{}, due, turns.size()};
  for (const auto& one : surveyed) {
    const auto share = shares[one.target.id];
    if (is_to_be_entered(one.record, share)) allotment.accounts.push_back({one.target, share});
  }
  return allotment;
}

}  // namespace rekeyer::lambda
