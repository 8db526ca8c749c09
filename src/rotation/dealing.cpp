#include "rotation/dealing.hpp"

#include <algorithm>
#include <cstdint>

#include "base/stable_hash.hpp"

namespace rekeyer::rotation {
namespace {

/// An account's place on that day; differs from day to day, and is the same wherever it is asked for.
std::uint64_t place_on(std::int64_t day, const AccountId& account) {
  const auto hash = stable_hash(account.str(), stable_hash_start ^ static_cast<std::uint64_t>(day));
  return hash ^ (hash >> 29);
}

class Dealing {
 public:
  Dealing(const std::vector<Due>& due, const std::vector<AccountId>& account_ids, const Share& share)
      : due_(due), share_(share), taken_(account_ids.size()), has_turn_(due.size()) {}

  void to_the_oldest(std::size_t most) {
    for (std::size_t i = 0; i < due_.size() && chosen_ < most; ++i) take(i);
  }

  /// One each, again and again, until nobody is left or the share is used up.
  void round(const std::vector<std::size_t>& accounts) {
    std::vector<std::vector<std::size_t>> left(taken_.size());
    for (std::size_t i = due_.size(); i-- > 0;) {
      if (!has_turn_[i]) left[due_[i].account].push_back(i);  // the oldest at the end
    }
    for (bool any = true; any && chosen_ < share_.of_run;) {
      any = false;
      for (const auto account : accounts) {
        if (left[account].empty() || chosen_ == share_.of_run) continue;
        any |= take(left[account].back());
        left[account].pop_back();
      }
    }
  }

  std::vector<std::size_t> chosen() const {
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < due_.size(); ++i) {
      if (has_turn_[i]) places.push_back(i);
    }
    return places;
  }

 private:
  bool take(std::size_t place) {
    const auto account = due_[place].account;
    if (taken_[account] >= share_.of_account(account)) return false;
    ++taken_[account];
    ++chosen_;
    has_turn_[place] = true;
    return true;
  }

  const std::vector<Due>& due_;
  const Share& share_;
  std::vector<std::size_t> taken_;  ///< by account
  std::vector<bool> has_turn_;
  std::size_t chosen_ = 0;
};

}  // namespace

std::vector<std::size_t> deal(const std::vector<Due>& due, const std::vector<AccountId>& account_ids,
                              const Share& share, Instant today) {
  Dealing dealing(due, account_ids, share);
  dealing.to_the_oldest(share.of_run - share.of_run / 4);
  const auto day = std::chrono::floor<std::chrono::days>(today).time_since_epoch().count();
  std::vector<std::size_t> accounts(account_ids.size());
  for (std::size_t i = 0; i < accounts.size(); ++i) accounts[i] = i;
  std::ranges::sort(accounts, {}, [&](std::size_t account) { return place_on(day, account_ids[account]); });
  dealing.round(accounts);
  return dealing.chosen();
}

}  // namespace rekeyer::rotation
