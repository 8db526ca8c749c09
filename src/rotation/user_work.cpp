#include "rotation/user_work.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "rotation/issue.hpp"
#include "rotation/retire.hpp"

namespace rekeyer::rotation {
namespace {

ActionOutcome outcome_of(const policy::UserFacts& facts, const policy::KeyDecision& decision, Mode mode) {
  ActionOutcome outcome;
  outcome.account = facts.account;
  outcome.user = facts.user;
  outcome.key = decision.key;
  outcome.action = decision.action;
  outcome.reason = policy::name(decision.reason);
  outcome.due = decision.due;
  outcome.detail = decision.detail;
  switch (decision.action) {
    case policy::Action::hold:
    case policy::Action::exempt: outcome.status = ActionStatus::held; break;
    case policy::Action::keep:
    case policy::Action::warn: outcome.status = mode == Mode::plan ? ActionStatus::planned : ActionStatus::done; break;
    case policy::Action::rotate:
    case policy::Action::deactivate:
    case policy::Action::remove:
    case policy::Action::recover: outcome.status = ActionStatus::planned; break;
  }
  return outcome;
}

bool changes_something(const policy::UserDecision& decision) {
  return std::ranges::any_of(decision.keys, [](const auto& key) { return is_change(key.action); });
}

std::vector<ActionOutcome> unreadable(const policy::Subject& subject, const Error& error) {
  ActionOutcome outcome;
  outcome.account = subject.account;
  outcome.user = subject.user;
  outcome.action = policy::Action::hold;
  outcome.reason = "unreadable";
  outcome.status = ActionStatus::failed;
  outcome.detail = describe(error);
  return {std::move(outcome)};
}

void hold_changes(std::vector<ActionOutcome>& outcomes, const std::string& reason) {
  for (auto& outcome : outcomes) {
    if (!is_change(outcome.action)) continue;
    outcome.status = ActionStatus::held;
    outcome.reason = reason;
  }
}

void set(ActionOutcome& outcome, const StepResult& result) {
  outcome.status = result.done ? ActionStatus::done : result.held ? ActionStatus::held : ActionStatus::failed;
  if (!result.reason.empty()) outcome.reason = result.reason;
  if (!result.detail.empty()) outcome.detail = result.detail;
  const auto& verb = policy::name(outcome.action);
  if (result.done) {
    log::info(verb, {{"account", outcome.account.str()},
                     {"user", outcome.user.str()},
                     {"key", outcome.key.str()},
                     {"reason", outcome.reason},
                     {"detail", outcome.detail}});
  } else {
    log::warn("not done", {{"action", std::string(verb)},
                           {"account", outcome.account.str()},
                           {"user", outcome.user.str()},
                           {"key", outcome.key.str()},
                           {"reason", outcome.reason},
                           {"detail", outcome.detail}});
  }
}

/// The steps of one decision on one state.
class UserSteps {
 public:
  UserSteps(WriteAccess& access, const RunContext& run, UserState state, policy::UserDecision decision)
      : issuer_(access, run.settings, run.clock, run.options.run),
        retirer_(access, run.settings, run.clock),
        state_(std::move(state)),
        decision_(std::move(decision)) {}

  /// One recovery settles the user's intent, whatever number of keys it concerned.
  Task<bool> recover(std::vector<ActionOutcome>& outcomes) {
    const auto result = co_await issuer_.recover(state_);
    for (auto& outcome : outcomes) {
      if (outcome.action == policy::Action::recover) set(outcome, result);
    }
    co_return result.done;
  }

  /// Retirements, then the record, then a rotation (the decision never asks for a retirement of an active key beside
  /// one).
  Task<bool> run(std::vector<ActionOutcome>& outcomes) {
    auto custody = decision_.custody;
    bool rotated = false;
    ActionOutcome* rotation = nullptr;
    for (auto& outcome : outcomes) {
      if (outcome.action == policy::Action::deactivate) {
        const auto result = co_await retirer_.deactivate(state_, outcome.key, custody);
        set(outcome, result);
      } else if (outcome.action == policy::Action::remove) {
        const auto result = co_await retirer_.remove(state_, outcome.key, custody);
        set(outcome, result);
      } else if (outcome.action == policy::Action::rotate) {
        rotation = &outcome;
      }
    }
    if (rotation != nullptr) {
      const auto result = co_await issuer_.rotate(state_, rotation->key);  // records custody itself
      set(*rotation, result);
      rotated = result.done;
    } else if (may_record()) {
      const auto recorded = co_await retirer_.record(state_, custody);
      if (!recorded) add_record_failure(outcomes, recorded.error());
    }
    co_return rotated;
  }

 private:
  /// Nothing is written while another run is at work, for users that are exempt, or where the intent can't be read.
  bool may_record() const {
    return !state_.facts.intent && !state_.facts.intent_unreadable && !state_.facts.exemption &&
           !state_.facts.exemption_unreadable;
  }

