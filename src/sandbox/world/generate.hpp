// Worlds with realistic shapes, from a seed: ages, two-key users, keys never used, service users, owners in tags,
// exempt users, denied and suspended accounts.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/time.hpp"
#include "sandbox/world/world_file.hpp"

namespace rekeyer::sandbox {

/// What may be asked for: everything is make-believe, and more would only fill the memory.
inline constexpr std::size_t most_generated_accounts = 100'000;
inline constexpr std::size_t most_generated_users = 10'000'000;

struct WorldShape {
  std::uint64_t seed = 1;
  std::size_t accounts = 12;
  std::size_t users = 300;  ///< in all accounts together
  /// Somebody has looked after it: each user has at most one key, none older than two months (twenty days where the
  /// user has a policy of his own), all of them in use. An ordinary day, on which nothing is due.
  bool tended = false;
};

LoadedWorld generate_world(const WorldShape& shape, Instant now);

}  // namespace rekeyer::sandbox
