// What a run must take at the very least, worked out by hand from its sizes and the limits: a measurement below a bound
// means that the model forgot something.
#pragma once

#include <string>
#include <vector>

#include "scale/scenario.hpp"

namespace rekeyer::scale {

struct Bound {
  std::string of;  ///< the state whose time it is, or what else is counted
  std::string what;
  double least = 0;
  double measured = 0;

  double ratio() const { return measured / least; }
  bool holds() const { return measured >= least * 0.999; }  // sums of rounded numbers
};

/// Bounds of nothing are left out.
std::vector<Bound> bounds_of(const ScenarioOptions& options, const ScenarioResult& result);
/// Of each state and count the closest bound: what it is bound by.
std::vector<Bound> closest(const std::vector<Bound>& bounds);

}  // namespace rekeyer::scale
