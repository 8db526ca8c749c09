#include "engine/sweeping.hpp"

#include <deque>

#include "base/try.hpp"
#include "rotation/configured_accounts.hpp"

namespace rekeyer::engine {
namespace {

/// Accounts that somebody else has found.
class GivenAccounts final : public rotation::AccountSource {
 public:
  explicit GivenAccounts(std::vector<rotation::AccountTarget> targets) : left_(targets.begin(), targets.end()) {}
  ResultTask<std::optional<rotation::AccountTarget>> next() override {
    if (left_.empty()) co_return std::nullopt;
    auto target = std::move(left_.front());
    left_.pop_front();
    co_return target;
  }

 private:
  std::deque<rotation::AccountTarget> left_;
};

Task<Told> tell(Messages& messages, rotation::WriteGateway& gateway, const SweepRequest& request,
                rotation::RunReport& report) {
  if (request.mode == rotation::Mode::apply) co_return co_await messages.tell(gateway, report, request.audience);
  if (request.find_owners) co_await messages.find_owners(report);
  if (request.audit_mails) co_return co_await messages.send_audit(report);
  co_return Told{};
}

}  // namespace

ResultTask<SweepResult> sweep_accounts(Context& context, SweepRequest request) {
  CO_TRY(auto self, co_await rotation::read_self(context.caller, context.principal));
  context.principal.pace_account = self.account;
  context.channel_parts.principal.pace_account = self.account;
  if (request.as_of) {
    CO_TRY(request.options.at, request.as_of(context.clock.now()));
  }
  const auto& settings = context.settings();
  std::unique_ptr<Messages> messages;  // what can't be told must be known before anything is done
  if (context.notices().enabled()) {
    CO_TRY(messages, co_await Messages::open(context, self));
  }
  rotation::ConfiguredAccounts configured(context.caller, context.principal, self, settings, request.filter);
  GivenAccounts given(request.targets);
  rotation::AccountSource& accounts =
      request.targets.empty() ? configured.source() : static_cast<rotation::AccountSource&>(given);
  rotation::AwsGateway gateway(context.caller, context.principal, self, settings, context.run);
  rotation::ChangeBudget budget(settings.limits);
  const rotation::RunContext run{settings, context.clock, request.options, budget, context.stop};

  rotation::PlanVisitor planner(gateway, run);
  rotation::ApplyVisitor applier(gateway, run);
  rotation::AccountVisitor& visitor =
      request.mode == rotation::Mode::plan ? static_cast<rotation::AccountVisitor&>(planner) : applier;
  SweepResult result;
  result.report = co_await rotation::sweep(accounts, visitor, run, request.mode, request.observer);
  if (messages) {
    result.told = co_await tell(*messages, gateway, request, result.report);
    result.report.failing_channels = result.told.failing_channels;
  }
  const auto& calls = context.caller.counts().calls;
  result.report.calls = {calls.begin(), calls.end()};
  co_return result;
}

}  // namespace rekeyer::engine
