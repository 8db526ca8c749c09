// A first day in one large account beside a tool that uses half of what IAM allows there: who is refused how often,
// and whether everything is done.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/time.hpp"

namespace rekeyer::simulation {

struct NeighbourOptions {
  std::uint64_t seed = 1;
  std::size_t users = 300;  ///< all of them due
  double iam_rate = 20;     ///< what the account allows, and what we take it to allow
  double share = 0.5;       ///< how much of it is ours
  double neighbour = 0.5;   ///< how much of it the neighbour uses
  /// When the neighbour stops; it may be after the run has ended.
  Milliseconds neighbour_for = std::chrono::hours{24};
};

/// One party's IAM calls in the account.
struct Traffic {
  std::size_t sent = 0;
  std::size_t refused = 0;
  std::size_t most_in_a_second = 0;  ///< in any second, wherever it begins
  double refused_percent() const {
    return sent == 0 ? 0 : 100 * static_cast<double>(refused) / static_cast<double>(sent);
  }
};

struct NeighbourResult {
  Traffic ours;
  Traffic neighbours;
  std::size_t rotated = 0;
  std::size_t not_done = 0;  ///< users for whom anything else is reported
  std::string trouble;       ///< why the run or the account was not done; empty: it was
  Milliseconds took{};
  double rate_at_the_end = 0;  ///< ours, in the account
  double ceiling = 0;
};

NeighbourResult first_day_beside_a_neighbour(const NeighbourOptions& options);

/// Plays it with some seeds, for a share of a half and for all of the rate; prints what came of it, and says whether
/// all of that was as it must be.
bool neighbour_is_not_starved(std::uint64_t seeds);

}  // namespace rekeyer::simulation
