#include "rotation/outcome.hpp"

#include <algorithm>

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

std::string_view name(ActionStatus status) {
  switch (status) {
    case ActionStatus::planned: return "planned";
    case ActionStatus::done: return "done";
    case ActionStatus::held: return "held";
    case ActionStatus::failed: return "failed";
  }
  return "failed";
}

bool is_change(policy::Action action) {
  switch (action) {
    case policy::Action::rotate:
    case policy::Action::deactivate:
    case policy::Action::remove:
    case policy::Action::recover: return true;
    case policy::Action::keep:
    case policy::Action::warn:
    case policy::Action::hold:
    case policy::Action::exempt: return false;
  }
  return false;
}

bool has_failures(const RunReport& report) {
  if (!report.incomplete.empty()) return true;
  return std::ranges::any_of(report.accounts, [](const AccountOutcome& account) {
    return account.status == AccountStatus::denied || account.status == AccountStatus::failed ||
           std::ranges::any_of(account.actions,
                               [](const ActionOutcome& action) { return action.status == ActionStatus::failed; });
  });
}

bool has_due(const RunReport& report) {
  return std::ranges::any_of(report.accounts, [](const AccountOutcome& account) {
    return std::ranges::any_of(account.actions, [](const ActionOutcome& action) {
      return is_change(action.action) && action.status == ActionStatus::planned;
    });
  });
}

}  // namespace rekeyer::rotation
