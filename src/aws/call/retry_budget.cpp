// The retry budget's arithmetic.
#include "aws/call/retry_budget.hpp"

#include <algorithm>
#include <chrono>

namespace rekeyer::aws {

void RetryBudget::refill() {
  const Instant now = clock_.now();
  // The clock may have been corrected backwards since.
  const auto gone = std::max(now - refilled_, Milliseconds::zero());
  refilled_ = now;
  tokens_ = std::min(capacity, tokens_ + std::chrono::duration<double>(gone).count() * refill_per_second);
}

bool RetryBudget::take(double cost) {
  refill();
  if (tokens_ < cost) return false;
  tokens_ -= cost;
  return true;
}

void RetryBudget::give(double tokens) {
  refill();
  tokens_ = std::min(capacity, tokens_ + tokens);
}

double RetryBudget::left() {
  refill();
  return tokens_;
}

}  // namespace rekeyer::aws
