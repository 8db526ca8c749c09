// The users of a run with something to change, of whom it may only change so many (dealing.hpp says whom), while their
// accounts are being surveyed and after.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <set>
#include <vector>

#include "rotation/account_visit.hpp"
#include "rotation/run.hpp"

namespace rekeyer::rotation {

/// Users of one visit.
struct VisitShare {
  std::shared_ptr<AccountVisit> visit;
  std::vector<DueUser> users;
};

/// Keeps each account's oldest user, and of the others no more than the run could change, with some in reserve for
/// those with whom nothing is due after all; so what it takes does not grow with the backlog. A visit lives for as long
/// as one of its users waits here.
class Backlog {
 public:
  explicit Backlog(const LimitSettings& limits);

  /// Takes the due users of a visit. Those, of any visit, whose turn can't come in this run are held; gives their
  /// visits, of which some may have nobody left who waits.
  std::vector<std::shared_ptr<AccountVisit>> add(const std::shared_ptr<AccountVisit>& visit);
  /// Whom `budget` lets be changed now, taken out, by visit.
  std::vector<VisitShare> next(const ChangeBudget& budget, Instant today);
  /// All that are left, taken out, by visit.
  std::vector<VisitShare> rest();

 private:
  struct Waiting {
    DueUser user;
    std::shared_ptr<AccountVisit> visit;
  };
  struct OldestFirst {
    bool operator()(const Waiting& a, const Waiting& b) const;
  };
  using Line = std::multiset<Waiting, OldestFirst>;

  LimitSettings limits_;
  std::size_t capacity_;
  Line oldest_;  ///< of each account one
  Line others_;
};

}  // namespace rekeyer::rotation
