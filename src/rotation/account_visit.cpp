#include "rotation/account_visit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <tuple>
#include <utility>

#include "base/concurrency.hpp"
#include "base/log.hpp"
#include "policy/announcement.hpp"
#include "rotation/adoption.hpp"
#include "rotation/fitting.hpp"
#include "rotation/leftover.hpp"
#include "rotation/relock.hpp"
#include "rotation/retire.hpp"
#include "rotation/standing.hpp"
#include "rotation/survey.hpp"
#include "rotation/user_work.hpp"

namespace rekeyer::rotation {
namespace {

AccountOutcome begin(const AccountTarget& target) {
  AccountOutcome outcome;
  outcome.id = target.id;
  outcome.name = target.name;
  outcome.email = target.email;
  return outcome;
}

void fail_account(AccountOutcome& outcome, const Error& error) {
  const bool denied = error.kind == ErrorKind::access_denied;
  outcome.status = denied ? AccountStatus::denied : AccountStatus::failed;
  outcome.reason = describe(error);
  log::warn(denied ? "account denied" : "account failed", {{"account", outcome.id.str()}, {"error", outcome.reason}});
}

bool all_exempt(const policy::UserDecision& decision) {
  return !decision.keys.empty() &&
         std::ranges::all_of(decision.keys, [](const auto& key) { return key.action == policy::Action::exempt; });
}

/// Of a secret whose user is gone, as it seemed.
ActionOutcome row_of_leftover(const AccountId& account, UserName user, const StepResult& result) {
  return user_row(account, std::move(user), policy::Action::remove, result.reason.value_or(RunReason::user_gone),
                  result.status, result.detail);
}

/// Keeps the account's oldest active keys.
void note_ages(const SurveyedUser& user, AccountOutcome& outcome) {
  constexpr std::size_t kept = 5;
  for (const auto& key : user.facts.keys) {
    if (key.status != KeyStatus::active || key.created == Instant{}) continue;
    const bool named = key.id.str().find(' ') == std::string::npos;  // not "slot 1"
    outcome.oldest.push_back({user.facts.user, named ? key.id : AccessKeyId(), key.created});
  }
  std::ranges::sort(outcome.oldest, [](const OldKey& a, const OldKey& b) {
    return std::tie(a.created, a.user, a.key) < std::tie(b.created, b.user, b.key);
  });
  if (outcome.oldest.size() > kept) outcome.oldest.resize(kept);
}

/// In each rotation period a key is rotated, deactivated and deleted, each on a day of its own.
double turns_a_year(const SurveyedUser& user) {
  constexpr double steps = 3;
  const auto& keys = user.facts.keys;
  const bool lives = std::ranges::find(keys, KeyStatus::active, &policy::KeyFacts::status) != keys.end();
  const std::chrono::duration<double, std::chrono::days::period> period = user.rules.rotation_period.value;
  return lives && period.count() > 0 ? steps * 365 / period.count() : 0;
}

/// Whom the survey found to be looked at.
struct Candidates {
  std::vector<UserContext> to_look_at;  ///< to be warned, told, recorded or understood
  std::vector<DueUser> due;
};

/// Somebody with something to change; nothing for others.
std::optional<DueUser> due_user(const policy::UserDecision& decision) {
  std::optional<DueUser> user;
  for (const auto& key : decision.keys) {
    if (!is_change(key.action)) continue;
    // What a run left in the middle is settled first, however much waits: a key may be active without a stored secret.
    const auto since = key.action == policy::Action::recover ? Instant::min() : key.due.value_or(Instant{});
    if (user && user->since <= since) continue;
    user.emplace(DueUser{{}, key.action, key.reason, key.due, since});
  }
  return user;
}

/// Decides on the cheap picture: who is quiet or exempt is only counted, the rest is looked at closely.
Candidates pick_candidates(const RunContext& run, AccountSurvey& survey, AccountOutcome& outcome) {
  Candidates candidates;
  const auto now = run.decision_time();
  double turns = 0;
  const bool forced = run.options.force.rotate || run.options.force.deactivate_now;
  for (auto& user : survey.users) {
    ++outcome.users;
    if (run.options.tends_secrets_only()) {
      const bool wanted = run.options.relock ? user.may_have_secret : user.unproved;
      if (wanted) candidates.to_look_at.push_back(std::move(user.context));
      continue;
    }
    const auto decision = policy::decide(user.facts, user.rules, run.options.force, now, policy::Words::left_out);
    const auto news = policy::pending_notices(user.facts, user.rules, decision, run.settings.notices, now);
    const bool exempt = all_exempt(decision);
    if (exempt && !user.look_closer && news.empty()) {
      ++outcome.exempt;
      const auto& first = decision.keys.front();
      outcome.actions.push_back(user_row(outcome.id, user.facts.user, policy::Action::exempt, first.reason,
                                         ActionStatus::held, first.detail));
      outcome.actions.back().due = first.due;
      continue;
    }
    note_ages(user, outcome);
    if (!exempt) turns += turns_a_year(user);
    if (decision.quiet() && news.empty() && !user.look_closer && !forced && !run.options.list_quiet) {
      ++outcome.quiet;
      continue;
    }
    if (auto due = due_user(decision)) {
      due->context = std::move(user.context);
      candidates.due.push_back(std::move(*due));
    } else {
      candidates.to_look_at.push_back(std::move(user.context));
    }
  }
  // A relocking run says by its rows where something is to be written.
  outcome.looked_at = run.options.relock ? 0 : candidates.to_look_at.size();
  outcome.turns_a_year = static_cast<std::size_t>(std::lround(turns));
  return candidates;
}

void add_findings(const RunContext& run, const AccountTarget& target, const AccountSurvey& survey,
                  AccountOutcome& outcome) {
  if (survey.root_key_active && !run.options.tends_secrets_only()) {
    outcome.actions.push_back(user_row(
        outcome.id, UserName("<root_account>"), policy::Action::warn, RunReason::root_key_active, ActionStatus::held,
        "the root user has an active access key; rekeyer never touches it: delete it by hand"));
  }
  // A name mistyped in an emergency must not look like success.
  const bool required = target.users_required || run.options.force.rotate;
  if (!required) return;
  for (const auto& user : survey.missing_users) {
    outcome.actions.push_back(user_row(outcome.id, user, policy::Action::hold, RunReason::user_not_found,
                                       ActionStatus::failed, "named, and not there"));
  }
}

/// What planning does where applying would act. Holds nothing that could change anything (I6).
struct PlanSteps {
  using Access = ReadAccess;
  ReadGateway& gateway;
  const RunContext& run;

