// A map in distributed mode: its children are executions of their own.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <cmath>

#include "base/concurrency.hpp"
#include "scale/interpreter.hpp"
#include "scale/map_objects.hpp"

namespace rekeyer::scale {

namespace json = boost::json;

/// One run of a map: children are started one after another, at most so many at a time.
class Interpreter::MapRun {
 public:
  MapRun(Interpreter& machine, const State& state, Scope scope, json::array items)
      : machine_(machine), state_(state), scope_(scope), items_(std::move(items)), results_(items_.size()) {
    mine_.items = items_.size();
  }

  Task<Outcome> finish() {
    const auto& map = *state_.map;
    const auto limit = map.max_concurrency == 0 ? machine_.settings_.most_children : map.max_concurrency;
    co_await for_each_index(items_.size(), std::min(limit, machine_.settings_.most_children),
                            [this](std::size_t index) { return run_child(index); });
    machine_.tally_.maps[state_.name] = mine_;
    if (too_many_failed()) {
      co_return std::unexpected(
          StateError{"States.ExceedToleratedFailureThreshold",
                     fmt::format("{} of {} children of {} failed", mine_.failed, mine_.items, state_.name)});
    }
    co_await machine_.clock_.sleep_for(machine_.settings_.map_end);
    auto place = fill_template(map.writer, scope_);
    if (!place) co_return std::unexpected(place.error());
    auto written = write_results(machine_.objects_, *place, results_);
    if (!written) co_return std::unexpected(written.error());
    machine_.tally_.writes += written->objects;
    co_return std::move(written->output);
  }

 private:
  bool too_many_failed() const {
    const auto percent =
        100.0 * static_cast<double>(mine_.failed) / static_cast<double>(std::max<std::size_t>(1, mine_.items));
    return mine_.failed > 0 && percent > state_.map->tolerated_failure_percentage;
  }

  Task<void> run_child(std::size_t index) {
    if (too_many_failed()) co_return;
    co_await turn();
    ++running_;
    mine_.most_running = std::max(mine_.most_running, running_);
    const auto began = machine_.clock_.now();
    results_[index] = co_await child(index);
    --running_;
    const auto took = machine_.clock_.now() - began;
    mine_.all_children += took;
    mine_.longest_child = std::max(mine_.longest_child, took);
    ++(*results_[index] ? mine_.succeeded : mine_.failed);
  }

  /// Children begin at an even pace.
  Task<void> turn() {
    const auto apart = std::chrono::microseconds(std::lround(1e6 / machine_.settings_.child_starts_per_second));
    const auto now = std::chrono::time_point_cast<std::chrono::microseconds>(machine_.clock_.now());
    const auto mine = std::max(now, free_at_);
    free_at_ = mine + apart;
    co_await machine_.clock_.sleep_until(std::chrono::ceil<Milliseconds>(mine));
  }

  Task<Outcome> child(std::size_t index) {
    json::object item{{"Index", index}, {"Value", items_[index]}};
    auto context = scope_.context;
    context.as_object()["Map"] = json::object{{"Item", std::move(item)}};
    auto input = fill_template(state_.map->item_selector, Scope{scope_.input, context});
    if (!input) co_return input;
    ++machine_.tally_.child_executions;
    // An execution of its own: what it calls $$.Execution.Name is not the run's.
    json::value own = json::object{{"Execution", json::object{{"Name", fmt::format("{}-{}", state_.name, index)}}}};
    auto output = co_await machine_.run(*state_.map->processor, *std::move(input), std::move(own));
    co_return output;
  }

  Interpreter& machine_;
  const State& state_;
  Scope scope_;
  json::array items_;
  std::vector<std::optional<Outcome>> results_;
  MapTally mine_;
  std::size_t running_ = 0;
  std::chrono::sys_time<std::chrono::microseconds> free_at_{};
};

Task<Outcome> Interpreter::run_map(const State& state, Scope scope) {
  auto place = fill_template(state.map->reader, scope);
  if (!place) co_return std::unexpected(place.error());
  auto items = read_items(objects_, *place);
  ++tally_.reads;
  if (!items) co_return std::unexpected(items.error());
  co_await clock_.sleep_for(settings_.map_start);
  MapRun map(*this, state, scope, *std::move(items));
  auto result = co_await map.finish();
  co_return result;
}

}  // namespace rekeyer::scale
