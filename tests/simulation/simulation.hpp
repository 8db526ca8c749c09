// One seed from beginning to end: random faults first, then fine days until everything must have settled.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "simulation/checker.hpp"
#include "simulation/planted.hpp"

namespace rekeyer::simulation {

struct Outcome {
  std::uint64_t seed = 0;
  std::uint64_t hash = 0;
  std::uint64_t steps = 0;     ///< calls to the sandbox
  std::uint64_t key_days = 0;  ///< keys × days
  int days = 0;
  int runs = 0;
  int crashes = 0;
  int rotations = 0;
  std::uint64_t notices = 0;  ///< that reached their owners
  std::uint64_t hostile_acts = 0;
  std::uint64_t hostile_refused = 0;
  std::uint64_t relocked = 0;              ///< policies, after changes of the configuration
  std::uint64_t read_while_spreading = 0;  ///< values, before the lock of a new secret was enforced
  std::string scenario;
  std::optional<Violation> violation;
};

struct SimulationOptions {
  Bug bug = Bug::none;
  bool trace = false;           ///< every call and everything that people do, on stderr
  int days = 0;                 ///< of random faults, at the least
  bool forged_records = false;  ///< somebody hostile also writes the tag that a record was begun under the lock
};

/// Runs the seed. Deterministic: the same seed and bug give the same outcome in every build.
Outcome simulate(std::uint64_t seed, const SimulationOptions& options);

}  // namespace rekeyer::simulation
