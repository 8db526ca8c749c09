#include "rotation/account_visit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <tuple>

#include "base/log.hpp"
#include "base/signal.hpp"
#include "policy/announcement.hpp"
#include "rotation/retire.hpp"
#include "rotation/survey.hpp"
#include "rotation/turns.hpp"
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

struct Candidate {
  UserContext user;
  Instant due{};  ///< the earliest thing that is due; oldest first when limits bite
};

bool all_exempt(const policy::UserDecision& decision) {
  return !decision.keys.empty() &&
         std::ranges::all_of(decision.keys, [](const auto& key) { return key.action == policy::Action::exempt; });
}

ActionOutcome row(const AccountId& account, UserName user, policy::Action action, std::string reason,
                  ActionStatus status, std::string detail) {
  ActionOutcome outcome;
  outcome.account = account;
  outcome.user = std::move(user);
  outcome.action = action;
  outcome.reason = std::move(reason);
  outcome.status = status;
  outcome.detail = std::move(detail);
  return outcome;
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

/// Decides on the cheap picture: who is quiet or exempt is only counted, the rest is looked at closely.
std::vector<Candidate> pick_candidates(const RunContext& run, AccountSurvey& survey, AccountOutcome& outcome) {
  std::vector<Candidate> candidates;
  const auto now = run.decision_time();
  for (auto& user : survey.users) {
    ++outcome.users;
    const auto decision = policy::decide(user.facts, user.rules, run.options.force, now);
    const auto news = policy::pending_notices(user.facts, user.rules, decision, run.settings.notices, now);
    const bool forced = run.options.force.rotate || run.options.force.deactivate_now;
    if (all_exempt(decision) && !user.look_closer && news.empty()) {
      ++outcome.exempt;
      const auto& first = decision.keys.front();
      outcome.actions.push_back(row(outcome.id, user.facts.user, policy::Action::exempt,
                                    std::string(name(first.reason)), ActionStatus::held, first.detail));
      outcome.actions.back().due = first.due;
      continue;
    }
    note_ages(user, outcome);
    if (decision.quiet() && news.empty() && !user.look_closer && !forced && !run.options.list_quiet) {
      ++outcome.quiet;
      continue;
    }
    Candidate candidate;
    candidate.due = Instant::max();
    for (const auto& key : decision.keys) {
      if (is_change(key.action) && key.due) candidate.due = std::min(candidate.due, *key.due);
    }
    candidate.user = std::move(user.context);
    candidates.push_back(std::move(candidate));
  }
  std::ranges::sort(candidates, [](const Candidate& a, const Candidate& b) {
    return std::tie(a.due, a.user.subject.user) < std::tie(b.due, b.user.subject.user);
  });
  return candidates;
}

void add_findings(const RunContext& run, const AccountTarget& target, const AccountSurvey& survey,
                  AccountOutcome& outcome) {
  if (survey.root_key_active) {
    outcome.actions.push_back(
        row(outcome.id, UserName("<root_account>"), policy::Action::warn, "root_key_active", ActionStatus::held,
            "the root user has an active access key; rekeyer never touches it: delete it by hand"));
  }
  // A name mistyped in an emergency must not look like success.
  const bool required = target.users_required || run.options.force.rotate;
  if (!required) return;
  for (const auto& user : survey.missing_users) {
    outcome.actions.push_back(
        row(outcome.id, user, policy::Action::hold, "user_not_found", ActionStatus::failed, "named, and not there"));
  }
}

using UserWork = std::function<Task<UserOutcome>(UserContext, Turn)>;

/// Works on the candidates, a few at a time, oldest first.
class CandidateQueue {
 public:
  CandidateQueue(const RunContext& run, std::vector<Candidate> candidates, AccountOutcome& outcome, UserWork work)
      : run_(run),
        candidates_(std::move(candidates)),
        turns_(make_turns(candidates_.size())),
        outcome_(outcome),
        work_(std::move(work)) {}

  Task<void> work_off() {
    const auto workers = std::min(candidates_.size(), run_.settings.limits.users_per_account);
    co_await run_workers(workers, [this](std::size_t) { return worker(); });
    std::ranges::sort(outcome_.actions, [](const ActionOutcome& a, const ActionOutcome& b) {
      return std::tie(a.user, a.key, a.action) < std::tie(b.user, b.key, b.action);
    });
    std::ranges::sort(outcome_.notices, {}, [](const UserNotices& told) { return told.subject.user; });
  }

 private:
  Task<void> worker() {
    while (next_ < candidates_.size()) {
      Turn turn(turns_, next_);
      auto& candidate = candidates_[next_++];
      if (run_.stop.requested()) {
        outcome_.actions.push_back(row(outcome_.id, candidate.user.subject.user, policy::Action::hold, "interrupted",
                                       ActionStatus::held, "the run was stopped before this user"));
        turn.pass();
        continue;
      }
      auto [rows, notices] = co_await work_(std::move(candidate.user), turn);
      turn.pass();
      count(rows);
      outcome_.actions.insert(outcome_.actions.end(), std::make_move_iterator(rows.begin()),
                              std::make_move_iterator(rows.end()));
      if (notices) outcome_.notices.push_back(std::move(*notices));
    }
  }

  /// Whoever turned out to have nothing due, or to be exempt, on the closer look.
  void count(const std::vector<ActionOutcome>& rows) {
    const auto all = [&](policy::Action action) {
      return std::ranges::all_of(rows, [&](const ActionOutcome& r) { return r.action == action; });
    };
    if (all(policy::Action::keep)) {
      ++outcome_.quiet;
    } else if (all(policy::Action::exempt)) {
      ++outcome_.exempt;
    }
  }

  const RunContext& run_;
  std::vector<Candidate> candidates_;
  std::shared_ptr<Turns> turns_;
  AccountOutcome& outcome_;
  UserWork work_;
  std::size_t next_ = 0;
};

/// What planning does where applying would act. Holds nothing that could change anything (I6).
struct PlanSteps {
  using Access = ReadAccess;
  ReadGateway& gateway;
  const RunContext& run;

  ResultTask<std::unique_ptr<Access>> open(AccountId account) const {
    return gateway.open_for_reading(std::move(account));
  }
  Task<ActionOutcome> secret_of_gone_user(Access&, AccountId account, OrphanedSecret orphaned) const {
    co_return row(account, orphaned.user, policy::Action::remove, "user_gone", ActionStatus::planned,
                  fmt::format("secret {} of a user that is gone", orphaned.secret.name));
  }
  Task<UserOutcome> user(Access& access, UserContext context, Turn turn) const {
    return plan_user(access, run, std::move(context), std::move(turn));
  }
};

struct ApplySteps {
  using Access = WriteAccess;
  WriteGateway& gateway;
  const RunContext& run;

  ResultTask<std::unique_ptr<Access>> open(AccountId account) const {
    return gateway.open_for_writing(std::move(account));
  }
  Task<ActionOutcome> secret_of_gone_user(Access& access, AccountId account, OrphanedSecret orphaned) const {
    KeyRetirer retirer(access, run.settings, run.clock);
    const auto removed = co_await retirer.remove_secret(account, orphaned.user, orphaned.secret);
    const auto status = removed.done ? ActionStatus::done : removed.held ? ActionStatus::held : ActionStatus::failed;
    co_return row(account, orphaned.user, policy::Action::remove, removed.reason.empty() ? "user_gone" : removed.reason,
                  status, removed.detail);
  }
  Task<UserOutcome> user(Access& access, UserContext context, Turn turn) const {
    return apply_user(access, run, std::move(context), std::move(turn));
  }
};

template <class Steps>
Task<AccountOutcome> visit_account(Steps steps, const RunContext& run, AccountTarget target) {
  auto outcome = begin(target);
  const auto access = co_await steps.open(target.id);
  if (!access) {
    fail_account(outcome, access.error());
    co_return outcome;
  }
  typename Steps::Access& opened = **access;
  auto survey = co_await survey_account(opened, run.settings, target, run.decision_time());
  if (!survey) {
    fail_account(outcome, survey.error());
    co_return outcome;
  }
  add_findings(run, target, *survey, outcome);
  auto candidates = pick_candidates(run, *survey, outcome);
  for (auto& orphaned : survey->orphaned_secrets) {
    if (run.stop.requested()) break;
    auto done = co_await steps.secret_of_gone_user(opened, target.id, std::move(orphaned));
    outcome.actions.push_back(std::move(done));
  }
  outcome.looked_at = candidates.size();
  const UserWork work = [&](UserContext user, Turn turn) {
    return steps.user(opened, std::move(user), std::move(turn));
  };
  CandidateQueue queue(run, std::move(candidates), outcome, work);
  co_await queue.work_off();
  for (auto& notices : outcome.notices) {
    notices.account_name = target.name;
    notices.account_email = target.email;
  }
  co_return outcome;
}

}  // namespace

Task<AccountOutcome> PlanVisitor::visit(AccountTarget target) {
  return visit_account(PlanSteps{gateway_, run_}, run_, std::move(target));
}

Task<AccountOutcome> ApplyVisitor::visit(AccountTarget target) {
  return visit_account(ApplySteps{gateway_, run_}, run_, std::move(target));
}

}  // namespace rekeyer::rotation
