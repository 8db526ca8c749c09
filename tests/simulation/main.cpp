// simulation: the real sweep against the embedded AWS in virtual time, seed after seed.
//
//   simulation --seeds 500 [--from 1]       every seed must keep every invariant
//   simulation --seed 8f31 [--trace]        one seed again, exactly
//   simulation --seeds 20 --days 200        longer lives
//   simulation --forged-records --seeds 500  somebody hostile forges unsigned proofs, too: this is found
//   simulation --planted all|NAME           each planted bug must be found within its number of seeds
//   simulation --planted all --every 10     of these each tenth
//   simulation --hash --seeds 100           one line: the hash over all events, to compare builds
//   simulation --neighbour 5                a first day beside a tool that uses half of IAM's rate, so many seeds
//   simulation --backlog 20x50              a first day with more due than a run may change, until nobody waits
//   simulation --sweep 10000x100 [--fresh]  one sweep of so many accounts × users under AWS's rate limits
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <array>
#include <cstdio>
#include <string>

#include "simulation/backlog.hpp"
#include "simulation/neighbour.hpp"
#include "simulation/scale.hpp"
#include "simulation/simulation.hpp"

namespace rekeyer::simulation {
namespace {

struct Arguments {
  std::uint64_t seeds = 500;
  std::uint64_t from = 1;
  std::uint64_t neighbour = 0;
  std::string seed;
  std::string planted;
  std::size_t every = 1;
  std::string sweep;
  std::string backlog;
  std::size_t max_changes = 100;
  std::size_t concurrency = 64;
  int days = 0;
  bool apply = false;
  bool fresh = false;
  bool hash = false;
  bool trace = false;
  bool forged_records = false;
};

struct Sum {
  std::uint64_t seeds = 0;
  std::uint64_t steps = 0;
  std::uint64_t key_days = 0;
  std::uint64_t runs = 0;
  std::uint64_t crashes = 0;
  std::uint64_t rotations = 0;
  std::uint64_t notices = 0;
  std::uint64_t hostile_acts = 0;
  std::uint64_t hostile_refused = 0;
  std::uint64_t relocked = 0;
  std::uint64_t read_while_spreading = 0;
  std::uint64_t hash = 0;

  void add(const Outcome& outcome) {
    ++seeds;
    steps += outcome.steps;
    key_days += outcome.key_days;
    runs += static_cast<std::uint64_t>(outcome.runs);
    crashes += static_cast<std::uint64_t>(outcome.crashes);
    rotations += static_cast<std::uint64_t>(outcome.rotations);
    notices += outcome.notices;
    hostile_acts += outcome.hostile_acts;
    hostile_refused += outcome.hostile_refused;
    relocked += outcome.relocked;
    read_while_spreading += outcome.read_while_spreading;
    hash = hash * 1099511628211ULL + outcome.hash;
  }
};

/// Of the checkout that this runs in; for the report of a failure only.
std::string commit() {
  std::string text;
  if (FILE* git = popen("git rev-parse --short HEAD 2>/dev/null", "r"); git != nullptr) {
    std::array<char, 64> line{};
    if (std::fgets(line.data(), line.size(), git) != nullptr) text = line.data();
    pclose(git);
  }
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text.empty() ? "unknown" : text;
}

void print_violation(const Outcome& outcome) {
  const auto& violation = *outcome.violation;
  fmt::print("simulation --seed {:x} (commit {}): step {}, {}: {} broken: {}\n", outcome.seed, commit(), violation.step,
             iso8601(violation.at), violation.invariant, violation.what);
}

int run_seeds(const Arguments& arguments) {
  Sum sum;
  std::uint64_t failures = 0;
  for (std::uint64_t seed = arguments.from; seed < arguments.from + arguments.seeds; ++seed) {
    const auto outcome = simulate(seed, {Bug::none, false, arguments.days, arguments.forged_records});
    sum.add(outcome);
    if (!outcome.violation) continue;
    print_violation(outcome);
    if (++failures == 10) break;
  }
  if (arguments.hash) fmt::print("{:016x}\n", sum.hash);
  fmt::print(stderr,
             "{} seeds: {} runs ({} crashed), {} calls, {} rotations, {} notices to owners, {} simulated key-days, {} "
             "violations, {} hostile acts, {} refused, {} policies relocked, {} values read before a new lock was "
             "enforced\n",
             sum.seeds, sum.runs, sum.crashes, sum.steps, sum.rotations, sum.notices, sum.key_days, failures,
             sum.hostile_acts, sum.hostile_refused, sum.relocked, sum.read_while_spreading);
  return failures == 0 ? 0 : 1;
}

int run_one(const Arguments& arguments) {
  const auto outcome = simulate(std::stoull(arguments.seed, nullptr, 16),
                                {Bug::none, arguments.trace, arguments.days, arguments.forged_records});
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
    const auto outcome = simulate(static_cast<std::uint64_t>(seed), {bug.bug, false, 0, false});
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
  std::size_t number = 0;
  for (const auto& bug : planted_bugs()) {
    if (arguments.planted != "all" && arguments.planted != bug.name) continue;
    if (number++ % arguments.every != 0) continue;
    known = true;
    all_found = hunt(bug) && all_found;
  }
  if (!known) fmt::print(stderr, "no planted bug is called {}\n", arguments.planted);
  return known && all_found ? 0 : 1;
}

/// "10000x100".
template <class Options>
bool parse_size(const std::string& text, Options& options) {
  const auto cross = text.find('x');
  if (cross == std::string::npos) return false;
  options.accounts = std::stoull(text.substr(0, cross));
  options.users_per_account = std::stoull(text.substr(cross + 1));
  return options.accounts > 0;
}

int run_backlog(const Arguments& arguments) {
  BacklogOptions options;
  if (!parse_size(arguments.backlog, options)) {
    fmt::print(stderr, "--backlog takes ACCOUNTSxUSERS, such as 20x50\n");
    return 2;
  }
  options.max_changes = arguments.max_changes;
  options.max_changes_per_account = std::max<std::size_t>(40, arguments.max_changes / 4);
  return backlog_is_worked_off(options) ? 0 : 1;
}

int run_sweep(const Arguments& arguments) {
  ScaleOptions options;
  if (!parse_size(arguments.sweep, options)) {
    fmt::print(stderr, "--sweep takes ACCOUNTSxUSERS, such as 10000x100\n");
    return 2;
  }
  options.concurrency = arguments.concurrency;
  options.fresh = arguments.fresh;
  if (arguments.apply) options.mode = rotation::Mode::apply;
  const auto result = sweep_at_scale(options);
  std::uint64_t calls = 0;
  for (const auto& [name, count] : result.calls) calls += count;
  const auto seconds = std::chrono::duration<double>(result.virtual_time).count();
  fmt::print("{} accounts ({} done), {} users, {} keys; {} rows reported\n", options.accounts, result.accounts_done,
             result.users, result.keys, result.rows);
  fmt::print("virtual time {:.1f} s under the documented rate limits, {} ms latency; {} calls, {} throttled\n", seconds,
             options.latency.count(), calls, result.throttled);
  fmt::print("CPU {:.1f} s for the sweep and the sandbox's answers, {:.1f} s to make the world\n", result.sweep_seconds,
             result.world_seconds);
  fmt::print("memory {} MB at most, of which {} MB are the world\n", result.peak_megabytes, result.world_megabytes);
  for (const auto& [name, count] : result.calls) fmt::print("  {:<45} {:>10}\n", name, count);
  return 0;
}

}  // namespace
}  // namespace rekeyer::simulation

