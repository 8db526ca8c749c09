// A run over four accounts that has something of everything, for the tests of its forms.
#pragma once

#include <string>
#include <utility>

#include "rotation/outcome.hpp"

namespace rekeyer::report {

using policy::Action;
using rotation::AccountStatus;
using rotation::ActionStatus;

inline constexpr Instant run_start = std::chrono::sys_days{std::chrono::year{2026} / 11 / 22} + std::chrono::hours{6};

inline rotation::ActionOutcome action(std::string user, std::string key, Action what, rotation::OutcomeReason reason,
                                      ActionStatus status, std::string detail = {},
                                      std::optional<Instant> due = std::nullopt) {
  rotation::ActionOutcome outcome;
  outcome.account = AccountId("111111111111");
  outcome.user = UserName(std::move(user));
  outcome.key = AccessKeyId(std::move(key));
  outcome.action = what;
  outcome.reason = reason;
  outcome.due = due;
  outcome.status = status;
  outcome.detail = std::move(detail);
  return outcome;
}

inline rotation::AccountOutcome account(std::string id, std::string name, AccountStatus status = AccountStatus::done,
                                        std::string reason = {}) {
  rotation::AccountOutcome outcome;
  outcome.id = AccountId(std::move(id));
  outcome.name = std::move(name);
  outcome.status = status;
  outcome.reason = std::move(reason);
  return outcome;
}

inline rotation::RunReport empty_report(rotation::Mode mode = rotation::Mode::plan) {
  rotation::RunReport report;
  report.run = RunId("8f31c0de12345678");
  report.mode = mode;
  report.started = run_start;
  report.finished = run_start + std::chrono::seconds{72};
  return report;
}

inline rotation::RunReport sample_report(rotation::Mode mode = rotation::Mode::plan) {
  const bool applied = mode == rotation::Mode::apply;
  const auto changed = applied ? ActionStatus::done : ActionStatus::planned;
  auto report = empty_report(mode);
  auto payments = account("111111111111", "payments");
  payments.users = 230;
  payments.quiet = 223;
  payments.exempt = 2;
  payments.actions = {
      action("ann", "AKIAANN2EXAMPLE", Action::rotate, policy::Reason::rotation_due, changed,
             "created 2026-08-22 (92 days ago), last used 2026-11-21 by s3 in eu-west-1",
             run_start - std::chrono::hours{46}),
      action("bob", "AKIABOB2EXAMPLE", Action::warn, policy::Reason::rotation_near, changed,
             "created 2026-08-27 (87 days ago)", run_start + std::chrono::days{3}),
      action("ci-build", "AKIACI22EXAMPLE", Action::hold, policy::Reason::still_in_use, ActionStatus::held,
             "last used 2026-11-21 by ecr", run_start - std::chrono::days{1}),
      action("dora", "", Action::exempt, policy::Reason::exempt, ActionStatus::held, "sealed envelope (SEC-123)"),
      action("eve", "AKIAEVE2EXAMPLE", Action::deactivate, policy::Reason::installation_over,
             applied ? ActionStatus::failed : ActionStatus::planned,
             applied ? "iam:UpdateAccessKey: AccessDenied: not authorized" : "never used",
             run_start - std::chrono::minutes{90}),
      action("fay", "", Action::exempt, policy::Reason::exempt, ActionStatus::held, "sealed envelope (SEC-123)"),
      action("gus", "AKIAGUS2EXAMPLE", Action::rotate, rotation::RunReason::run_limit, ActionStatus::held,
             "created 2026-08-23", run_start - std::chrono::days{1}),
  };
  auto staging =
      account("222222222222", "staging", AccountStatus::denied, "sts:AssumeRole: AccessDenied: no such role");
  auto quiet = account("333333333333", "quiet");
  quiet.users = quiet.quiet = 5;
  auto old = account("444444444444", "old", AccountStatus::skipped, "account is SUSPENDED");
  report.accounts = {std::move(payments), std::move(staging), std::move(quiet), std::move(old)};
  report.calls = {{"iam:ListAccessKeys", 6}, {"sts:AssumeRole", 3}};
  return report;
}

/// Changes the account of report_of().
inline void amend(rotation::RunReport& report, const std::function<void(rotation::AccountOutcome&)>& change) {
  report.accounts.amend(AccountId("111111111111"), change);
}

/// A report of one account with these actions.
inline rotation::RunReport report_of(std::vector<rotation::ActionOutcome> actions,
                                     rotation::Mode mode = rotation::Mode::plan) {
  auto report = empty_report(mode);
  auto payments = account("111111111111", "payments");
  payments.users = 3;
  payments.actions = std::move(actions);
  report.accounts.push_back(std::move(payments));
  return report;
}

}  // namespace rekeyer::report
