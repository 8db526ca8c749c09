// One sweep of a large organisation in virtual time, under AWS's documented rate limits: what it costs here, and how
// long it would take there.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include "base/time.hpp"
#include "rotation/outcome.hpp"

namespace rekeyer::simulation {

struct ScaleOptions {
  std::size_t accounts = 10'000;
  std::size_t users_per_account = 100;
  std::size_t concurrency = 64;
  rotation::Mode mode = rotation::Mode::plan;
  bool fresh = false;  ///< every key was made within the last two months: an ordinary day, on which nothing is due
  Milliseconds latency{40};
  std::uint64_t seed = 1;
};

struct ScaleResult {
  double world_seconds = 0;  ///< CPU, to make the world
  double sweep_seconds = 0;  ///< CPU, for the sweep and the sandbox's answers together
  std::size_t world_megabytes = 0;
  std::size_t peak_megabytes = 0;
  Milliseconds virtual_time{};
  std::map<std::string, std::uint64_t> calls;
  std::size_t users = 0;
  std::size_t keys = 0;
  std::size_t accounts_done = 0;
  std::size_t rows = 0;  ///< of the report
  std::uint64_t throttled = 0;
};

ScaleResult sweep_at_scale(const ScaleOptions& options);

}  // namespace rekeyer::simulation