  void add_record_failure(std::vector<ActionOutcome>& outcomes, const Error& error) const {
    ActionOutcome outcome;
    outcome.account = state_.facts.account;
    outcome.user = state_.facts.user;
    outcome.action = policy::Action::hold;
    outcome.reason = "not_recorded";
    outcome.status = ActionStatus::failed;
    outcome.detail = describe(error);
    outcomes.push_back(std::move(outcome));
  }

  KeyIssuer issuer_;
  KeyRetirer retirer_;
  UserState state_;
  policy::UserDecision decision_;
};

struct Looked {
  UserState state;
  policy::UserDecision decision;
};

/// Fresh facts and the decision on them.
ResultTask<Looked> look(ReadAccess& access, const RunContext& run, UserContext user, policy::Force force) {
  auto state = co_await read_user(access, run.settings, std::move(user), run.decision_time());
  if (!state) co_return fail(state.error());
  auto decision = policy::decide(state->facts, state->rules, force, run.decision_time());
  co_return Looked{std::move(*state), std::move(decision)};
}

void append(std::vector<ActionOutcome>& all, std::vector<ActionOutcome> more) {
  all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

/// After an emergency rotation: the old key is retired at once, on a fresh look.
Task<std::vector<ActionOutcome>> deactivate_now(WriteAccess& access, const RunContext& run, UserContext user) {
  policy::Force force;
  force.deactivate_now = true;
  auto looked = co_await look(access, run, user, force);
  if (!looked) co_return unreadable(user.subject, looked.error());
  auto outcomes = outcomes_of(looked->state.facts, looked->decision, Mode::apply, false);
  UserSteps steps(access, run, std::move(looked->state), std::move(looked->decision));
  co_await steps.run(outcomes);
  std::erase_if(outcomes, [](const ActionOutcome& outcome) { return outcome.action == policy::Action::warn; });
  co_return outcomes;
}

}  // namespace

std::vector<ActionOutcome> outcomes_of(const policy::UserFacts& facts, const policy::UserDecision& decision, Mode mode,
                                       bool list_quiet) {
  std::vector<ActionOutcome> outcomes;
  for (const auto& key : decision.keys) {
    if (key.action == policy::Action::keep && !list_quiet) continue;
    outcomes.push_back(outcome_of(facts, key, mode));
  }
  return outcomes;
}

Task<std::vector<ActionOutcome>> plan_user(ReadAccess& access, const RunContext& run, UserContext user) {
  const auto looked = co_await look(access, run, user, run.options.force);
  if (!looked && looked.error().kind == ErrorKind::not_found) co_return std::vector<ActionOutcome>{};
  if (!looked) co_return unreadable(user.subject, looked.error());
  auto outcomes = outcomes_of(looked->state.facts, looked->decision, Mode::plan, run.options.list_quiet);
  if (changes_something(looked->decision)) {
    if (const auto limit = run.budget.take(user.subject.account)) hold_changes(outcomes, *limit);
  }
  co_return outcomes;
}

Task<std::vector<ActionOutcome>> apply_user(WriteAccess& access, const RunContext& run, UserContext user) {
  std::vector<ActionOutcome> all;
  bool budgeted = false;
  // A recovery settles what an earlier run left; the second round then does what is due.
  for (int round = 0; round < 2; ++round) {
    auto looked = co_await look(access, run, user, run.options.force);
    if (!looked && looked.error().kind == ErrorKind::not_found) co_return all;
    if (!looked) {
      append(all, unreadable(user.subject, looked.error()));
      co_return all;
    }
    auto outcomes = outcomes_of(looked->state.facts, looked->decision, Mode::apply, run.options.list_quiet);
    if (changes_something(looked->decision) && !budgeted) {
      const auto limit = run.budget.take(user.subject.account);
      if (limit) {
        hold_changes(outcomes, *limit);
        append(all, std::move(outcomes));
        co_return all;
      }
      budgeted = true;
    }
    const bool recovers = std::ranges::any_of(
        outcomes, [](const ActionOutcome& outcome) { return outcome.action == policy::Action::recover; });
    UserSteps steps(access, run, std::move(looked->state), std::move(looked->decision));
    if (recovers) {
      const bool settled = co_await steps.recover(outcomes);
      if (settled) {  // what waited for it is decided anew below
        std::erase_if(outcomes, [](const auto& outcome) { return outcome.action != policy::Action::recover; });
      }
      append(all, std::move(outcomes));
      if (!settled) co_return all;
      continue;
    }
    const bool rotated = co_await steps.run(outcomes);
    append(all, std::move(outcomes));
    if (rotated && run.options.force.deactivate_now) {
      auto retired = co_await deactivate_now(access, run, user);
      append(all, std::move(retired));
    }
    co_return all;
  }
  co_return all;
}

}  // namespace rekeyer::rotation
