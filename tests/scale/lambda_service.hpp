// Lambda as its callers meet it, in virtual time: environments that start cold and stay warm, the limits of concurrency
// and of growth, the timeout, and the bill.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "scale/interpreter.hpp"

namespace rekeyer::scale {

/// One invocation under way in an environment.
class Execution {
 public:
  virtual ~Execution() = default;
  /// The answer or the error; does not return where the process dies.
  virtual Task<std::expected<std::string, StateError>> run() = 0;
  /// From now on it does nothing any more, and waits for ever.
  virtual void kill() = 0;
};

/// What a function does with one event.
struct Start {
  std::string event;
  Instant deadline{};                  ///< then the process is killed
  std::uint64_t number = 0;            ///< of the invocation, in the whole run
  std::uint64_t dies_at_call = 0;      ///< to AWS; 0: it does not die
  std::function<void()> died = [] {};  ///< is called in that moment
};
using Function = std::function<std::unique_ptr<Execution>(Start)>;

struct LambdaSettings {
  std::size_t concurrency = 1'000;      ///< of the account
  std::size_t burst = 1'000;            ///< environments that one function may start at once
  double growth_per_second = 100;       ///< and from then on: 1,000 in ten seconds
  Milliseconds environment_start{150};  ///< not billed; assumed
  Milliseconds process_start{30};       ///< billed as the function's own: a custom runtime; measured
  Milliseconds timeout{900'000};
  Milliseconds kept_warm{300'000};
};

/// What is drawn for an invocation by tests of trouble.
struct Fate {
  bool throttled = false;
  std::uint64_t dies_at_call = 0;
};

struct FunctionTally {
  std::uint64_t invocations = 0;  ///< billed requests
  std::uint64_t throttled = 0;
  std::uint64_t cold = 0;
  std::uint64_t failed = 0;
  std::uint64_t timed_out = 0;
  std::uint64_t died = 0;
  Milliseconds billed{0};
  Milliseconds longest{0};
  std::size_t most_running = 0;
};

class LambdaService final : public Functions {
 public:
  LambdaService(Clock& clock, LambdaSettings settings) : clock_(clock), settings_(settings) {}

  void add(const std::string& name, Function function);
  /// Throws std::logic_error for a function that was not added: the definition names another one.
  Task<Outcome> invoke(std::string name, boost::json::value payload) override;

  std::function<Fate(const std::string& function, const std::string& event)> fate;
  const std::map<std::string, FunctionTally>& tallies() const { return tallies_; }
  std::size_t most_running() const { return most_running_; }
  /// Those that were killed: their coroutines still refer to them.
  std::size_t dead() const { return dead_.size(); }

 private:
  struct Deployed;
  struct Watch;
  bool begin(Deployed& function, FunctionTally& tally, bool& cold);
  Task<Outcome> perform(Deployed& function, FunctionTally& tally, std::string event, std::uint64_t dies_at_call);

  Clock& clock_;
  LambdaSettings settings_;
  std::map<std::string, std::shared_ptr<Deployed>> functions_;
  std::map<std::string, FunctionTally> tallies_;
  std::vector<std::unique_ptr<Execution>> dead_;
  std::size_t running_ = 0;
  std::size_t most_running_ = 0;
  std::uint64_t numbers_ = 0;
};

}  // namespace rekeyer::scale
