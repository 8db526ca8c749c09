#include "engine/complete_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>

#include "base/try.hpp"
#include "rotation/fitting.hpp"
#include "rotation/not_there.hpp"

namespace rekeyer::engine {
namespace {

/// Accounts that somebody else has found.
class GivenAccounts final : public rotation::AccountSource {
 public:
  /// `failure`: why there may be more of them.
  explicit GivenAccounts(std::vector<rotation::AccountTarget> targets, std::optional<Error> failure = std::nullopt)
      : left_(targets.begin(), targets.end()), failure_(std::move(failure)) {}
  ResultTask<std::optional<rotation::AccountTarget>> next() override {
    if (left_.empty() && failure_) co_return fail(*failure_);
    if (left_.empty()) co_return std::nullopt;
    auto target = std::move(left_.front());
    left_.pop_front();
    co_return target;
  }
  ResultTask<std::vector<std::string>> unknown_names() override { co_return std::vector<std::string>{}; }

 private:
  std::deque<rotation::AccountTarget> left_;
  std::optional<Error> failure_;
};

bool narrows(const rotation::Filter& filter) {
  return !filter.accounts.empty() || !filter.ous.empty() || !filter.users.empty();
}

bool names_users(const rotation::ScopeSettings& scope) {
  return std::ranges::any_of(scope.fixed_accounts, [](const auto& account) {
    return std::ranges::find(account.second, "*") == account.second.end();
  });
}

/// Why a filter leaves nothing to do, in words.
std::string matches_nothing(const std::vector<rotation::AccountTarget>& targets) {
  constexpr std::size_t told = 5;
  std::string why = "no account in scope matches what was asked for";
  for (std::size_t i = 0; i < std::min(targets.size(), told); ++i) {
    why += fmt::format("; {}: {}", targets[i].id, targets[i].skip.value_or(""));
  }
  return why;
}

/// The whole list before its first account is entered, where something is named that may not be there. Fails with
/// `usage` where it is not.
ResultTask<std::unique_ptr<rotation::AccountSource>> checked(rotation::AccountSource& source, rotation::Filter filter) {
  std::vector<rotation::AccountTarget> targets;
  for (;;) {
    auto next = co_await source.next();
    // What is missing may stand in the part that could not be listed.
    if (!next) co_return std::make_unique<GivenAccounts>(std::move(targets), next.error());
    if (!*next) break;
    targets.push_back(std::move(**next));
  }
  CO_TRY(auto unknown, co_await source.unknown_names());
  const bool all_skipped = std::ranges::all_of(targets, [](const auto& target) { return target.skip.has_value(); });
  if (unknown.empty() && narrows(filter) && all_skipped) unknown.push_back(matches_nothing(targets));
  if (!unknown.empty()) co_return fail(ErrorKind::usage, rotation::nothing_changed(unknown));
  co_return std::make_unique<GivenAccounts>(std::move(targets));
}

Task<DeliverySummary> tell(Notifier& notifier, rotation::WriteGateway& gateway, const SweepRequest& request,
                           rotation::RunReport& report) {
  if (request.mode == rotation::Mode::apply) co_return co_await notifier.tell(gateway, report, request.audience);
  if (request.find_owners) co_await notifier.find_owners(report);
  if (request.audit_mails) co_return co_await notifier.send_audit(report);
  co_return DeliverySummary{};
}

/// Tomorrow says "all that is there". A later day is a slip of the pen, most likely, and vouches for all the same.
Result<> check_vouched_day(const std::optional<Instant>& before, Instant now) {
  if (!before || *before <= now + std::chrono::days{1}) return {};
  return fail(ErrorKind::usage,
              fmt::format("--before {} is yet to come, and would vouch for all that is there; nothing "
                          "was changed",
                          iso8601(*before)));
}

}  // namespace

ResultTask<SweepResult> sweep_accounts(const Session& session, SweepRequest request) {
  const auto& context = session.context();
  if (request.as_of) {
    CO_TRY(request.options.at, request.as_of(context.clock.now()));
  }
  request.options.ids = request.options.ids || request.audit_mails;  // a mail says which key it is about
  CO_TRY_VOID(check_vouched_day(request.options.adopt_before, context.clock.now()));
  const auto& settings = context.settings();
  std::unique_ptr<Notifier> notifier;  // what can't be told must be known before anything is done
  if (context.notices().enabled()) {
    CO_TRY(notifier, co_await Notifier::open(session));
  }
  auto configured = session.accounts(request.filter);
  GivenAccounts given(request.targets);
  rotation::AccountSource* accounts =
      request.targets.empty() ? &configured.source() : static_cast<rotation::AccountSource*>(&given);
  std::unique_ptr<rotation::AccountSource> listed;
  const bool refuses = request.refuse_unknown_names && rotation::names_something(settings.scope, request.filter);
  if (refuses) {
    CO_TRY(listed, co_await checked(*accounts, request.filter));
    accounts = listed.get();
    request.options.refuse_unknown_users = !request.filter.users.empty() || names_users(settings.scope);
    request.options.asked_for = request.filter.users;
  }
  auto gateway = session.gateway();
  rotation::ChangeBudget budget(settings.limits);
  const rotation::RunContext run{settings, context.clock, request.options, budget, context.stop};

  auto steps = request.mode == rotation::Mode::plan ? rotation::planning_steps(gateway, run)
                                                    : rotation::changing_steps(gateway, run);
  SweepResult result;
  result.report = co_await rotation::sweep(*accounts, std::move(steps), run, request.mode, request.observer);
  if (!result.report.unknown.empty()) {
    co_return fail(ErrorKind::usage, rotation::nothing_changed(result.report.unknown));
  }
  if (!narrows(request.filter) && request.targets.empty()) {
    result.report.fits_nobody = rotation::fits_nobody(settings.policy, result.report, run.decision_time());
  }
  if (notifier) {
    result.delivery = co_await tell(*notifier, gateway, request, result.report);
    result.report.failing_channels = result.delivery.failing_channels;
  }
  const auto& calls = context.caller.counts().calls;
  result.report.calls = {calls.begin(), calls.end()};
  co_return result;
}

}  // namespace rekeyer::engine
