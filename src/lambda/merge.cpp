#include "lambda/merge.hpp"

#include <algorithm>
#include <set>
#include <tuple>

#include "policy/change_order.hpp"

namespace rekeyer::lambda {
namespace {

using rotation::ActionOutcome;
using rotation::ActionStatus;

bool was_left(const ActionOutcome& action) {
  return action.reason == rotation::RunReason::interrupted && action.status == ActionStatus::held;
}

/// What tells more of what happened to a key wins: something done, something tried, something known.
int weight(const ActionOutcome& action) {
  if (was_left(action)) return 0;
  if (!policy::is_change(action.action)) return 1;
  switch (action.status) {
    case ActionStatus::held: return 2;
    case ActionStatus::planned: return 3;
    case ActionStatus::failed: return 4;
    case ActionStatus::done: return 5;
  }
  return 0;
}

auto identity(const ActionOutcome& action) { return std::tie(action.user, action.key); }

/// Users of whom anything but "left" is known.
std::set<UserName> known_users(const AccountRecord& record) {
  std::set<UserName> users;
  for (const auto& action : record.outcome.actions) {
    if (!was_left(action)) users.insert(action.user);
  }
  return users;
}

/// All rows of one outcome that are not outdone by one of the other.
void take_better(const std::vector<ActionOutcome>& mine, const std::vector<ActionOutcome>& others, bool mine_is_later,
                 std::vector<ActionOutcome>& all) {
  for (const auto& action : mine) {
    const bool outdone = std::ranges::any_of(others, [&](const ActionOutcome& other) {
      if (identity(other) != identity(action)) return false;
      return mine_is_later ? weight(other) > weight(action) : weight(other) >= weight(action);
    });
    if (!outdone) all.push_back(action);
  }
}

bool entered(const AccountRecord& record) { return record.outcome.status == rotation::AccountStatus::done; }

}  // namespace

std::vector<UserName> users_left(const AccountRecord& record) {
  std::vector<UserName> users;
  for (const auto& action : record.outcome.actions) {
    if (was_left(action)) users.push_back(action.user);
  }
  return users;
}

std::size_t users_changed(const AccountRecord& record) {
  std::set<UserName> users;
  for (const auto& action : record.outcome.actions) {
    const bool tried = action.status == ActionStatus::done || action.status == ActionStatus::failed;
    if (policy::is_change(action.action) && tried) users.insert(action.user);
  }
  return users.size();
}

AccountRecord merged(const AccountRecord& earlier, const AccountRecord& later) {
  const bool later_counts = entered(later) || !entered(earlier);
  AccountRecord result = later_counts ? later : earlier;
  auto& outcome = result.outcome;
  // A call that went on with the users left saw only them; the first call saw all.
  if (entered(earlier) && entered(later)) {
    const bool later_saw_all = later.outcome.users >= earlier.outcome.users;
    outcome.users = std::max(earlier.outcome.users, later.outcome.users);
    outcome.looked_at = std::max(earlier.outcome.looked_at, later.outcome.looked_at);
    outcome.turns_a_year = std::max(earlier.outcome.turns_a_year, later.outcome.turns_a_year);
    outcome.exempt = std::max(earlier.outcome.exempt, later.outcome.exempt);
    outcome.quiet = later_saw_all ? later.outcome.quiet : earlier.outcome.quiet + later.outcome.quiet;
    outcome.fitting = later_saw_all ? later.outcome.fitting : earlier.outcome.fitting;
    outcome.oldest = later_saw_all ? later.outcome.oldest : earlier.outcome.oldest;
  }
  if (entered(earlier) && later_counts) {
    outcome.actions.clear();
    take_better(earlier.outcome.actions, later.outcome.actions, false, outcome.actions);
    take_better(later.outcome.actions, earlier.outcome.actions, true, outcome.actions);
  }
  const auto known_before = known_users(earlier);
  const auto known_after = known_users(later);
  const bool later_looked = entered(later);
  // Who had been left was looked at by the later call, even where it found nothing to say.
  std::erase_if(outcome.actions, [&](const ActionOutcome& action) {
    if (!was_left(action)) return false;
    const auto left_by_later = std::ranges::any_of(
        later.outcome.actions, [&](const ActionOutcome& row) { return was_left(row) && row.user == action.user; });
    return known_before.contains(action.user) || known_after.contains(action.user) || (later_looked && !left_by_later);
  });
  std::ranges::sort(outcome.actions, [](const ActionOutcome& a, const ActionOutcome& b) {
    return std::tie(a.user, a.key, a.action) < std::tie(b.user, b.key, b.action);
  });
  result.started = std::min(earlier.started, later.started);
  result.finished = std::max(earlier.finished, later.finished);
  result.mails_refused = earlier.mails_refused + later.mails_refused;
  result.calls = earlier.calls;
  for (const auto& [operation, count] : later.calls) result.calls[operation] += count;
  result.failing_channels = earlier.failing_channels;
  for (const auto& channel : later.failing_channels) {
    if (std::ranges::find(result.failing_channels, channel) == result.failing_channels.end()) {
      result.failing_channels.push_back(channel);
    }
  }
  return result;
}

}  // namespace rekeyer::lambda
