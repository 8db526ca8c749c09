#include "cli/sweeping.hpp"

#include "base/try.hpp"
#include "cli/messages.hpp"
#include "cli/progress.hpp"
#include "rotation/configured_accounts.hpp"
#include "rotation/sweep.hpp"

namespace rekeyer::cli {

ResultTask<rotation::RunReport> sweep_accounts(Runtime& runtime, rotation::Mode mode, rotation::RunOptions options) {
  CO_TRY(auto self, co_await rotation::read_self(runtime.caller(), runtime.principal()));
  runtime.principal().pace_account = self.account;
  if (!runtime.options().at.empty()) {
    CO_TRY(options.at, parse_at(runtime.options().at, runtime.clock().now()));
  }
  const auto& settings = runtime.settings();
  std::unique_ptr<Messages> messages;  // what can't be told must be known before anything is done
  if (runtime.notices().enabled()) {
    CO_TRY(messages, co_await Messages::open(runtime, self));
  }
  rotation::ConfiguredAccounts accounts(runtime.caller(), runtime.principal(), self, settings,
                                        runtime.options().filter);
  rotation::AwsGateway gateway(runtime.caller(), runtime.principal(), self, settings, runtime.run_id());
  rotation::ChangeBudget budget(settings.limits);
  const rotation::RunContext run{settings, runtime.clock(), std::move(options), budget, runtime.stop()};

  Progress progress(runtime.terminal().err);
  rotation::PlanVisitor planner(gateway, run);
  rotation::ApplyVisitor applier(gateway, run);
  rotation::AccountVisitor& visitor =
      mode == rotation::Mode::plan ? static_cast<rotation::AccountVisitor&>(planner) : applier;
  auto report = co_await rotation::sweep(accounts.source(), visitor, run, mode, progress.observer());
  if (messages && mode == rotation::Mode::apply) co_await messages->tell(gateway, report);
  if (messages && mode == rotation::Mode::plan) co_await messages->look(report, runtime.options().notify);
  report.calls = runtime.caller().counts().calls;
  co_return report;
}

}  // namespace rekeyer::cli