/// The dead wait for ever, some of them for one another: what they hold is no leak of the program's.
extern "C" const char* __asan_default_options();
extern "C" const char* __asan_default_options() { return "detect_leaks=0"; }

int main(int argc, char** argv) {
  using namespace rekeyer::simulation;
  Arguments arguments;
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  CLI::App app("Simulates rekeyer against the embedded AWS, seed after seed");
  app.add_option("--seeds", arguments.seeds, "how many");
  app.add_option("--from", arguments.from, "the first");
  app.add_option("--seed", arguments.seed, "one only (hexadecimal)");
  app.add_option("--planted", arguments.planted, "hunt planted bugs: a name, or all");
  app.add_option("--every", arguments.every, "with --planted all: only each so-manyth")->check(CLI::Range(1, 1000));
  app.add_option("--neighbour", arguments.neighbour, "a first day beside a noisy neighbour: so many seeds");
  app.add_option("--sweep", arguments.sweep, "one sweep at scale: ACCOUNTSxUSERS");
  app.add_option("--backlog", arguments.backlog, "a first deployment, day after day: ACCOUNTSxUSERS");
  app.add_option("--max-changes", arguments.max_changes, "with --backlog: of a run");
  app.add_option("--concurrency", arguments.concurrency, "with --sweep: accounts at a time");
  app.add_option("--days", arguments.days, "stormy days of each seed, at the least");
  app.add_flag("--apply", arguments.apply, "with --sweep: enforce instead of audit");
  app.add_flag("--fresh", arguments.fresh, "with --sweep: an ordinary day, on which nothing is due");
  app.add_flag("--hash", arguments.hash, "print the hash over all events");
  app.add_flag("--trace", arguments.trace, "with --seed: every call, on stderr");
  app.add_flag("--forged-records", arguments.forged_records,
               "whoever is hostile forges unsigned proofs, too: found, of course");
  CLI11_PARSE(app, argc, argv);
  if (!arguments.planted.empty()) return run_planted(arguments);
  if (arguments.neighbour > 0) return neighbour_is_not_starved(arguments.neighbour) ? 0 : 1;
  if (!arguments.sweep.empty()) return run_sweep(arguments);
  if (!arguments.backlog.empty()) return run_backlog(arguments);
  if (!arguments.seed.empty()) return run_one(arguments);
  return run_seeds(arguments);
}
