#include "rotation/account_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

#include "base/concurrency.hpp"
#include "base/log.hpp"
#include "policy/change_order.hpp"
#include "rotation/fitting.hpp"
#include "rotation/relock.hpp"

namespace rekeyer::rotation {
namespace {

ActionOutcome interrupted_row(const AccountId& account, const UserName& user) {
  return user_row(account, user, policy::Action::hold, RunReason::interrupted, ActionStatus::held,
                  "the run was stopped before this user");
}

}  // namespace

AccountRun::AccountRun(AccountTarget target, const RunContext& run, std::unique_ptr<AccountSteps> steps)
    : target_(std::move(target)), run_(run), steps_(std::move(steps)), outcome_(target_) {}

Task<void> AccountRun::survey() {
  const auto opened = co_await steps_->open(target_.id);
  if (!opened) {
    fail(opened.error());
    co_return;
  }
  open_ = true;
  const auto& options = run_.options;
  auto& access = steps_->access();
  if (const auto why = options.relock ? relock_refused(access, run_.settings, target_.id) : std::nullopt) {
    fail(Error{ErrorKind::rejected, *why, {}, {}, {}});
    co_return;
  }
  surveyed_at_ = run_.clock.now();
  auto survey = co_await survey_account(access, run_.settings, target_, run_.decision_time());
  if (!survey) {
    fail(survey.error());
    co_return;
  }
  add_findings(*survey);
  note_named_users(*survey);
  if (options.relock && !relocks_here()) {
    outcome_.users = survey->users.size();
    co_return;
  }
  if (!options.tends_secrets_only()) note_fitting(*survey);
  Picking picking;
  if (steps_->plans()) picking.by_report = survey->report_made;
  picking.own_account = !access.signer_key().empty();
  auto candidates = pick_candidates(run_, picking, survey->users, outcome_);
  for (auto& user : candidates.due) {
    auto name = user.candidate.context.subject.user;
    due_.emplace(std::move(name), std::move(user));
  }
  others_ = std::move(candidates.others);
  if (!options.adopt_before) secrets_of_gone_users_ = std::move(survey->orphaned_secrets);
}

void AccountRun::fail(const Error& error) {
  outcome_.status = lost_account(target_.id, error);
  outcome_.reason = describe(error);
}

void AccountRun::add_findings(const AccountSurvey& survey) {
  if (survey.root_key_active && !run_.options.tends_secrets_only()) {
    outcome_.actions.push_back(user_row(
        target_.id, UserName("<root_account>"), policy::Action::warn, RunReason::root_key_active, ActionStatus::held,
        "the root user has an active access key; rekeyer never touches it: delete it by hand"));
  }
  // A name mistyped in an emergency must not look like success.
  const bool required = target_.users_required || run_.options.force.rotate;
  if (!required) return;
  for (const auto& user : survey.missing_users) {
    outcome_.actions.push_back(user_row(target_.id, user, policy::Action::hold, RunReason::user_not_found,
                                        ActionStatus::failed, "named, and not there"));
  }
}

void AccountRun::note_named_users(const AccountSurvey& survey) {
  named_.missing = survey.missing_users;
  named_.required = target_.users_required;
  for (const auto& user : target_.users) {
    if (std::ranges::find(named_.missing, user) == named_.missing.end()) named_.found.push_back(user);
  }
}

void AccountRun::note_fitting(const AccountSurvey& survey) {
  Fitting fitting(run_.settings.policy);
  for (const auto& user : survey.users) fitting.look_at(user.context.subject);
  outcome_.fitting = fitting.found();
}

/// Is there something to relock in this account, after all that the survey found?
bool AccountRun::relocks_here() const {
  if (has_locks(steps_->access(), run_.settings, target_.id)) return true;
  log::warn("secrets of this account have no lock: whoever changes them is not named under [store] writers",
            {{"account", target_.id.str()}});
  return false;
}

Task<void> AccountRun::work_on_others() {
  co_await refresh_memberships();
  for (auto& left : std::exchange(secrets_of_gone_users_, {})) {
    if (run_.stop.requested()) break;
    append_rows(outcome_.actions, co_await steps_->secret_of_gone_user(target_.id, std::move(left)));
  }
  co_await work_off(std::exchange(others_, {}));
}

std::vector<QueuedUser> AccountRun::due() const {
  std::vector<QueuedUser> users;
  for (const auto& [name, user] : due_) {
    users.push_back({policy::due_since(user.action, user.due), target_.id, name});
  }
  return users;
}

Task<void> AccountRun::change(const std::vector<UserName>& users) {
  std::vector<Candidate> candidates;
  for (const auto& user : users) {
    if (auto waiting = due_.extract(user)) candidates.push_back(std::move(waiting.mapped().candidate));
  }
  co_await refresh_memberships();
  co_await work_off(std::move(candidates));
}

void AccountRun::hold(const UserName& user, RunReason reason) {
  const auto waiting = due_.extract(user);
  if (!waiting) return;
  if (reason == RunReason::interrupted) {
    outcome_.actions.push_back(interrupted_row(target_.id, user));
    return;
  }
  const auto& first = waiting.mapped();
  auto row = user_row(target_.id, user, first.action, reason, ActionStatus::held,
                      fmt::format("{}; those that are due for longer go first", policy::name(first.reason)));
  row.due = first.due;
  outcome_.actions.push_back(std::move(row));
}

AccountOutcome AccountRun::take_outcome() {
  std::ranges::sort(outcome_.actions, [](const ActionOutcome& a, const ActionOutcome& b) {
    return std::tie(a.user, a.key, a.action) < std::tie(b.user, b.key, b.action);
  });
  std::ranges::sort(outcome_.notices, {}, [](const UserNotices& told) { return told.subject.user; });
  for (auto& notices : outcome_.notices) {
    notices.account_name = outcome_.name;
    notices.account_email = outcome_.email;
  }
  return std::move(outcome_);
}

Task<std::vector<UserName>> AccountRun::users_there() {
  std::vector<UserName> there;
  if (!open_) co_return there;
  const auto users = co_await users_of_account(steps_->access(), run_.settings);
  if (users) std::ranges::transform(*users, std::back_inserter(there), &aws::User::name);
  co_return there;
}

Task<void> AccountRun::refresh_memberships() {
  if (open_ && run_.clock.now() - surveyed_at_ > max_membership_age) {
    memberships_ = co_await read_memberships(steps_->access(), run_.settings, false);
  }
}

Task<void> AccountRun::work_off(std::vector<Candidate> users) {
  co_await for_each_bounded(users, run_.settings.limits.users_per_account,
                            [this](Candidate& user) { return work_on(std::move(user)); });
}

Task<void> AccountRun::work_on(Candidate user) {
  if (run_.stop.requested()) {
    outcome_.actions.push_back(interrupted_row(target_.id, user.context.subject.user));
    co_return;
  }
  if (memberships_ && !user.picture) {
    user.context = co_await refresh_membership(steps_->access(), run_.settings, *memberships_, std::move(user.context));
  }
  auto [rows, notices] = co_await steps_->user(std::move(user));
  count(rows);
  append_rows(outcome_.actions, std::move(rows));
  if (notices) outcome_.notices.push_back(std::move(*notices));
}

/// Whoever turned out to have nothing due, or to be exempt, on the closer look.
void AccountRun::count(const std::vector<ActionOutcome>& rows) {
  const auto all = [&](policy::Action action) {
    return std::ranges::all_of(rows, [&](const ActionOutcome& row) { return row.action == action; });
  };
  if (all(policy::Action::keep)) {
    ++outcome_.quiet;
  } else if (all(policy::Action::exempt)) {
    ++outcome_.exempt;
  }
}

}  // namespace rekeyer::rotation
