// Rates: what was met on the way. Nothing is called for the sake of being refused.
#include <array>

#include "probe/check.hpp"

namespace rekeyer::probe {
namespace {

ResultTask<Finding> nothing_throttled(Bench& bench) {
  const auto& counts = bench.account().caller.counts();
  std::uint64_t calls = 0;
  for (const auto& [name, made] : counts.calls) calls += made;
  co_return judged(counts.throttled == 0, fmt::format("{} of {} calls were refused for rate", counts.throttled, calls));
}

}  // namespace

std::span<const Check> rate_checks() {
  static constexpr std::array checks{
      Check{"rates.none-met", "At the pace that rekeyer keeps, no call of a probe is refused for rate",
            "src/aws/call/rate_limiter.cpp", Takes::a_moment, nothing_throttled},
      Check{"rates.iam-limit", "IAM allows twenty calls a second and account", "src/aws/call/rate_limiter.hpp",
            Takes::a_moment, nullptr, "finding the limit would slow down everybody else in the account"},
  };
  return checks;
}

}  // namespace rekeyer::probe
