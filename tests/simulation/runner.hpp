// One run of rekeyer as a process of the simulation: a session and its sweep as commands and functions begin them, on
// the sandbox's transport.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <optional>
#include <string>

#include "aws/call/caller.hpp"
#include "aws/call/rate_limiter.hpp"
#include "config/config.hpp"
#include "engine/context.hpp"
#include "rotation/outcome.hpp"
#include "rotation/run.hpp"
#include "sandbox/server/in_process.hpp"
#include "simulation/late_network.hpp"
#include "simulation/planted.hpp"
#include "simulation/process.hpp"
#include "simulation/scenario.hpp"

namespace rekeyer::simulation {

struct RunPlan {
  std::uint64_t seed = 0;
  rotation::Mode mode = rotation::Mode::apply;
  bool relock = false;
  Milliseconds skew{0};
  std::uint64_t dies_at_call = 0;
  bool dies_before = false;
  double late = 0;  ///< chance of each request to arrive minutes late
  Bug bug = Bug::none;
};

class Runner {
 public:
  /// All references outlive the runner, and the runner outlives its coroutines: also those of a dead process.
  Runner(sandbox::Sandbox& sandbox, Clock& world_clock, boost::asio::any_io_executor executor, DeadProcesses& dead,
         BugMemory& bug_memory, const Scenario& scenario, RunPlan plan);

  /// The whole run. Does not return where the process dies.
  Task<void> run();

  const RunPlan& plan() const { return plan_; }
  const RunId& id() const { return id_; }
  Instant started() const { return started_; }
  bool dead() const { return process_.dead; }
  /// What it reported; nothing while it runs, where it died, and where it could not even begin.
  const std::optional<rotation::RunReport>& report() const { return report_; }
  const std::string& failure() const { return failure_; }
  const aws::RateLimiter& limiter() const { return limiter_; }

 private:
  ResultTask<rotation::RunReport> sweep();
  engine::Context context();

  config::Configuration configuration_;
  RunPlan plan_;
  Random random_;
  RunId id_;
  Clock& world_clock_;
  boost::asio::any_io_executor executor_;
  Instant started_{};
  Process process_;
  sandbox::InProcessTransport wire_;
  LateNetwork network_;
  PlantedTransport planted_;
  MortalTransport transport_;
  MortalClock machine_clock_;
  ShiftedClock clock_{machine_clock_};
  aws::RateLimiter limiter_{clock_};
  aws::Caller caller_;
  aws::Principal principal_;
  rotation::StopFlag stop_;
  std::optional<rotation::RunReport> report_;
  std::string failure_;
};

}  // namespace rekeyer::simulation
