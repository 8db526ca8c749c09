// Executes a state machine in virtual time: its tasks by whoever performs them, its maps within Step Functions' limits.
#pragma once

#include <boost/json/value.hpp>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/random.hpp"
#include "base/task.hpp"
#include "scale/definition.hpp"
#include "scale/states_text.hpp"
#include "scale/tally.hpp"

namespace rekeyer::scale {

/// What lambda:invoke calls.
class Functions {
 public:
  virtual ~Functions() = default;
  /// The function's answer, or the error as Step Functions names it.
  virtual Task<Outcome> invoke(std::string function, boost::json::value payload) = 0;
};

/// The bucket that item readers and result writers use.
class ObjectStore {
 public:
  virtual ~ObjectStore() = default;
  virtual std::optional<std::string> read(const std::string& bucket, const std::string& key) = 0;
  virtual bool write(const std::string& bucket, const std::string& key, std::string text) = 0;
};

/// Step Functions' limits and speed. The rate of starts is its documented one; how long things take is assumed.
struct StepFunctionsSettings {
  double child_starts_per_second = 100;
  std::size_t most_children = 10'000;  ///< where MaxConcurrency says nothing
  Milliseconds transition{25};         ///< from one state to the next
  Milliseconds map_start{1'000};       ///< reading the items, before the first child
  Milliseconds map_end{1'000};         ///< writing the results, after the last one
};

class Interpreter {
 public:
  /// All of it outlives the interpreter, and the interpreter its executions.
  Interpreter(Clock& clock, Random random, Functions& functions, ObjectStore& objects, StepFunctionsSettings settings)
      : clock_(clock), random_(random), functions_(functions), objects_(objects), settings_(settings) {}

  /// The execution's output, or the error that it failed with.
  Task<Outcome> execute(const Machine& machine, boost::json::value input, std::string name);

  const ExecutionTally& tally() const { return tally_; }

 private:
  struct Attempts;
  struct Next;
  class MapRun;

  Task<Outcome> run(const Machine& machine, boost::json::value input, boost::json::value context);
  Task<Next> step(const State& state, boost::json::value input, const boost::json::value& context);
  Task<Next> strive(const State& state, boost::json::value input, const boost::json::value& context);
  Task<Outcome> attempt(const State& state, Scope scope);
  Task<Outcome> invoke(const State& state, Scope scope);
  Next choose(const State& state, boost::json::value input, const boost::json::value& context) const;
  Next pass(const State& state, boost::json::value input, const boost::json::value& context) const;
  Next finish(const State& state, boost::json::value input, boost::json::value result,
              const boost::json::value& context) const;
  std::optional<Milliseconds> delay_of_retry(const State& state, const StateError& error, Attempts& attempts);
  Task<Outcome> run_map(const State& state, Scope scope);

  Clock& clock_;
  Random random_;
  Functions& functions_;
  ObjectStore& objects_;
  StepFunctionsSettings settings_;
  ExecutionTally tally_;
};

}  // namespace rekeyer::scale
