#include "simulation/runner.hpp"

#include "base/try.hpp"
#include "engine/complete_run.hpp"
#include "engine/session.hpp"
#include "fakes/known_key.hpp"
#include "simulation/mailbox.hpp"
#include "simulation/misreport.hpp"

namespace rekeyer::simulation {
namespace {

aws::CallerSettings caller_settings() {
  aws::CallerSettings settings;
  settings.endpoints.endpoint_url = "http://127.0.0.1:4566";
  settings.user_agent = "rekeyer/simulation";
  return settings;
}

/// Some bugs are in what relocks alone.
Bug bug_of(const RunPlan& plan) {
  if (plan.bug == Bug::relock_ignores_runs) return plan.relock ? Bug::intents_are_not_seen : Bug::none;
  if (plan.bug == Bug::relock_is_not_performed) return plan.relock ? Bug::lock_not_written : Bug::none;
  return plan.bug;
}

const notify::Templates& templates() {
  static const notify::Templates all = [] {
    auto made = notify::Templates::with(readable_templates());
    if (!made) throw std::logic_error(made.error().message);
    return std::move(*made);
  }();
  return all;
}

}  // namespace

Runner::Runner(sandbox::Sandbox& sandbox, Clock& world_clock, boost::asio::any_io_executor executor,
               DeadProcesses& dead, BugMemory& bug_memory, const Scenario& scenario, RunPlan plan)
    : configuration_{scenario.settings, scenario.messages},
      plan_(plan),
      random_(plan.seed),
      id_(random_.hex(16)),
      world_clock_(world_clock),
      executor_(std::move(executor)),
      process_{dead, plan.dies_at_call, plan.dies_before, 0, false},
      wire_(sandbox, world_clock),
      network_(wire_, world_clock, plan.seed + 1, plan.late),
      planted_(bug_of(plan), bug_memory, network_, world_clock, sandbox.world),
      transport_(process_, plan.bug == Bug::none ? static_cast<aws::Transport&>(network_) : planted_),
      machine_clock_(process_, world_clock, plan.skew),
      caller_(transport_, clock_, random_, limiter_, caller_settings()) {
  if (plan.bug == Bug::limits_are_not_kept) configuration_.rotation.limits = {};
  if (bug_of(plan) == Bug::forged_proofs_believed) configuration_.rotation.store.proof.clear();
  const auto& limits = configuration_.rotation.limits;
  limiter_.set_iam_share({.rate = limits.iam_rate, .share = limits.iam_share});
  principal_.credentials = fakes::provider_of(scenario.world.caller.key, scenario.world.caller.secret);
  principal_.region = Region("us-east-1");
}

Task<void> Runner::run() {
  started_ = world_clock_.now();
  auto report = co_await sweep();
  if (report) {
    report_ = std::move(*report);
  } else {
    failure_ = describe(report.error());
  }
}

engine::Context Runner::context() {
  return {configuration_,
          caller_,
          principal_,
          clock_,
          stop_,
          id_,
          {caller_, principal_, transport_, clock_, random_, limiter_, executor_, {}},
          configuration_.notify.enabled() ? &templates() : nullptr};
}

ResultTask<rotation::RunReport> Runner::sweep() {
  CO_TRY(const auto session, co_await engine::Session::open(context()));
  engine::SweepRequest request;
  request.mode = plan_.bug == Bug::plan_changes ? rotation::Mode::apply : plan_.mode;
  request.options.run = id_;
  request.options.relock = plan_.relock;
  CO_TRY(auto swept, co_await engine::sweep_accounts(session, std::move(request)));
  swept.report.accounts = misreported(plan_.bug, std::move(swept.report.accounts));
  co_return std::move(swept.report);
}

}  // namespace rekeyer::simulation
