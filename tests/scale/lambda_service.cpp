#include "scale/lambda_service.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <stdexcept>

#include "base/concurrency.hpp"

namespace rekeyer::scale {

namespace json = boost::json;

struct LambdaService::Deployed {
  std::string name;
  Function function;
  std::vector<Instant> warm;  ///< since when each idle environment is idle; the latest last
  double growth = 0;          ///< environments that may be started now
  Instant grown{};
  std::size_t running = 0;
};

/// What ends an invocation: its answer, its death, or its deadline; whichever comes first.
struct LambdaService::Watch {
  enum class Ending { none, answered, died, timed_out };
  Ending ending = Ending::none;
  std::expected<std::string, StateError> answer;
  Gate ended;

  void end(Ending how) {
    if (ending != Ending::none) return;
    ending = how;
    ended.open();
  }
};

namespace {

Task<void> at(Clock& clock, Instant instant, std::function<void()> what) {
  co_await clock.sleep_until(instant);
  what();
}

void rethrow(std::exception_ptr thrown) {
  if (thrown) std::rethrow_exception(thrown);
}

}  // namespace

void LambdaService::add(const std::string& name, Function function) {
  auto deployed = std::make_shared<Deployed>();
  deployed->name = name;
  deployed->function = std::move(function);
  deployed->growth = static_cast<double>(settings_.burst);
  deployed->grown = clock_.now();
  functions_[name] = std::move(deployed);
}

/// False: too many requests. A warm environment is the one that was used last, as Lambda prefers it.
bool LambdaService::begin(Deployed& function, FunctionTally& tally, bool& cold) {
  const auto now = clock_.now();
  if (running_ >= settings_.concurrency) return false;
  std::erase_if(function.warm, [&](Instant idle_since) { return now - idle_since > settings_.kept_warm; });
  cold = function.warm.empty();
  if (cold) {
    const auto waited = std::chrono::duration<double>(now - function.grown).count();
    function.growth =
        std::min(static_cast<double>(settings_.burst), function.growth + waited * settings_.growth_per_second);
    function.grown = now;
    if (function.growth < 1) return false;
    function.growth -= 1;
    ++tally.cold;
  } else {
    function.warm.pop_back();
  }
  most_running_ = std::max(most_running_, ++running_);
  tally.most_running = std::max(tally.most_running, ++function.running);
  ++tally.invocations;
  return true;
}

Task<Outcome> LambdaService::invoke(std::string name, json::value payload) {
  const auto found = functions_.find(name);
  if (found == functions_.end()) throw std::logic_error("no function is called " + name);
  const auto function = found->second;
  auto& tally = tallies_[name];
  auto event = json::serialize(payload);
  const auto drawn = fate ? fate(name, event) : Fate{};
  bool cold = false;
  if (drawn.throttled || !begin(*function, tally, cold)) {
    ++tally.throttled;
    co_return std::unexpected(StateError{"Lambda.TooManyRequestsException", "Rate Exceeded."});
  }
  if (cold) co_await clock_.sleep_for(settings_.environment_start);
  const auto began = clock_.now();
  if (cold) co_await clock_.sleep_for(settings_.process_start);
  auto outcome = co_await perform(*function, tally, std::move(event), drawn.dies_at_call);
  const auto took = clock_.now() - began;  // the clock has no less than milliseconds, to which bills are rounded up
  tally.billed += std::max(took, Milliseconds(1));
  tally.longest = std::max(tally.longest, took);
  --running_;
  --function->running;
  co_return outcome;
}

/// A handler's error leaves the environment as it is; a death or a timeout ends it.
Task<Outcome> LambdaService::perform(Deployed& function, FunctionTally& tally, std::string event,
                                     std::uint64_t dies_at_call) {
  const auto watch = std::make_shared<Watch>();
  Start start{std::move(event), clock_.now() + settings_.timeout, ++numbers_, dies_at_call,
              [watch] { watch->end(Watch::Ending::died); }};
  const auto deadline = start.deadline;
  auto execution = function.function(std::move(start));
  const auto executor = co_await boost::asio::this_coro::executor;
  boost::asio::co_spawn(executor, execution->run(),
                        [watch](std::exception_ptr thrown, std::expected<std::string, StateError> answer) {
                          rethrow(thrown);
                          watch->answer = std::move(answer);
                          watch->end(Watch::Ending::answered);
                        });
  boost::asio::co_spawn(executor, at(clock_, deadline, [watch] { watch->end(Watch::Ending::timed_out); }), rethrow);
  co_await watch->ended.wait();
  if (watch->ending == Watch::Ending::answered) {
    function.warm.push_back(clock_.now());
    if (!watch->answer) {
      ++tally.failed;
      co_return std::unexpected(watch->answer.error());
    }
    boost::system::error_code problem;
    auto answer = json::parse(*watch->answer, problem);
    if (problem) throw std::logic_error(function.name + " answers what is no JSON: " + *watch->answer);
    co_return answer;
  }
  execution->kill();
  dead_.push_back(std::move(execution));
  if (watch->ending == Watch::Ending::died) {
    ++tally.died;
    co_return std::unexpected(StateError{"Runtime.ExitError", "Error: Runtime exited with error: signal: killed"});
  }
  ++tally.timed_out;
  co_return std::unexpected(
      StateError{"Sandbox.Timedout", fmt::format("Task timed out after {} seconds", settings_.timeout.count() / 1000)});
}

}  // namespace rekeyer::scale
