#include "rotation/change_queue.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <map>
#include <utility>

#include "base/stable_hash.hpp"

namespace rekeyer::rotation {
namespace {

/// So many more than may be changed: the survey may be hours old, and not all of them are due still.
std::size_t with_reserve(std::size_t limit) { return limit == 0 ? 0 : limit + std::max<std::size_t>(20, limit / 10); }

/// An account's place on that day; differs from day to day, and is the same wherever it is asked for.
std::uint64_t place_on(std::int64_t day, const AccountId& account) {
  const auto hash = stable_hash(account.str(), stable_hash_start ^ static_cast<std::uint64_t>(day));
  return hash ^ (hash >> 29);
}

/// Who has a turn, of users in order.
class Selection {
 public:
  Selection(const std::vector<QueuedUser>& users, const ChangeBudget& budget)
      : users_(users), budget_(budget), most_(budget.left()), chosen_(users.size()) {}

  void take_the_oldest(std::size_t most) {
    for (std::size_t i = 0; i < users_.size() && number_ < most; ++i) take(i);
  }

  /// One of each account, again and again, until nobody is left or the budget is used up.
  void take_in_rounds(std::int64_t day) {
    std::map<AccountId, std::vector<std::size_t>> left;
    for (std::size_t i = users_.size(); i-- > 0;) {
      if (!chosen_[i]) left[users_[i].account].push_back(i);  // the oldest at the end
    }
    std::vector<std::pair<std::uint64_t, AccountId>> order;
    for (const auto& [account, places] : left) order.emplace_back(place_on(day, account), account);
    std::ranges::sort(order);
    for (bool any = true; any && number_ < most_;) {
      any = false;
      for (const auto& [place, account] : order) {
        auto& places = left[account];
        if (places.empty() || number_ == most_) continue;
        any |= take(places.back());
        places.pop_back();
      }
    }
  }

  const std::vector<bool>& chosen() const { return chosen_; }

 private:
  bool take(std::size_t place) {
    const auto& account = users_[place].account;
    auto& taken = taken_[account];
    if (taken >= budget_.left(account)) return false;
    ++taken;
    ++number_;
    chosen_[place] = true;
    return true;
  }

  const std::vector<QueuedUser>& users_;
  const ChangeBudget& budget_;
  std::size_t most_;
  std::vector<bool> chosen_;
  std::map<AccountId, std::size_t> taken_;
  std::size_t number_ = 0;
};

}  // namespace

ChangeQueue::ChangeQueue(const LimitSettings& limits)
    : most_of_account_(with_reserve(limits.max_changes_per_account)), most_others_(with_reserve(limits.max_changes)) {}

std::vector<ChangeQueue::TurnedAway> ChangeQueue::push(std::vector<QueuedUser> of_account) {
  std::ranges::sort(of_account);
  std::vector<TurnedAway> turned_away;
  for (std::size_t i = 0; i < of_account.size(); ++i) {
    if (most_others_ == 0) {
      turned_away.push_back({std::move(of_account[i]), RunReason::run_limit});
    } else if (i >= most_of_account_) {
      turned_away.push_back({std::move(of_account[i]), RunReason::account_limit});
    } else {
      (i == 0 ? oldest_ : others_).insert(std::move(of_account[i]));
    }
  }
  while (others_.size() > most_others_) {
    turned_away.push_back({std::move(others_.extract(std::prev(others_.end())).value()), RunReason::run_limit});
  }
  return turned_away;
}

std::vector<QueuedUser> ChangeQueue::pop(const ChangeBudget& budget, Instant today) {
  const auto most = budget.left();
  if (most == 0) return {};
  auto all = drain();
  Selection selection(all, budget);
  selection.take_the_oldest(most - most / 4);
  selection.take_in_rounds(std::chrono::floor<std::chrono::days>(today).time_since_epoch().count());
  std::vector<QueuedUser> turns;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (selection.chosen()[i]) {
      turns.push_back(std::move(all[i]));
    } else {
      others_.insert(others_.end(), std::move(all[i]));
    }
  }
  return turns;
}

std::vector<QueuedUser> ChangeQueue::drain() {
  others_.merge(std::exchange(oldest_, {}));
  std::vector<QueuedUser> all;
  while (!others_.empty()) all.push_back(std::move(others_.extract(others_.begin()).value()));
  return all;
}

}  // namespace rekeyer::rotation
