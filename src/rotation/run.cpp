#include "rotation/run.hpp"

#include <algorithm>

namespace rekeyer::rotation {

std::size_t ChangeBudget::left(const AccountId& account) const {
  const auto taken = taken_by_account_.find(account);
  const auto of_account = limits_.max_changes_per_account - (taken == taken_by_account_.end() ? 0 : taken->second);
  return std::min(left(), of_account);
}

std::optional<std::string> ChangeBudget::refusal(const AccountId& account) const {
  if (left() == 0) return std::string(run_limit);
  if (left(account) == 0) return std::string(account_limit);
  return std::nullopt;
}

std::optional<std::string> ChangeBudget::take(const AccountId& account) {
  if (auto refused = refusal(account)) return refused;
  ++taken_;
  ++taken_by_account_[account];
  return std::nullopt;
}

}  // namespace rekeyer::rotation
