#include "rotation/run.hpp"

#include <algorithm>

namespace rekeyer::rotation {

std::size_t ChangeBudget::left(const AccountId& account) const {
  return std::min(left(), limits_.max_changes_per_account - taken_of(account));
}

std::size_t ChangeBudget::taken_of(const AccountId& account) const {
  const auto taken = taken_by_account_.find(account);
  return taken == taken_by_account_.end() ? 0 : taken->second;
}

std::optional<RunReason> ChangeBudget::refusal(const AccountId& account) const {
  if (taken_of(account) >= limits_.max_changes_per_account) return RunReason::account_limit;
  if (left() == 0) return RunReason::run_limit;
  return std::nullopt;
}

std::optional<RunReason> ChangeBudget::take(const AccountId& account) {
  if (const auto refused = refusal(account)) return refused;
  ++taken_;
  ++taken_by_account_[account];
  return std::nullopt;
}

}  // namespace rekeyer::rotation