  ResultTask<std::unique_ptr<Access>> open(AccountId account) const {
    return gateway.open_for_reading(std::move(account));
  }
  Task<std::vector<ActionOutcome>> secret_of_gone_user(Access& access, AccountId account, NamedSecret orphaned) const {
    if (run.options.relock) {
      auto relocked = co_await plan_relock_of_gone(access, run, std::move(account), std::move(orphaned));
      co_return std::move(relocked.actions);
    }
    const auto seen = co_await look_at_leftover(access, run.settings, run.clock.now(), account, orphaned);
    if (seen) {
      co_return std::vector{user_row(account, orphaned.user, policy::Action::remove, RunReason::user_gone,
                                     ActionStatus::planned,
                                     fmt::format("secret {} of a user that is gone", orphaned.secret.name))};
    }
    const auto& why = seen.error();
    co_return std::vector{
        row_of_leftover(account, orphaned.user, why.done() ? step_held(RunReason::user_gone, why.detail) : why)};
  }
  Task<UserOutcome> user(Access& access, UserContext context) const {
    if (run.options.relock) return plan_relock(access, run, std::move(context));
    if (run.options.adopt_before) return plan_adoption(access, run, std::move(context));
    return plan_user(access, run, std::move(context));
  }
};

struct ApplySteps {
  using Access = WriteAccess;
  WriteGateway& gateway;
  const RunContext& run;

