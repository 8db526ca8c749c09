// What it costs: list prices as data, in one place. They come from third parties and change: docs/scale.md says so.
#pragma once

#include <string_view>

#include "scale/scenario.hpp"

namespace rekeyer::scale {

/// US dollars, without free tiers and volume discounts.
struct Prices {
  std::string_view region = "us-east-1";
  std::string_view as_of = "November 2025";
  double lambda_request = 0.20 / 1e6;
  double lambda_gigabyte_second_x86 = 0.0000166667;
  double lambda_gigabyte_second_arm64 = 0.0000133334;
  double state_transition = 0.025 / 1e3;
  double s3_put = 0.005 / 1e3;
  double s3_get = 0.0004 / 1e3;
};
inline constexpr Prices prices;

/// Of one run.
struct Cost {
  double lambda_requests = 0;
  double lambda_x86 = 0;
  double lambda_arm64 = 0;
  double transitions = 0;
  double s3 = 0;

  double with_x86() const { return lambda_requests + lambda_x86 + transitions + s3; }
  double with_arm64() const { return lambda_requests + lambda_arm64 + transitions + s3; }
};

inline Cost cost_of(const ScenarioResult& result, const Prices& list = prices) {
  Cost cost;
  cost.lambda_requests = static_cast<double>(result.requests()) * list.lambda_request;
  cost.lambda_x86 = result.gigabyte_seconds() * list.lambda_gigabyte_second_x86;
  cost.lambda_arm64 = result.gigabyte_seconds() * list.lambda_gigabyte_second_arm64;
  cost.transitions = static_cast<double>(result.steps.transitions()) * list.state_transition;
  cost.s3 = static_cast<double>(result.puts()) * list.s3_put + static_cast<double>(result.gets()) * list.s3_get;
  return cost;
}

}  // namespace rekeyer::scale
