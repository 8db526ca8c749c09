#include "scale/interpreter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <cmath>

namespace rekeyer::scale {
namespace {

namespace json = boost::json;

/// A state's input and output may be so long.
constexpr std::size_t longest_data = std::size_t{256} << 10;

/// States.ALL takes everything but what no state machine can recover from.
bool is_final(const std::string& error) { return error == "States.Runtime" || error == "States.DataLimitExceeded"; }

bool fits(const std::vector<std::string>& errors, const std::string& error) {
  return std::ranges::any_of(errors, [&](const std::string& each) {
    if (each == error) return true;
    if (each == "States.ALL") return !is_final(error);
    return each == "States.TaskFailed" && !is_final(error) && error != "States.Timeout";
  });
}

}  // namespace

/// How often each retrier of a state was used.
struct Interpreter::Attempts {
  std::vector<int> used;
};

/// Where an execution goes: the output so far, and the next state (empty: that was the end).
struct Interpreter::Next {
  Outcome output;
  std::string state;
};

Task<Outcome> Interpreter::execute(const Machine& machine, json::value input, std::string name) {
  json::value context = json::object{{"Execution", json::object{{"Name", name}}}};
  auto output = co_await run(machine, std::move(input), std::move(context));
  co_return output;
}

Task<Outcome> Interpreter::run(const Machine& machine, json::value input, json::value context) {
  auto at = machine.start_at;
  for (;;) {
    const auto& state = machine.states.at(at);
    auto& tally = tally_.states[state.name];
    const auto entered = clock_.now();
    if (tally.entered++ == 0) tally.first_entered = entered;
    co_await clock_.sleep_for(settings_.transition);
    auto next = co_await step(state, std::move(input), context);
    tally.last_left = std::max(tally.last_left, clock_.now());
    tally.longest = std::max(tally.longest, clock_.now() - entered);
    if (!next.output || next.state.empty()) co_return std::move(next.output);
    input = *std::move(next.output);
    at = std::move(next.state);
  }
}

Task<Interpreter::Next> Interpreter::step(const State& state, json::value input, const json::value& context) {
  Next next;
  if (state.type == StateType::choice) {
    next = choose(state, std::move(input), context);
  } else if (state.type == StateType::pass) {
    next = pass(state, std::move(input), context);
  } else {
    next = co_await strive(state, std::move(input), context);
  }
  if (next.output && json::serialize(*next.output).size() > longest_data) {
    next.output = std::unexpected(
        StateError{"States.DataLimitExceeded", fmt::format("the output of {} is longer than 256 KiB", state.name)});
  }
  co_return next;
}

/// A task or a map: with Retry and Catch.
Task<Interpreter::Next> Interpreter::strive(const State& state, json::value input, const json::value& context) {
  Attempts attempts{std::vector<int>(state.retry.size())};
  for (;;) {
    auto result = co_await attempt(state, Scope{input, context});
    if (result) co_return finish(state, std::move(input), *std::move(result), context);
    const auto error = result.error();
    auto& tally = tally_.states[state.name];
    ++tally.errors[error.name];
    if (const auto delay = delay_of_retry(state, error, attempts)) {
      ++tally.retries;
      co_await clock_.sleep_for(*delay);
      continue;
    }
    for (const auto& catcher : state.catchers) {
      if (!fits(catcher.errors, error.name)) continue;
      ++tally.caught;
      json::value trouble = json::object{{"Error", error.name}, {"Cause", error.cause}};
      co_return Next{put_result(std::move(input), catcher.result_path, std::move(trouble)), catcher.next};
    }
    co_return Next{std::unexpected(error), {}};
  }
}

Task<Outcome> Interpreter::attempt(const State& state, Scope scope) {
  auto result = state.type == StateType::map ? co_await run_map(state, scope) : co_await invoke(state, scope);
  if (!result || !state.result_selector) co_return result;
  co_return fill_template(*state.result_selector, Scope{*result, scope.context});
}

Task<Outcome> Interpreter::invoke(const State& state, Scope scope) {
  auto parameters = fill_template(*state.parameters, scope);
  if (!parameters) co_return std::unexpected(parameters.error());
  auto& members = parameters->as_object();
  auto answer = co_await functions_.invoke(std::string(members["FunctionName"].as_string()), members["Payload"]);
  if (!answer) co_return answer;
  co_return json::object{{"ExecutedVersion", "$LATEST"}, {"Payload", *std::move(answer)}, {"StatusCode", 200}};
}

namespace {

/// A value of another type is never the one that is asked for.
bool holds(const ChoiceRule& rule, const json::value& value) {
  if (rule.boolean_equals) return value.is_bool() && value.as_bool() == *rule.boolean_equals;
  if (rule.string_equals) return value.is_string() && value.as_string() == *rule.string_equals;
  return value.is_number() && value.to_number<double>() > static_cast<double>(*rule.greater_than);
}

}  // namespace

Interpreter::Next Interpreter::choose(const State& state, json::value input, const json::value& context) const {
  for (const auto& rule : state.choices) {
    const auto value = read_path(rule.variable, Scope{input, context});
    if (!value) return {std::unexpected(value.error()), {}};
    if (holds(rule, *value)) return {std::move(input), rule.next};
  }
  if (state.otherwise.empty()) {
    return {std::unexpected(StateError{"States.NoChoiceMatched", state.name + " has no Default"}), {}};
  }
  return {std::move(input), state.otherwise};
}

Interpreter::Next Interpreter::pass(const State& state, json::value input, const json::value& context) const {
  auto result = state.parameters ? fill_template(*state.parameters, Scope{input, context}) : Outcome(input);
  if (!result) return {std::unexpected(result.error()), {}};
  return finish(state, std::move(input), *std::move(result), context);
}

Interpreter::Next Interpreter::finish(const State& state, json::value input, json::value result,
                                      const json::value& context) const {
  const auto whole = put_result(std::move(input), state.result_path, std::move(result));
  if (!whole) return {whole, {}};
  return {read_path(state.output_path, Scope{*whole, context}), state.next};
}

/// The first retrier that names the error decides, whether it has attempts left or not.
std::optional<Milliseconds> Interpreter::delay_of_retry(const State& state, const StateError& error,
                                                        Attempts& attempts) {
  for (std::size_t i = 0; i < state.retry.size(); ++i) {
    const auto& retrier = state.retry[i];
    if (!fits(retrier.errors, error.name)) continue;
    if (attempts.used[i] >= retrier.max_attempts) return std::nullopt;
    const auto grown = static_cast<double>(retrier.interval.count()) * std::pow(retrier.backoff_rate, attempts.used[i]);
    ++attempts.used[i];
    const auto most = retrier.max_delay ? static_cast<double>(retrier.max_delay->count()) : grown;
    const auto delay = std::min(grown, most) * (retrier.full_jitter ? random_.unit() : 1);
    return Milliseconds(static_cast<Milliseconds::rep>(std::lround(delay)));
  }
  return std::nullopt;
}

}  // namespace rekeyer::scale
