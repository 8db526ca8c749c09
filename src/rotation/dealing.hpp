// Whom a run may change, where more are due than its limits allow. Pure; the command line and the functions on Lambda
// deal by it alike.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "base/names.hpp"
#include "base/time.hpp"

namespace rekeyer::rotation {

/// A user with something to change.
struct Due {
  Instant since{};          ///< Instant::min(): before everybody
  std::size_t account = 0;  ///< a number of the caller's
};

/// How many may be changed.
struct Share {
  std::size_t of_run = 0;
  std::function<std::size_t(std::size_t account)> of_account;
};

/// Places in `due`, which is in order of `since`, of those who have a turn; each account's in that order. Three
/// quarters of the share go to those that are due for the longest, whatever account they are in. The last quarter goes
/// round the accounts, in an order that differs from day to day: else a few accounts in which every attempt fails, and
/// whose users are therefore the oldest every day, would keep all others waiting for ever. `account_ids` by the
/// account's number.
std::vector<std::size_t> deal(const std::vector<Due>& due, const std::vector<AccountId>& account_ids,
                              const Share& share, Instant today);

}  // namespace rekeyer::rotation
