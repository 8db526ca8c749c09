#include "simulation/runner.hpp"

#include "base/try.hpp"
#include "notify/aws_contacts.hpp"
#include "notify/channels/ses_channel.hpp"
#include "notify/dispatch.hpp"
#include "notify/ledger.hpp"
#include "rotation/account_visit.hpp"
#include "rotation/configured_accounts.hpp"
#include "rotation/sweep.hpp"
#include "simulation/mailbox.hpp"

namespace rekeyer::simulation {
namespace {

aws::CallerSettings caller_settings() {
  aws::CallerSettings settings;
  settings.endpoints.endpoint_url = "http://127.0.0.1:4566";
  settings.user_agent = "rekeyer/simulation";
  return settings;
}

aws::SharedProvider credentials_of(const sandbox::CallerKey& key) {
  auto credentials = std::make_shared<aws::Credentials>();
  credentials->id = key.key;
  credentials->secret = Secret(key.secret);
  return std::make_shared<aws::StaticProvider>(std::move(credentials));
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

Runner::Runner(sandbox::Sandbox& sandbox, Clock& world_clock, Graveyard& graveyard, BugMemory& bug_memory,
               const Scenario& scenario, RunPlan plan)
    : scenario_(scenario),
      settings_(scenario.settings),
      plan_(plan),
      random_(plan.seed),
      id_(random_.hex(16)),
      world_clock_(world_clock),
      process_{graveyard, plan.dies_at_call, plan.dies_before, 0, false},
      wire_(sandbox, world_clock),
      network_(wire_, world_clock, plan.seed + 1, plan.late),
      planted_(bug_of(plan), bug_memory, network_, world_clock, sandbox.world),
      transport_(process_, plan.bug == Bug::none ? static_cast<aws::Transport&>(network_) : planted_),
      machine_clock_(process_, world_clock, plan.skew),
      caller_(transport_, clock_, random_, pace_, caller_settings()) {
  if (bug_of(plan) == Bug::forged_proofs_believed) settings_.store.proof.clear();
  const auto& limits = settings_.limits;
  pace_.set_iam_share({.rate = limits.iam_rate, .share = limits.iam_share});
  principal_.credentials = credentials_of(scenario.world.caller);
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

ResultTask<rotation::RunReport> Runner::sweep() {
  const auto& settings = settings_;
  CO_TRY(auto self, co_await rotation::read_self(caller_, principal_));
  principal_.pace_account = self.account;
  rotation::ConfiguredAccounts accounts(caller_, principal_, self, settings, {});
  rotation::AwsGateway gateway(caller_, principal_, self, settings, id_);
  rotation::ChangeBudget budget(settings.limits);
  rotation::RunOptions options;
  options.run = id_;
  options.relock = plan_.relock;
  const rotation::RunContext run{settings, clock_, options, budget, stop_};
  rotation::PlanVisitor planner(gateway, run);
  rotation::ApplyVisitor applier(gateway, run);
  const bool changes = plan_.mode == rotation::Mode::apply || plan_.bug == Bug::plan_changes;
  rotation::AccountVisitor& visitor = changes ? static_cast<rotation::AccountVisitor&>(applier) : planner;
  auto report = co_await rotation::sweep(accounts.source(), visitor, run, plan_.mode, {});
  if (plan_.bug == Bug::failures_hidden) {
    rotation::AccountOutcomes good;
    for (const auto& account : report.accounts) {
      const bool bad =
          account.status == rotation::AccountStatus::failed || account.status == rotation::AccountStatus::denied;
      if (!bad) good.push_back(account);
    }
    report.accounts = std::move(good);
  }
  if (scenario_.messages.enabled()) co_await tell(self, gateway, report);
  co_return report;
}

/// As engine/messages.cpp does it.
Task<void> Runner::tell(const rotation::Self& self, rotation::AwsGateway& gateway, rotation::RunReport& report) {
  aws::OrganizationsClient organizations(caller_, principal_);
  aws::AccountClient accounts(caller_, principal_);
  notify::AwsContacts contacts(organizations, accounts, self.account);
  notify::OwnerResolver owners(scenario_.messages.owner, contacts);
  notify::ChannelSet channels;
  const auto& messages = scenario_.messages;
  channels.mails.push_back(std::make_unique<notify::SesChannel>(aws::SesClient(caller_, principal_),
                                                                notify::Sender{messages.from, messages.reply_to},
                                                                messages.channels.front()));
  notify::Dispatcher dispatcher({scenario_.messages,
                                 settings_,
                                 templates(),
                                 channels,
                                 owners,
                                 clock_,
                                 {settings_.store.location, self.account},
                                 self.partition});
  if (plan_.mode == rotation::Mode::plan) {
    co_await dispatcher.find_owners(report);
    co_return;
  }
  auto dispatch = co_await dispatcher.deliver(report);
  co_await notify::record_deliveries(gateway, settings_, clock_, std::move(dispatch), report);
}

}  // namespace rekeyer::simulation
