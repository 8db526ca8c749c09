#include "simulation/misreport.hpp"

#include <algorithm>

#include "policy/change_order.hpp"

namespace rekeyer::simulation {
namespace {

bool is_waiting(const rotation::ActionOutcome& row) { return rotation::waits_for_limit(row.reason); }

bool was_changed(const rotation::ActionOutcome& row) {
  return policy::is_change(row.action) && row.status == rotation::ActionStatus::done && !row.key.empty();
}

bool is_left_out(Bug bug, const rotation::AccountOutcome& account) {
  const bool bad =
      account.status == rotation::AccountStatus::failed || account.status == rotation::AccountStatus::denied;
  return (bug == Bug::failures_hidden && bad) ||
         (bug == Bug::accounts_are_not_closed && std::ranges::any_of(account.actions, is_waiting));
}

}  // namespace

rotation::AccountOutcomes misreported(Bug bug, rotation::AccountOutcomes accounts) {
  rotation::AccountOutcomes told;
  for (auto account : accounts) {
    if (is_left_out(bug, account)) continue;
    auto& rows = account.actions;
    if (bug == Bug::held_are_forgotten) std::erase_if(rows, is_waiting);
    if (bug == Bug::changes_are_forgotten) std::erase_if(rows, was_changed);
    if (bug == Bug::rows_are_doubled) {
      if (const auto changed = std::ranges::find_if(rows, was_changed); changed != rows.end()) {
        const auto again = *changed;
        rows.push_back(again);
      }
    }
    told.push_back(std::move(account));
  }
  return told;
}

}  // namespace rekeyer::simulation
