#include "rotation/backlog.hpp"

#include <algorithm>
#include <map>
#include <tuple>

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
    if (i >= most) {
      visit->hold(users[i], account_limit);
    } else {
      waiting_.insert({std::move(users[i]), visit});
    }
  }
  std::vector<std::shared_ptr<AccountVisit>> turned_away;
  while (waiting_.size() > capacity_) {
    auto youngest = waiting_.extract(std::prev(waiting_.end()));
    youngest.value().visit->hold(youngest.value().user, run_limit);
    turned_away.push_back(std::move(youngest.value().visit));
  }
  return turned_away;
}

std::vector<VisitShare> Backlog::next(const ChangeBudget& budget) {
  Shares chosen;
  std::map<AccountId, std::size_t> taken;
  std::size_t left = budget.left();
  for (auto user = waiting_.begin(); user != waiting_.end() && left > 0;) {
    const auto& account = user->visit->outcome.id;
    if (taken[account] >= budget.left(account)) {
      ++user;
      continue;
    }
    ++taken[account];
    --left;
    auto node = waiting_.extract(user++);
    chosen.add(node.value().visit, std::move(node.value().user));
  }
  return chosen.take();
}

std::vector<VisitShare> Backlog::rest() {
  Shares all;
  while (!waiting_.empty()) {
    auto node = waiting_.extract(waiting_.begin());
    all.add(node.value().visit, std::move(node.value().user));
  }
  return all.take();
}

}  // namespace rekeyer::rotation
