#include "findings/inventory.hpp"

#include <algorithm>

namespace rekeyer::findings {

std::string_view name(KeyState state) {
  switch (state) {
    case KeyState::unclear: return "unclear";
    case KeyState::held: return "held";
    case KeyState::due: return "due";
    case KeyState::exempt: return "exempt";
    case KeyState::retiring: return "retiring";
    case KeyState::inactive: return "inactive";
    case KeyState::within: return "within";
  }
  return {};
}

std::string_view status_word(KeyStatus status) {
  switch (status) {
    case KeyStatus::active: return "active";
    case KeyStatus::inactive: return "inactive";
    case KeyStatus::other: return "unknown";
  }
  return {};
}

std::int64_t age_in_days(Instant instant, Instant now) {
  return instant < now ? std::chrono::floor<std::chrono::days>(now - instant).count() : 0;
}

bool has_failures(const Inventory& inventory) {
  return !inventory.incomplete.empty() || std::ranges::any_of(inventory.accounts, [](const AccountEntry& account) {
    return account.status == rotation::AccountStatus::failed || account.status == rotation::AccountStatus::denied;
  });
}

}  // namespace rekeyer::findings