  ResultTask<std::unique_ptr<Access>> open(AccountId account) const {
    return gateway.open_for_writing(std::move(account));
  }
  Task<std::vector<ActionOutcome>> secret_of_gone_user(Access& access, AccountId account, NamedSecret orphaned) const {
    if (run.options.relock) {
      auto relocked = co_await apply_relock_of_gone(access, run, std::move(account), std::move(orphaned));
      co_return std::move(relocked.actions);
    }
    KeyRetirer retirer(access, run.settings, run.clock);
    const auto removed = co_await retirer.remove_secret(account, orphaned);
    co_return std::vector{row_of_leftover(account, orphaned.user, removed)};
  }
  Task<UserOutcome> user(Access& access, UserContext context) const {
    if (run.options.relock) return apply_relock(access, run, std::move(context));
    if (run.options.adopt_before) return apply_adoption(access, run, std::move(context));
    return apply_user(access, run, std::move(context));
  }
};

template <class Steps>
class Visit final : public AccountVisit {
 public:
  Visit(Steps steps, const RunContext& run, const AccountTarget& target)
      : AccountVisit(begin(target)), steps_(std::move(steps)), run_(run) {}

  Task<void> look(AccountTarget target) {
    auto access = co_await steps_.open(target.id);
    if (!access) {
      fail_account(outcome, access.error());
      co_return;
    }
    access_ = std::move(*access);
    if (const auto why = run_.options.relock ? relock_refused(*access_, run_.settings, target.id) : std::nullopt) {
      fail_account(outcome, Error{ErrorKind::rejected, *why, {}, {}, {}});
      co_return;
    }
    surveyed_ = run_.clock.now();
    auto survey = co_await survey_account(*access_, run_.settings, target, run_.decision_time());
    if (!survey) {
      fail_account(outcome, survey.error());
      co_return;
    }
    add_findings(run_, target, *survey, outcome);
    note_named(target, *survey);
    if (run_.options.relock && !relocks_here()) {
      outcome.users = survey->users.size();
      co_return;
    }
    if (!run_.options.tends_secrets_only()) note_fitting(*survey);
    auto candidates = pick_candidates(run_, *survey, outcome);
    due = std::move(candidates.due);
    to_look_at_ = std::move(candidates.to_look_at);
    if (!run_.options.adopt_before) orphaned_ = std::move(survey->orphaned_secrets);
  }

  Task<void> settle() override {
    co_await know_groups();
    for (auto& orphaned : std::exchange(orphaned_, {})) {
      if (run_.stop.requested()) break;
      auto done = co_await steps_.secret_of_gone_user(*access_, outcome.id, std::move(orphaned));
      outcome.actions.insert(outcome.actions.end(), std::make_move_iterator(done.begin()),
                             std::make_move_iterator(done.end()));
    }
    co_await work_off(std::exchange(to_look_at_, {}));
  }

  Task<std::vector<UserName>> users_there() override {
    std::vector<UserName> there;
    if (!access_) co_return there;
    if (run_.settings.discovery == Discovery::direct) {
      const auto users = co_await access_->iam().list_users();
      if (users) std::ranges::transform(*users, std::back_inserter(there), &aws::User::name);
    } else {
      const auto details = co_await access_->iam().user_details();
      if (details) {
        std::ranges::transform(*details, std::back_inserter(there),
                               [](const auto& detail) { return detail.user.name; });
      }
    }
    co_return there;
  }

  Task<void> change(std::vector<DueUser> users) override {
    std::vector<UserContext> contexts;
    for (auto& user : users) contexts.push_back(std::move(user.context));
    co_await know_groups();
    co_await work_off(std::move(contexts));
  }

 private:
  Task<void> know_groups() {
    if (access_ && run_.clock.now() - surveyed_ > standing_is_good_for) {
      groups_now_ = co_await read_memberships(*access_, run_.settings, false);
    }
  }

  /// Is there something to relock in this account, after all that the survey found?
  bool relocks_here() const {
    if (has_locks(*access_, run_.settings, outcome.id)) return true;
    log::warn("secrets of this account have no lock: whoever changes them is not named under [store] writers",
              {{"account", outcome.id.str()}});
    return false;
  }

