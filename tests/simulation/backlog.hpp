// A first deployment with far more due than a run may change: run after run, a day apart, until nobody waits. Whether
// the oldest went first, whether as many runs were needed as the first one said, and whether Secrets Manager's limits
// were kept to.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/time.hpp"

namespace rekeyer::simulation {

struct BacklogOptions {
  std::uint64_t seed = 1;
  std::size_t accounts = 20;
  std::size_t users_per_account = 50;
  std::size_t max_changes = 100;
  std::size_t max_changes_per_account = 40;
};

struct BacklogDay {
  std::size_t changed = 0;
  std::size_t waiting = 0;
  std::size_t runs_foretold = 0;
  Instant earliest_waiting{};   ///< when the oldest of those that wait for the limit of the run fell due
  std::size_t out_of_turn = 0;  ///< of the changed: due only after that
  Milliseconds took{};
};

struct BacklogResult {
  std::vector<BacklogDay> days;
  std::uint64_t calls = 0;
  std::uint64_t rotations = 0;
  std::uint64_t throttled_stores = 0;  ///< Secrets Manager refused a call for its rate
  std::size_t most_stores = 0;         ///< calls that put or publish a secret, in any second
  std::string trouble;                 ///< why a run did not report
};

/// All secrets are stored centrally, so that one account's limits hold for them all.
BacklogResult work_off(const BacklogOptions& options);

/// Plays it, prints a line a day, and says whether all was as it must be.
bool backlog_is_worked_off(const BacklogOptions& options);

}  // namespace rekeyer::simulation
