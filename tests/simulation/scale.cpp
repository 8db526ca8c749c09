#include "simulation/scale.hpp"

#include <sys/resource.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdio>
#include <ctime>
#include <optional>
#include <stdexcept>

#include "base/log.hpp"
#include "sandbox/world/generate.hpp"
#include "simulation/runner.hpp"

namespace rekeyer::simulation {
namespace {

double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

std::size_t peak_megabytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::size_t>(usage.ru_maxrss) / 1024;
}

/// The sweep and nothing else, and when it ended: bench/counts counts while this function runs, and finds it by its
/// name.
[[gnu::noinline]] Instant sweep_to_its_end(boost::asio::io_context& context, VirtualClock& clock, Runner& runner) {
  std::optional<Instant> ended;
  boost::asio::co_spawn(context, runner.run(), [&](std::exception_ptr thrown) {
    if (thrown) std::rethrow_exception(thrown);
    ended = clock.now();
  });
  if (!clock.run([&] { return !ended; })) throw std::logic_error("deadlock");
  return *ended;
}

}  // namespace

ScaleResult sweep_at_scale(const ScaleOptions& options) {
  log::configure({log::Level::off, log::Format::text, false, {}, {}, {}});
  ScaleResult result;
  auto before = cpu_seconds();
  Scenario scenario;
  sandbox::WorldShape shape{options.seed, options.accounts, options.accounts * options.users_per_account};
  shape.tended = options.fresh;
  scenario.world = sandbox::generate_world(shape, first_instant);
  scenario.settings.limits.concurrency = options.concurrency;
  sandbox::Sandbox sandbox(options.seed);
  sandbox.world = std::move(scenario.world.world);
  sandbox.behaviour.rate_limits = true;
  sandbox.behaviour.latency = options.latency;
  sandbox.calls.keep = false;
  for (const auto& [id, account] : sandbox.world.accounts) {
    result.users += account.iam.users.size();
    for (const auto& [name, user] : account.iam.users) result.keys += user.keys.size();
  }
  sandbox.after_each_call = [&](const sandbox::LoggedCall& call) {
    ++result.calls[call.service + ":" + call.operation];
    if (call.code.find("Thrott") != std::string::npos || call.code == "TooManyRequestsException") ++result.throttled;
  };
  result.world_seconds = cpu_seconds() - before;
  result.world_megabytes = peak_megabytes();

  boost::asio::io_context context{1};
  VirtualClock clock(context, first_instant);
  DeadProcesses dead;
  BugMemory no_bugs;
  RunPlan plan;
  plan.mode = options.mode;
  Runner runner(sandbox, clock, context.get_executor(), dead, no_bugs, scenario, plan);
  before = cpu_seconds();
  result.virtual_time = sweep_to_its_end(context, clock, runner) - first_instant;
  result.sweep_seconds = cpu_seconds() - before;
  result.peak_megabytes = peak_megabytes();
  if (!runner.report()) throw std::logic_error("the sweep did not report: " + runner.failure());
  for (const auto& account : runner.report()->accounts) {
    if (account.status == rotation::AccountStatus::done) ++result.accounts_done;
    result.rows += account.actions.size();
  }
  return result;
}

}  // namespace rekeyer::simulation
