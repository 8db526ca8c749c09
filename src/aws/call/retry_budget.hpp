// What all calls of a run together may spend on retries, so that an outage does not multiply the load that caused it.
#pragma once

#include "base/clock.hpp"

namespace rekeyer::aws {

/// A bucket of 500 tokens. A retry takes 14 (5 after a throttle), a success gives 1 back, or what its call took; five
/// come back a second besides, so that the end of an outage is noticed.
class RetryBudget {
 public:
  static constexpr double capacity = 500;
  static constexpr double transient_cost = 14;
  static constexpr double throttle_cost = 5;
  static constexpr double refill_per_second = 5;

  explicit RetryBudget(const Clock& clock) : clock_(clock), refilled_(clock.now()) {}
  /// Takes `cost` and says true, or takes nothing and says false: then the failure stands.
  bool take(double cost);
  void give(double tokens);
  double left();

 private:
  void refill();

  const Clock& clock_;
  Instant refilled_;
  double tokens_ = capacity;
};

}  // namespace rekeyer::aws
