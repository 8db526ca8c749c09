// What must come of a first day beside a noisy neighbour, and the table that shows it.
#include <fmt/format.h>

#include <array>

#include "simulation/neighbour.hpp"

namespace rekeyer::simulation {
namespace {

/// A way to divide the rate, and what may come of it.
struct Case {
  const char* name;
  double share;
  Milliseconds neighbour_for;
  double ours_refused;        ///< percent of our calls, at most
  double neighbours_refused;  ///< percent of the neighbour's
  bool recovers;              ///< the neighbour ends long before we do: the full rate is back
};

constexpr Milliseconds all_day = std::chrono::hours{24};

// Where the shares add up to the rate, nobody is ever refused. Where they don't, we give way until both fit: 2.5 of 100
// calls of ours are refused then, and 4 of the neighbour's at most. All of these fall into the first seconds: of one
// who is there for half a minute only they are 2.5 of 100 on the average of twelve seeds, and 6 at most.
constexpr std::array cases{
    Case{"share 0.5, neighbour 0.5", 0.5, all_day, 0, 0, true},
    Case{"share 1.0, neighbour 0.5", 1.0, all_day, 4, 5, false},
    Case{"share 1.0, neighbour 0.5 for 30 s", 1.0, std::chrono::seconds{30}, 4, 8, true},
};

/// What is wrong with the result; empty: nothing.
std::string complaint(const Case& expected, const NeighbourOptions& options, const NeighbourResult& result) {
  if (!result.trouble.empty() || result.not_done != 0 || result.rotated != options.users) {
    return fmt::format("{} of {} rotated, {} not done: {}", result.rotated, options.users, result.not_done,
                       result.trouble);
  }
  if (result.ours.refused_percent() > expected.ours_refused) return "we are refused too often";
  if (result.neighbours.refused_percent() > expected.neighbours_refused) return "the neighbour is refused too often";
  if (result.neighbours.sent < 100) return "the neighbour was hardly there";
  const double budget = 2 * options.iam_rate * options.share;
  if (static_cast<double>(result.ours.most_in_a_second) > budget) return "more than a second's burst and rate";
  if (expected.share == 1.0 && result.ours.refused == 0) return "nobody was in the way: this shows nothing";
  const double used = static_cast<double>(result.ours.sent) * 1000 / static_cast<double>(result.took.count());
  if (expected.share < 1.0 && used < 0.8 * options.iam_rate * options.share) return "our share is not used";
  if (expected.recovers && result.rate_at_the_end < result.ceiling) return "our rate did not recover";
  return {};
}

}  // namespace

bool neighbour_is_not_starved(std::uint64_t seeds) {
  bool fine = true;
  fmt::print("{:<35} {:>4} {:>8} {:>6} {:>8} {:>7} {:>10} {:>8} {:>7} {:>9}\n", "", "seed", "seconds", "ours",
             "refused", "most/s", "neighbour", "refused", "most/s", "rate/s");
  for (const Case& expected : cases) {
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
      NeighbourOptions options;
      options.seed = seed;
      options.share = expected.share;
      options.neighbour_for = expected.neighbour_for;
      const auto result = first_day_beside_a_neighbour(options);
      fmt::print("{:<35} {:>4} {:>8.1f} {:>6} {:>8} {:>7} {:>10} {:>8} {:>7} {:>4.1f}/{:<4.0f}\n", expected.name, seed,
                 std::chrono::duration<double>(result.took).count(), result.ours.sent, result.ours.refused,
                 result.ours.most_in_a_second, result.neighbours.sent, result.neighbours.refused,
                 result.neighbours.most_in_a_second, result.rate_at_the_end, result.ceiling);
      const auto wrong = complaint(expected, options, result);
      if (wrong.empty()) continue;
      fine = false;
      fmt::print("  NOT AS IT MUST BE: {}\n", wrong);
    }
  }
  return fine;
}

}  // namespace rekeyer::simulation
