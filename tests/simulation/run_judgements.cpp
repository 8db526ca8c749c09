// The checker's judgement on what a run says of itself, and on how much it changes.
#include <fmt/format.h>

#include <set>
#include <tuple>

#include "policy/change_order.hpp"
#include "rotation/run_counts.hpp"
#include "simulation/checker.hpp"

namespace rekeyer::simulation {
namespace {

/// A row about the secret of a user who is gone: he is none of the account's users.
bool is_of_gone_user(const rotation::ActionOutcome& row) {
  return row.action == policy::Action::remove && row.key.empty() && !rotation::waits_for_limit(row.reason);
}

/// Says that its user is neither quiet nor exempt.
bool counts_its_user(const rotation::ActionOutcome& row) {
  switch (kind_of(row)) {
    case rotation::RowKind::due:
    case rotation::RowKind::done:
    case rotation::RowKind::held:
    case rotation::RowKind::upcoming: return !is_of_gone_user(row);
    case rotation::RowKind::failed:
      return !is_of_gone_user(row) && row.reason != rotation::RunReason::not_recorded;  // of somebody quiet, perhaps
    case rotation::RowKind::unowned:
    case rotation::RowKind::undeliverable:
    case rotation::RowKind::root_key:
    case rotation::RowKind::exempt:
    case rotation::RowKind::quiet: return false;
  }
  return false;
}

}  // namespace

/// I8: whoever was looked at is quiet or exempt, or has a row; nobody is forgotten, and nothing is said twice.
void Checker::check_each_user_counted_once(const rotation::AccountOutcome& account) {
  if (account.status != rotation::AccountStatus::done) return;
  std::set<UserName> with_rows;
  std::set<UserName> not_recorded;
  std::set<std::tuple<UserName, AccessKeyId, policy::Action>> changes;
  for (const auto& row : account.actions) {
    if (counts_its_user(row)) with_rows.insert(row.user);
    if (row.reason == rotation::RunReason::not_recorded) not_recorded.insert(row.user);
    if (!policy::is_change(row.action) || row.key.empty()) continue;
    if (!changes.emplace(row.user, row.key, row.action).second) {
      broken("I8", fmt::format("{}/{}, key {}: {} twice in one report", account.id, row.user, row.key,
                               policy::name(row.action)));
    }
  }
  const auto counted = account.quiet + account.exempt + with_rows.size();
  const bool all = counted <= account.users && account.users <= counted + not_recorded.size();
  if (!all) {
    broken("I8", fmt::format("account {}: {} users, of whom {} are quiet, {} exempt, and {} have rows", account.id,
                             account.users, account.quiet, account.exempt, with_rows.size()));
  }
}

/// A run changes keys of no more users than its limits allow.
void Checker::check_limits(const sandbox::LoggedCall& call) {
  const bool changes_key =
      call.operation == "CreateAccessKey" || call.operation == "UpdateAccessKey" || call.operation == "DeleteAccessKey";
  const auto* name = call.input.if_contains("UserName");
  if (!changes_key || call.status != 200 || name == nullptr || !name->is_string()) return;
  const auto sender = only_sender(call);
  const auto run = sender ? running_.find(RunId(*sender)) : running_.end();
  const auto* user = sandbox_.world.find_user(call.account, UserName(std::string(name->get_string())));
  if (run == running_.end() || user == nullptr) return;
  auto& [mode, started, users, limits, changed] = run->second;
  changed[call.account].insert(user->id);
  std::size_t all = 0;
  for (const auto& [account, ids] : changed) all += ids.size();
  if (all > limits.max_changes || changed[call.account].size() > limits.max_changes_per_account) {
    broken("limits",
           fmt::format("{} users changed, {} of them in account {}, and the limits are {} and {}", all,
                       changed[call.account].size(), call.account, limits.max_changes, limits.max_changes_per_account));
  }
}

}  // namespace rekeyer::simulation
