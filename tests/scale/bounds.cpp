#include "scale/bounds.hpp"

#include <algorithm>
#include <cmath>

namespace rekeyer::scale {
namespace {

double seconds(Milliseconds duration) { return std::chrono::duration<double>(duration).count(); }

double number(std::uint64_t count) { return static_cast<double>(count); }

double span_of(const ScenarioResult& result, const std::string& state) {
  const auto found = result.steps.states.find(state);
  return found == result.steps.states.end() ? 0 : seconds(found->second.span());
}

double longest_child(const ScenarioResult& result, const std::string& map) {
  const auto found = result.steps.maps.find(map);
  return found == result.steps.maps.end() ? 0 : seconds(found->second.longest_child);
}

std::uint64_t status(const ScenarioResult& result, const std::string& name) {
  const auto found = result.statuses.find(name);
  return found == result.statuses.end() ? 0 : found->second;
}

/// What `calls` of one invocation take of its share of a processor, which they queue for.
double processor_seconds(const ScenarioOptions& options, std::uint64_t calls) {
  const auto share = std::min(1.0, number(options.memory_megabytes) / 1769);
  return number(calls) * options.cpu_milliseconds_per_call / 1000 / share;
}

}  // namespace

std::vector<Bound> bounds_of(const ScenarioOptions& options, const ScenarioResult& result) {
  const auto surveyed = status(result, "done");  // each waited for its credential report
  const auto children = number(options.max_concurrency);
  const auto starts = options.steps.child_starts_per_second;
  const auto survey = span_of(result, "SurveyAccounts");
  const auto rotate = span_of(result, "RotateAccounts");
  // ListAccounts: 20 a page, one after another, eight pages a second after the first twelve.
  const auto pages = std::ceil(number(result.listed + result.skipped) / 20);
  const auto listing = std::max(pages * seconds(options.latency), (pages - 12) / 8);
  // One account's function changes four users at a time, each waiting for its new key to be known.
  const auto waits = number(result.rotated) * seconds(options.new_key_takes) / 4;
  const bool applies = options.day != Day::audit;
  const auto reports = number(surveyed) * seconds(options.report_takes);
  // Inventory, AnyAccounts, SurveyAccounts, MayChange and Summarise; Allot, AnyChanges and RotateAccounts.
  const auto run_states = !applies ? 5.0 : result.entered > 0 ? 8.0 : 7.0;
  std::vector<Bound> bounds{
      {"Inventory", "pages of accounts, one after another", listing, span_of(result, "Inventory")},
      {"SurveyAccounts", "starts of children", number(result.listed) / starts, survey},
      {"SurveyAccounts", "waiting for credential reports", reports / children, survey},
      {"SurveyAccounts", "its longest child", longest_child(result, "SurveyAccounts"), survey},
      {"Allot", "processor time of reading the outcomes", processor_seconds(options, result.listed),
       span_of(result, "Allot")},
      {"RotateAccounts", "starts of children", number(result.entered) / starts, rotate},
      {"RotateAccounts", "waiting for new keys", waits / children, rotate},
      {"RotateAccounts", "its longest child", longest_child(result, "RotateAccounts"), rotate},
      {"Summarise", "processor time of reading the outcomes",
       processor_seconds(options, result.listed + result.entered), span_of(result, "Summarise")},
      {"state transitions", "without a retry", run_states + 4 * number(result.listed + result.entered),
       number(result.steps.transitions())},
      {"Lambda requests", "without a retry", (applies ? 3.0 : 2.0) + number(result.listed + result.entered),
       number(result.requests())},
      {"GB-s", "waiting for reports and new keys", (reports + waits) * number(options.memory_megabytes) / 1024,
       result.gigabyte_seconds()},
  };
  std::erase_if(bounds, [&](const Bound& bound) {
    const bool second_pass = bound.of == "RotateAccounts" || bound.of == "Allot";
    return bound.least <= 0 || (!applies && second_pass);
  });
  return bounds;
}

std::vector<Bound> closest(const std::vector<Bound>& bounds) {
  std::vector<Bound> best;
  for (const auto& bound : bounds) {
    const auto known = std::ranges::find(best, bound.of, &Bound::of);
    if (known == best.end()) {
      best.push_back(bound);
    } else if (bound.ratio() < known->ratio()) {
      *known = bound;
    }
  }
  return best;
}

}  // namespace rekeyer::scale
