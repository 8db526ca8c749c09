#include "scale/deployed_handler.hpp"

#include <fmt/format.h>

#include "aws/call/rate_limiter.hpp"
#include "fakes/known_key.hpp"
#include "lambda/bootstrap.hpp"
#include "lambda/runtime_api.hpp"
#include "sandbox/server/in_process.hpp"

namespace rekeyer::scale {
namespace {

aws::CallerSettings caller_settings() {
  aws::CallerSettings settings;
  settings.endpoints.endpoint_url = "http://127.0.0.1:4566";
  settings.user_agent = "rekeyer/scale";
  return settings;
}

/// A function's share of a processor, which its calls queue for.
class Processor final : public aws::Transport {
 public:
  Processor(aws::Transport& network, Clock& clock, std::chrono::microseconds per_call)
      : network_(network), clock_(clock), per_call_(per_call) {}

  ResultTask<aws::HttpResponse> send(aws::HttpRequest request) override {
    const auto now = std::chrono::time_point_cast<std::chrono::microseconds>(clock_.now());
    busy_until_ = std::max(busy_until_, now) + per_call_;
    co_await clock_.sleep_until(std::chrono::ceil<Milliseconds>(busy_until_));
    auto reply = co_await network_.send(std::move(request));
    co_return reply;
  }

 private:
  aws::Transport& network_;
  Clock& clock_;
  std::chrono::microseconds per_call_;
  std::chrono::sys_time<std::chrono::microseconds> busy_until_{};
};

/// Tells that the process dies: with the reply to its last call, which it does not see any more.
class LastCall final : public aws::Transport {
 public:
  LastCall(aws::Transport& network, const Start& start)
      : network_(network), dies_at_(start.dies_at_call), died_(start.died) {}

  ResultTask<aws::HttpResponse> send(aws::HttpRequest request) override {
    const bool last = ++calls_ == dies_at_;
    auto reply = co_await network_.send(std::move(request));
    if (last) died_();
    co_return reply;
  }

 private:
  aws::Transport& network_;
  std::uint64_t dies_at_;
  std::uint64_t calls_ = 0;
  std::function<void()> died_;
};

class HandlerExecution final : public Execution {
 public:
  HandlerExecution(Surroundings& surroundings, lambda::Handler handler, Start start)
      : surroundings_(surroundings),
        handler_(handler),
        start_(std::move(start)),
        random_(surroundings.seed * 1'000'003 + start_.number),
        process_{surroundings.dead, start_.dies_at_call, false, 0, false},
        wire_(surroundings.sandbox, surroundings.clock),
        last_call_(wire_, start_),
        mortal_(process_, last_call_),
        transport_(mortal_, surroundings.clock, surroundings.cpu_per_call),
        machine_clock_(process_, surroundings.clock, Milliseconds(0)),
        caller_(transport_, clock_, random_, limiter_, caller_settings()) {
    principal_.credentials = fakes::provider_of(surroundings.caller.key, surroundings.caller.secret);
    principal_.region = Region("us-east-1");
    const auto& limits = surroundings.configuration.rotation.limits;
    limiter_.set_iam_share({.rate = limits.iam_rate, .share = limits.iam_share});
  }

  Task<std::expected<std::string, StateError>> run() override {
    stop_.request_at(machine_clock_, start_.deadline - lambda::stops_before_deadline);
    lambda::Job job{surroundings_.configuration,
                    surroundings_.deployment,
                    caller_,
                    principal_,
                    clock_,
                    stop_,
                    RunId(random_.hex(16)),
                    fmt::format("00000000-0000-4000-8000-{:012x}", start_.number),
                    {caller_, principal_, transport_, clock_, random_, limiter_, surroundings_.executor, {}},
                    [this](std::string_view line) { surroundings_.metrics.append(line).append("\n"); }};
    auto answer = co_await handler_(std::move(job), start_.event);
    if (answer) co_return *std::move(answer);
    const auto error = lambda::function_error(answer.error());
    co_return std::unexpected(StateError{error.type, error.message});
  }

  void kill() override { process_.dead = true; }

 private:
  Surroundings& surroundings_;
  lambda::Handler handler_;
  Start start_;
  Random random_;
  simulation::Process process_;
  sandbox::InProcessTransport wire_;
  LastCall last_call_;
  simulation::MortalTransport mortal_;
  Processor transport_;
  simulation::MortalClock machine_clock_;
  ShiftedClock clock_{machine_clock_};
  aws::RateLimiter limiter_{clock_};
  aws::Caller caller_;
  aws::Principal principal_;
  rotation::StopFlag stop_;
};

}  // namespace

Function deployed_handler(Surroundings& surroundings, lambda::Handler handler) {
  return [&surroundings, handler](Start start) -> std::unique_ptr<Execution> {
    return std::make_unique<HandlerExecution>(surroundings, handler, std::move(start));
  };
}

}  // namespace rekeyer::scale
