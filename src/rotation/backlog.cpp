#include "rotation/backlog.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "rotation/dealing.hpp"

namespace rekeyer::rotation {
namespace {

/// So many more than may be changed: the survey may be hours old, and not all of them are due still.
std::size_t with_reserve(std::size_t limit) { return limit == 0 ? 0 : limit + std::max<std::size_t>(20, limit / 10); }

/// Puts users together that belong to the same visit; visits in the order in which they first come.
class Shares {
 public:
  void add(const std::shared_ptr<AccountVisit>& visit, DueUser user) {
    const auto [place, added] = places_.emplace(visit.get(), shares_.size());
    if (added) shares_.push_back({visit, {}});
    shares_[place->second].users.push_back(std::move(user));
  }
  std::vector<VisitShare> take() { return std::move(shares_); }

 private:
  std::map<const AccountVisit*, std::size_t> places_;
  std::vector<VisitShare> shares_;
};

}  // namespace

bool Backlog::OldestFirst::operator()(const Waiting& a, const Waiting& b) const {
  return std::tie(a.user.since, a.visit->outcome.id, a.user.context.subject.user) <
         std::tie(b.user.since, b.visit->outcome.id, b.user.context.subject.user);
}

Backlog::Backlog(const LimitSettings& limits) : limits_(limits), capacity_(with_reserve(limits.max_changes)) {}

std::vector<std::shared_ptr<AccountVisit>> Backlog::add(const std::shared_ptr<AccountVisit>& visit) {
  auto users = std::exchange(visit->due, {});
  std::ranges::sort(users, [](const DueUser& a, const DueUser& b) {
    return std::tie(a.since, a.context.subject.user) < std::tie(b.since, b.context.subject.user);
  });
  const auto most = with_reserve(limits_.max_changes_per_account);
  for (std::size_t i = 0; i < users.size(); ++i) {
    if (capacity_ == 0) {
      visit->hold(users[i], RunReason::run_limit);
    } else if (i >= most) {
      visit->hold(users[i], RunReason::account_limit);
    } else {
      (i == 0 ? oldest_ : others_).insert({std::move(users[i]), visit});
    }
  }
  std::vector<std::shared_ptr<AccountVisit>> turned_away;
  while (others_.size() > capacity_) {
    auto youngest = others_.extract(std::prev(others_.end()));
    youngest.value().visit->hold(youngest.value().user, RunReason::run_limit);
    turned_away.push_back(std::move(youngest.value().visit));
  }
  return turned_away;
}

std::vector<VisitShare> Backlog::next(const ChangeBudget& budget, Instant today) {
  if (budget.left() == 0) return {};
  // Each account's oldest stands before all others of its account, so one line of them all is in order.
  oldest_.merge(others_);
  std::map<AccountId, std::size_t> numbers;
  std::vector<AccountId> ids;
  std::vector<Due> due;
  for (const auto& waiting : oldest_) {
    const auto& id = waiting.visit->outcome.id;
    const auto [number, added] = numbers.emplace(id, ids.size());
    if (added) ids.push_back(id);
    due.push_back({waiting.user.since, number->second});
  }
  const Share share{budget.left(), [&](std::size_t account) { return budget.left(ids[account]); }};
  Shares chosen;
  auto at = oldest_.begin();
  std::size_t place = 0;
  for (const auto wanted : deal(due, ids, share, today)) {
    for (; place < wanted; ++place) ++at;
    auto node = oldest_.extract(at++);
    ++place;
    chosen.add(node.value().visit, std::move(node.value().user));
  }
  return chosen.take();
}

std::vector<VisitShare> Backlog::rest() {
  Shares all;
  oldest_.merge(others_);
  while (!oldest_.empty()) {
    auto node = oldest_.extract(oldest_.begin());
    all.add(node.value().visit, std::move(node.value().user));
  }
  return all.take();
}

}  // namespace rekeyer::rotation
