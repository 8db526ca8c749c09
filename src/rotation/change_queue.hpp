// The users of a run with something to change, where it may change only so many: whose turn it is, whatever account
// they are in. Pure: knows ids and instants. Used by the command line and by the functions on Lambda.
#pragma once

#include <compare>
#include <cstddef>
#include <limits>
#include <set>
#include <vector>

#include "base/names.hpp"
#include "base/time.hpp"
#include "rotation/run.hpp"

namespace rekeyer::rotation {

/// In order of their turns: those who are due for the longest first.
struct QueuedUser {
  Instant since{};  ///< policy::due_since() of the first change
  AccountId account;
  UserName user;

  auto operator<=>(const QueuedUser&) const = default;
};

class ChangeQueue {
 public:
  struct TurnedAway {
    QueuedUser user;
    RunReason reason;
  };

  /// Keeps all.
  ChangeQueue() = default;
  /// Keeps one user of each account, and of the others as many as a run may change, with a reserve for those who turn
  /// out to have nothing due: what it takes does not grow with the number of users who are due.
  explicit ChangeQueue(const LimitSettings& limits);

  /// Adds all users of one account who are due; once an account. Gives back those, of any account, whose turn can't
  /// come in this run.
  std::vector<TurnedAway> push(std::vector<QueuedUser> of_account);

  /// Takes out whoever may be changed now, each account's in order. Three quarters of what `budget` has left go to
  /// those who are due for the longest, whatever account they are in. The last quarter goes round the accounts, in an
  /// order that differs from day to day: else a few accounts in which every attempt fails, and whose users are
  /// therefore due for the longest every day, would keep all others waiting for ever.
  std::vector<QueuedUser> pop(const ChangeBudget& budget, Instant today);

  /// Takes out all that are left, in order.
  std::vector<QueuedUser> drain();

 private:
  static constexpr std::size_t unbounded = std::numeric_limits<std::size_t>::max();

  std::size_t most_of_account_ = unbounded;
  std::size_t most_others_ = unbounded;
  std::set<QueuedUser> oldest_;  ///< one of each account
  std::set<QueuedUser> others_;
};

}  // namespace rekeyer::rotation