  void note_fitting(const AccountSurvey& survey) {
    Fitting fitting(run_.settings.policy);
    for (const auto& user : survey.users) fitting.look_at(user.context.subject);
    outcome.fitting = fitting.found();
  }

  void note_named(const AccountTarget& target, const AccountSurvey& survey) {
    missing = survey.missing_users;
    required = target.users_required;
    for (const auto& user : target.users) {
      if (std::ranges::find(missing, user) == missing.end()) found.push_back(user);
    }
  }

  Task<void> work_off(std::vector<UserContext> users) {
    co_await for_each_bounded(users, run_.settings.limits.users_per_account,
                              [this](UserContext& user) { return work_on(std::move(user)); });
  }

  Task<void> work_on(UserContext user) {
    if (run_.stop.requested()) {
      outcome.actions.push_back(user_row(outcome.id, user.subject.user, policy::Action::hold, RunReason::interrupted,
                                         ActionStatus::held, "the run was stopped before this user"));
      co_return;
    }
    if (groups_now_) user = co_await read_standing(*access_, run_.settings, *groups_now_, std::move(user));
    auto [rows, notices] = co_await steps_.user(*access_, std::move(user));
    count(rows);
    outcome.actions.insert(outcome.actions.end(), std::make_move_iterator(rows.begin()),
                           std::make_move_iterator(rows.end()));
    if (notices) outcome.notices.push_back(std::move(*notices));
  }

  /// Whoever turned out to have nothing due, or to be exempt, on the closer look.
  void count(const std::vector<ActionOutcome>& rows) {
    const auto all = [&](policy::Action action) {
      return std::ranges::all_of(rows, [&](const ActionOutcome& r) { return r.action == action; });
    };
    if (all(policy::Action::keep)) {
      ++outcome.quiet;
    } else if (all(policy::Action::exempt)) {
      ++outcome.exempt;
    }
  }

  Steps steps_;
  const RunContext& run_;
  std::unique_ptr<typename Steps::Access> access_;
  Instant surveyed_{};
  std::vector<UserContext> to_look_at_;
  std::vector<NamedSecret> orphaned_;
  std::optional<Memberships> groups_now_;  ///< read again where the survey is too long ago to change anything by it
};

template <class Steps>
Task<std::shared_ptr<AccountVisit>> visit_account(Steps steps, const RunContext& run, AccountTarget target) {
  const auto visit = std::make_shared<Visit<Steps>>(std::move(steps), run, target);
  co_await visit->look(std::move(target));
  co_return visit;
}

}  // namespace

void AccountVisit::hold(const DueUser& user, RunReason reason) {
  const auto& name = user.context.subject.user;
  if (reason == RunReason::interrupted) {
    outcome.actions.push_back(user_row(outcome.id, name, policy::Action::hold, reason, ActionStatus::held,
                                       "the run was stopped before this user"));
    return;
  }
  outcome.actions.push_back(
      user_row(outcome.id, name, user.action, reason, ActionStatus::held,
               fmt::format("{}; those that are due for longer go first", policy::name(user.reason))));
  outcome.actions.back().due = user.due;
}

AccountOutcome AccountVisit::finish() {
  std::ranges::sort(outcome.actions, [](const ActionOutcome& a, const ActionOutcome& b) {
    return std::tie(a.user, a.key, a.action) < std::tie(b.user, b.key, b.action);
  });
  std::ranges::sort(outcome.notices, {}, [](const UserNotices& told) { return told.subject.user; });
  for (auto& notices : outcome.notices) {
    notices.account_name = outcome.name;
    notices.account_email = outcome.email;
  }
  return std::move(outcome);
}

Task<std::shared_ptr<AccountVisit>> PlanVisitor::visit(AccountTarget target) {
  return visit_account(PlanSteps{gateway_, run_}, run_, std::move(target));
}

Task<std::shared_ptr<AccountVisit>> ApplyVisitor::visit(AccountTarget target) {
  return visit_account(ApplySteps{gateway_, run_}, run_, std::move(target));
}

}  // namespace rekeyer::rotation
