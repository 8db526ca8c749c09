// What was measured, for people (tables that are Markdown too) and for programs (JSON).
#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <vector>

#include "scale/scenario.hpp"

namespace rekeyer::scale {

struct Played {
  ScenarioOptions options;
  ScenarioResult result;
};

/// All runs: size, time, money; states; functions; bounds.
std::string tables(const std::vector<Played>& all);
/// What MaxConcurrency and memory make of it, a row a run.
std::string comparison(const std::vector<Played>& all);
boost::json::value to_json(const std::vector<Played>& all);

}  // namespace rekeyer::scale
