#include "rotation/run.hpp"

namespace rekeyer::rotation {

std::optional<std::string> ChangeBudget::take(const AccountId& account) {
  if (taken_ >= limits_.max_changes) return "run_limit";
  auto& of_account = taken_by_account_[account];
  if (of_account >= limits_.max_changes_per_account) return "account_limit";
  ++taken_;
  ++of_account;
  return std::nullopt;
}

}  // namespace rekeyer::rotation
