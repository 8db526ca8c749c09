// simulation: the real sweep against the embedded AWS in virtual time, seed after seed.
//
//   simulation --seeds 500 [--from 1]       every seed must keep every invariant
//   simulation --seed 8f31 [--trace]        one seed again, exactly
//   simulation --planted all|NAME           each planted bug must be found within its number of seeds
//   simulation --hash --seeds 100           one line: the hash over all events, to compare builds
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>

#include "simulation/simulation.hpp"

namespace rekeyer::simulation {
namespace {

struct Arguments {
  std::uint64_t seeds = 500;
  std::uint64_t from = 1;
  std::string seed;
  std::string planted;
  bool hash = false;
  bool trace = false;
};

struct Sum {
  std::uint64_t seeds = 0;
  std::uint64_t steps = 0;
  std::uint64_t key_days = 0;
  std::uint64_t runs = 0;
  std::uint64_t crashes = 0;
  std::uint64_t rotations = 0;
  std::uint64_t hash = 0;

  void add(const Outcome& outcome) {
    ++seeds;
    steps += outcome.steps;
    key_days += outcome.key_days;
    runs += static_cast<std::uint64_t>(outcome.runs);
    crashes += static_cast<std::uint64_t>(outcome.crashes);
    rotations += static_cast<std::uint64_t>(outcome.rotations);
    hash = hash * 1099511628211ULL + outcome.hash;
  }
};

void print_violation(const Outcome& outcome) {
  const auto& violation = *outcome.violation;
  fmt::print("simulation --seed {:x} (commit {}): step {}, {}: {} broken: {}\n", outcome.seed, REKEYER_COMMIT,
             violation.step, iso8601(violation.at), violation.invariant, violation.what);
}

int run_seeds(const Arguments& arguments) {
  Sum sum;
  std::uint64_t failures = 0;
  for (std::uint64_t seed = arguments.from; seed < arguments.from + arguments.seeds; ++seed) {
    const auto outcome = simulate(seed, {});
    sum.add(outcome);
    if (!outcome.violation) continue;
    print_violation(outcome);
    if (++failures == 10) break;
  }
  if (arguments.hash) fmt::print("{:016x}\n", sum.hash);
  fmt::print(stderr, "{} seeds: {} runs ({} crashed), {} calls, {} rotations, {} simulated key-days, {} violations\n",
             sum.seeds, sum.runs, sum.crashes, sum.steps, sum.rotations, sum.key_days, failures);
  return failures == 0 ? 0 : 1;
}

int run_one(const Arguments& arguments) {
  const auto outcome = simulate(std::stoull(arguments.seed, nullptr, 16), {Bug::none, arguments.trace});
  if (outcome.violation) {
    print_violation(outcome);
    return 1;
  }
  fmt::print("seed {:x}: {} days, {} runs, {} calls, hash {:016x}\n", outcome.seed, outcome.days, outcome.runs,
             outcome.steps, outcome.hash);
  return 0;
}

/// True where the bug was found.
bool hunt(const BugName& bug) {
  for (int seed = 1; seed <= bug.seeds; ++seed) {
    const auto outcome = simulate(static_cast<std::uint64_t>(seed), {bug.bug, false});
    if (!outcome.violation) continue;
    fmt::print("{:<30} found after {:>3} of {} seeds: {}: {}\n", bug.name, seed, bug.seeds,
               outcome.violation->invariant, outcome.violation->what);
    return true;
  }
  fmt::print("{:<30} NOT FOUND in {} seeds\n", bug.name, bug.seeds);
  return false;
}

int run_planted(const Arguments& arguments) {
  bool all_found = true;
  bool known = false;
  for (const auto& bug : planted_bugs()) {
    if (arguments.planted != "all" && arguments.planted != bug.name) continue;
    known = true;
    all_found = hunt(bug) && all_found;
  }
  if (!known) fmt::print(stderr, "no planted bug is called {}\n", arguments.planted);
  return known && all_found ? 0 : 1;
}

}  // namespace
}  // namespace rekeyer::simulation

int main(int argc, char** argv) {
  using namespace rekeyer::simulation;
  Arguments arguments;
  CLI::App app("Simulates rekeyer against the embedded AWS, seed after seed");
  app.add_option("--seeds", arguments.seeds, "how many");
  app.add_option("--from", arguments.from, "the first");
  app.add_option("--seed", arguments.seed, "one only (hexadecimal)");
  app.add_option("--planted", arguments.planted, "hunt planted bugs: a name, or all");
  app.add_flag("--hash", arguments.hash, "print the hash over all events");
  app.add_flag("--trace", arguments.trace, "with --seed: every call, on stderr");
  CLI11_PARSE(app, argc, argv);
  if (!arguments.planted.empty()) return run_planted(arguments);
  if (!arguments.seed.empty()) return run_one(arguments);
  return run_seeds(arguments);
}
