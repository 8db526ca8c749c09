#include "rotation/user_work.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "policy/announcement.hpp"
#include "policy/change_order.hpp"
#include "policy/intent.hpp"
#include "policy/match.hpp"
#include "policy/pending_notices.hpp"
#include "policy/transitions.hpp"
#include "rotation/adopt.hpp"
#include "rotation/identity.hpp"
#include "rotation/issue.hpp"
#include "rotation/recover.hpp"
#include "rotation/retire.hpp"

namespace rekeyer::rotation {
namespace {

ActionOutcome outcome_of(const policy::UserFacts& facts, const policy::KeyDecision& decision, Mode mode) {
  ActionOutcome outcome;
  outcome.account = facts.account;
  outcome.user = facts.user;
  outcome.key = decision.key;
  outcome.action = decision.action;
  outcome.reason = decision.reason;
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
    case policy::Action::recover:
    case policy::Action::adopt:
    case policy::Action::relock: outcome.status = ActionStatus::planned; break;
  }
  // No run may touch the user until a person has looked: not a wait that ends by itself.
  if (decision.reason == policy::Reason::intent_unreadable) outcome.status = ActionStatus::failed;
  if (decision.reason == policy::Reason::owner_denied) outcome.status = ActionStatus::failed;
  if (decision.reason == policy::Reason::not_ours) outcome.status = ActionStatus::failed;
  if (decision.reason == policy::Reason::replica_behind && facts.copies_failed) outcome.status = ActionStatus::failed;
  return outcome;
}

std::vector<ActionOutcome> unreadable(const policy::Subject& subject, const Error& error) {
  OutcomeReason reason = RunReason::unreadable;
  if (error.kind == ErrorKind::conflict) reason = policy::Reason::not_ours;  // the secret is another user's
  return {user_row(subject.account, subject.user, policy::Action::hold, reason, ActionStatus::failed, describe(error))};
}

void hold_changes(std::vector<ActionOutcome>& outcomes, RunReason reason) {
  for (auto& outcome : outcomes) {
    if (!policy::is_change(outcome.action)) continue;
    outcome.status = ActionStatus::held;
    outcome.reason = reason;
  }
}

void set(ActionOutcome& outcome, const StepResult& result) {
  outcome.status = result.status;
  if (result.reason) outcome.reason = *result.reason;
  if (!result.detail.empty()) outcome.detail = result.detail;
  const auto& verb = policy::name(outcome.action);
  if (result.done()) {
    log::info(verb, {{"account", outcome.account.str()},
                     {"user", outcome.user.str()},
                     {"key", outcome.key.str()},
                     {"reason", std::string(name(outcome.reason))},
                     {"detail", outcome.detail}});
  } else {
    log::warn("not done", {{"action", std::string(verb)},
                           {"account", outcome.account.str()},
                           {"user", outcome.user.str()},
                           {"key", outcome.key.str()},
                           {"reason", std::string(name(outcome.reason))},
                           {"detail", outcome.detail}});
  }
}

/// What there is to tell the user's owner in that state, as it is after all that was done, or planned. `removed` was
/// deleted just now.
std::optional<UserNotices> notices_of(const RunContext& run, const UserContext& user, const UserState& state,
                                      const std::vector<AccessKeyId>& removed) {
  const auto& settings = run.settings;
  // Nobody is told by a record that is not believed: it would be the same news each day.
  const bool believed = !state.facts.not_ours && state.trust.state != Trust::State::adoptable;
  if (!settings.notices.enabled || !believed) return std::nullopt;
  const auto now = run.decision_time();
  const auto decision = policy::decide(state.facts, state.rules, {}, now);
  UserNotices told;
  told.notices = policy::pending_notices(state.facts, state.rules, decision, settings.notices, now);
  policy::add_deleted(removed, told.notices);
  if (told.notices.empty() && !policy::changes_something(decision)) return std::nullopt;
  told.subject = user.subject;
  told.rules = state.rules;
  told.read = state.facts.notices;
  told.record = policy::still_of_interest(state.facts.notices, state.facts, now);
  for (const auto& key : state.facts.keys) {
    const auto* record = decision.custody.find(key.id);
    if (record != nullptr && record->phase == policy::KeyPhase::current) told.current_key = key.id;
  }
  told.secret = state.place.name;
  if (state.secret) told.secret_arn = state.secret->arn;
  told.secret_region = settings.store.region;
  told.decided = now;
  return told;
}

/// The steps of one decision on one state.
class UserSteps {
 public:
  UserSteps(WriteAccess& access, const RunContext& run, UserState state, policy::UserDecision decision)
      : access_(access),
        issuer_(access, run.settings, run.clock, run.options.run),
        recoverer_(access, run.settings, run.clock, run.options.run),
        retirer_(access, run.settings, run.clock),
        secret_(access, run.settings, run.clock),
        clock_(run.clock),
        state_(std::move(state)),
        decision_(std::move(decision)) {}

  /// The intent that this run's recovery left open, for run() to replace or to clear.
  void leave_open(std::optional<policy::Intent> own) { left_open_ = std::move(own); }

  /// One recovery settles the user's intent, whatever number of keys it concerned.
  Task<RecoveryResult> recover(std::vector<ActionOutcome>& outcomes) {
    auto result = co_await recoverer_.recover(state_);
    for (auto& outcome : outcomes) {
      if (outcome.action == policy::Action::recover) set(outcome, result);
    }
    co_return result;
  }

  /// Retirements, then the record, then a rotation (the decision never asks for a retirement of an active key beside
  /// one).
  Task<bool> run(std::vector<ActionOutcome>& outcomes) {
    auto custody = decision_.custody;
    if (rests_on_the_list(outcomes) && !co_await still_the_users(outcomes)) {
      list_is_anothers_ = true;
      co_return false;
    }
    bool rotated = false;
    ActionOutcome* rotation = nullptr;
    for (auto& outcome : outcomes) {
      if (outcome.action == policy::Action::deactivate) {
        const auto result = co_await retirer_.deactivate(state_, outcome.key, custody);
        set(outcome, result);
        if (result.done()) note_inactive(outcome.key);
      } else if (outcome.action == policy::Action::remove) {
        const auto result = co_await retirer_.remove(state_, outcome.key, custody);
        set(outcome, result);
        if (result.done()) removed_.push_back(outcome.key);
      } else if (outcome.action == policy::Action::rotate) {
        rotation = &outcome;
      }
    }
    if (rotation == nullptr && may_record()) co_await order_copies(outcomes);
    bool replaced = false;
    if (rotation != nullptr) {
      const bool asked_for = rotation->reason == policy::Reason::forced;
      const auto result = co_await issuer_.rotate(state_, rotation->key, asked_for);  // records custody itself
      set(*rotation, result);
      rotated = result.done();
      replaced = result.began;
      if (result.issued) state_.facts.keys.push_back(*result.issued);
      if (result.custody) custody = *result.custody;
      if (!state_.secret && result.done()) {
        state_.secret.emplace();
        state_.secret->arn = made_ = result.secret_arn;
      }
    }
    if (left_open_ && !replaced) {
      const auto cleared = co_await recoverer_.clear(state_, custody, *left_open_);
      if (!cleared) add_record_failure(outcomes, cleared.error());
    } else if (rotation == nullptr && may_record()) {
      const auto recorded = co_await retirer_.record(state_, custody);
      if (!recorded) add_record_failure(outcomes, recorded.error());
    }
    take_over(std::move(custody));
    co_return rotated;
  }

  /// The secret that these steps made; empty: none.
  const Arn& made() const { return made_; }

  /// The state after the steps, as far as this run knows, and what of it is news.
  std::optional<UserNotices> notices(const RunContext& run, const UserContext& user) const {
    // Nothing is written on it before it is settled: the date of its last change is evidence. And by another user's
    // keys nobody is told of his own, nor forgotten what he was told.
    if (state_.trust.state == Trust::State::fresh || list_is_anothers_) return std::nullopt;
    return notices_of(run, user, state_, removed_);
  }

 private:
  /// Is anything to be done or recorded that the list of the user's keys, which was asked for by name, is the reason
  /// for? A rotation and a recovery look themselves.
  bool rests_on_the_list(const std::vector<ActionOutcome>& outcomes) const {
    const auto retires = [](const auto& outcome) {
      return outcome.action == policy::Action::deactivate || outcome.action == policy::Action::remove;
    };
    const bool rotates_only = policy::asks_for(decision_, policy::Action::rotate) || left_open_;
    const bool records = !rotates_only && may_record() && retirer_.has_news(state_, decision_.custody);
    return std::ranges::any_of(outcomes, retires) || records;
  }

  /// A name goes from one user to another: the list may be somebody else's than the secret and the rules.
  Task<bool> still_the_users(std::vector<ActionOutcome>& outcomes) {
    const auto who = co_await same_user(access_.iam(), state_.subject);
    if (who) co_return true;
    const auto kind = who.error().kind;
    const bool changed = kind == ErrorKind::conflict || kind == ErrorKind::not_found;
    const auto result = changed
                            ? step_held(RunReason::identity_changed, describe(who.error()) + "; nothing was changed")
                            : step_not_read(who.error());
    for (auto& outcome : outcomes) {
      if (policy::is_change(outcome.action)) set(outcome, result);
    }
    co_return false;
  }

  /// A key waits for a copy that is missing, or that AWS gave up on: until a person has made room there, it is tried
  /// each day.
  Task<void> order_copies(std::vector<ActionOutcome>& outcomes) {
    const auto waits = [](const auto& outcome) { return outcome.reason == policy::Reason::replica_behind; };
    if (!state_.secret || std::ranges::none_of(outcomes, waits)) co_return;
    const auto deadline = aws::SignBefore::at(clock_.now() + std::chrono::minutes{2});
    const auto ordered = co_await secret_.replicate(*state_.secret, deadline);
    if (ordered && !*ordered) co_return;
    const auto words =
        ordered ? std::string("; ordered anew") : "; it can't be ordered anew: " + describe(ordered.error());
    for (auto& outcome : outcomes) {
      if (waits(outcome)) outcome.detail += words;
    }
  }

  /// At once: what comes next looks whether the user's keys are as this run knows them.
  void note_inactive(const AccessKeyId& id) {
    for (auto& key : state_.facts.keys) {
      if (key.id == id) key.status = KeyStatus::inactive;
    }
  }

  void take_over(policy::Custody custody) {
    auto& facts = state_.facts;
    std::erase_if(facts.keys, [&](const auto& key) { return std::ranges::find(removed_, key.id) != removed_.end(); });
    facts.custody = std::move(custody);
    facts.custody_lost = false;
  }

  /// Nor is anything written on a secret that is not settled yet, or that somebody marked for deletion.
  bool may_record() const {
    const bool ours = state_.trust.state == Trust::State::ours || state_.trust.state == Trust::State::unlocked;
    return ours && policy::may_record(state_.facts);
  }

  void add_record_failure(std::vector<ActionOutcome>& outcomes, const Error& error) const {
    const auto& facts = state_.facts;
    outcomes.push_back(user_row(facts.account, facts.user, policy::Action::hold, RunReason::not_recorded,
                                ActionStatus::failed, describe(error)));
  }

  WriteAccess& access_;
  KeyIssuer issuer_;
  KeyRecoverer recoverer_;
  KeyRetirer retirer_;
  SecretSteps secret_;
  Clock& clock_;
  UserState state_;
  policy::UserDecision decision_;
  std::optional<policy::Intent> left_open_;
  std::vector<AccessKeyId> removed_;
  Arn made_;
  bool list_is_anothers_ = false;  ///< or may be: whose name it is by now can't be told
};

struct Looked {
  UserState state;
  policy::UserDecision decision;
};

/// Fresh facts and the decision on them. `own` is an intent of this very run that stands for nothing any more.
ResultTask<Looked> look(ReadAccess& access, const RunContext& run, UserContext user, policy::Force force,
                        const std::optional<policy::Intent>& own = std::nullopt) {
  auto state = co_await read_user(access, run.settings, std::move(user), run.decision_time());
  if (!state) co_return fail(state.error());
  if (own && state->intent_on_record == own) state->facts.intent.reset();
  auto decision = policy::decide(state->facts, state->rules, force, run.decision_time());
  const bool is_void = state->intent_on_record && !state->facts.intent && !own;
  // Where no rotation writes its own in its place, it is cleared like any other.
  if (is_void && !policy::asks_for(decision, policy::Action::rotate)) {
    state->facts.intent = state->intent_on_record;
    decision = policy::decide(state->facts, state->rules, force, run.decision_time());
  }
  co_return Looked{std::move(*state), std::move(decision)};
}

/// Is there anything to tell the user's owner, once the record of what he was told can be believed?
bool has_news(const RunContext& run, const Looked& looked) {
  const auto& rules = run.settings.notices;
  const auto& [state, decision] = looked;
  return rules.enabled &&
         !policy::pending_notices(state.facts, state.rules, decision, rules, run.decision_time()).empty();
}

/// Is something due, or to be told, for a user who is not exempt?
bool may_act(const RunContext& run, const Looked& looked) {
  const auto& facts = looked.state.facts;
  const bool nothing = looked.decision.quiet() && !has_news(run, looked);
  return !nothing && !facts.is_exempt();
}

/// May something be done for the user that needs a secret which is rekeyer's?
bool needs_secret(const RunContext& run, const Looked& looked) {
  return may_act(run, looked) && !looked.state.facts.intent;
}

/// Did a run end before it had proved the secret that it made? Its intent would have each later run look again.
bool was_left_unproved(const RunContext& run, const Looked& looked) {
  const auto* tag = policy::value_of(looked.state.secret->tags, policy::intent_tag);
  const auto intent = tag == nullptr ? std::nullopt : std::optional(policy::parse_intent(*tag));
  const bool ended = intent && *intent && **intent && (**intent)->lease_end <= run.decision_time();
  return ended && !looked.state.facts.is_exempt();
}

/// May the user's new secret be settled? Also where nothing is due: it is done once, and later runs need not look. For
/// whoever is exempt by now what a run has begun is ended, and what there is to tell is told: that the exemption ends,
/// of which nothing could be recorded on a secret that is not settled.
bool may_settle(const RunContext& run, const Looked& looked) {
  const auto& state = looked.state;
  if (state.trust.state != Trust::State::fresh) return false;
  return !state.facts.is_exempt() || state.intent_on_record || has_news(run, looked);
}

/// Fresh facts. A secret that rekeyer made is settled first; one that stood there before, with nothing of others on it,
/// is taken over where something is due, or where a run has left it. `not_yet` says what that still waits for.
ResultTask<Looked> look_and_adopt(WriteAccess& access, const RunContext& run, const UserContext& user,
                                  const std::optional<policy::Intent>& own, std::optional<StepResult>& not_yet) {
  auto looked = co_await look(access, run, user, run.options.force, own);
  SecretAdopter adopter(access, run.settings, run.clock);
  const auto restorable = [](const Trust& trust) { return trust.state == Trust::State::marked && trust.why.empty(); };
  if (looked && restorable(looked->state.trust) && may_act(run, *looked)) {
    auto restored = co_await adopter.restore(looked->state);
    if (!restored.done()) {
      not_yet = std::move(restored);
      co_return looked;
    }
    looked = co_await look(access, run, user, run.options.force, own);
  }
  if (looked && may_settle(run, *looked)) {
    auto settled = co_await adopter.settle(looked->state);
    if (settled.done() && may_act(run, *looked)) co_return co_await look(access, run, user, run.options.force, own);
    if (settled.done()) {
      looked->state.trust.state = Trust::State::ours;
    } else {
      not_yet = std::move(settled);
    }
    co_return looked;
  }
  if (!looked || looked->state.trust.state != Trust::State::adoptable) co_return looked;
  if (!needs_secret(run, *looked) && !was_left_unproved(run, *looked)) co_return looked;
  auto taken = co_await adopter.adopt(looked->state);
  if (taken.done()) co_return co_await look(access, run, user, run.options.force);
  not_yet = std::move(taken);
  co_return looked;
}

/// After an emergency rotation: the old key is retired at once, on a fresh look. Nothing to tell: nothing was looked
/// at.
Task<UserOutcome> deactivate_now(WriteAccess& access, const RunContext& run, UserContext user) {
  policy::Force force;
  force.deactivate_now = true;
  UserOutcome outcome;
  auto looked = co_await look(access, run, user, force);
  if (!looked) {
    outcome.actions = unreadable(user.subject, looked.error());
    co_return outcome;
  }
  outcome.actions = outcomes_of(looked->state.facts, looked->decision, Mode::apply, false);
  UserSteps steps(access, run, std::move(looked->state), std::move(looked->decision));
  co_await steps.run(outcome.actions);
  outcome.notices = steps.notices(run, user);
  std::erase_if(outcome.actions, [](const ActionOutcome& action) { return action.action == policy::Action::warn; });
  co_return outcome;
}

UserOutcome plan_rows(const RunContext& run, const UserContext& user, const UserState& state,
                      const policy::UserDecision& decision) {
  UserOutcome outcome;
  outcome.actions = outcomes_of(state.facts, decision, Mode::plan, run.options.list_quiet);
  outcome.notices = notices_of(run, user, state, {});
  if (policy::changes_something(decision)) {
    const auto limit = run.budget.take(user.subject.account);
    if (limit) hold_changes(outcome.actions, *limit);
  }
  return outcome;
}

/// Gives the picture's keys the ids that IAM lists. False: other keys are there than when it was taken.
bool name_keys(const std::vector<aws::AccessKeyMetadata>& listed, const AccessKeyId& signer, policy::UserFacts& facts) {
  if (listed.size() != facts.keys.size()) return false;
  for (auto& key : facts.keys) {
    const auto same = [&](const aws::AccessKeyMetadata& one) {
      const auto second = [](Instant instant) { return std::chrono::floor<std::chrono::seconds>(instant); };
      return is_key_id(key.id) ? one.id == key.id : second(one.created) == second(key.created);
    };
    const auto found = std::ranges::find_if(listed, same);
    if (found == listed.end() || found->status != key.status) return false;
    if (std::ranges::count_if(listed, same) != 1) return false;  // made in one second: which is which?
    key.id = found->id;
    key.signs_this_run = !signer.empty() && key.id == signer;
  }
  return true;
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

Task<UserOutcome> plan_user(ReadAccess& access, const RunContext& run, UserContext user) {
  UserOutcome outcome;
  const auto looked = co_await look(access, run, user, run.options.force);
  if (!looked && looked.error().kind == ErrorKind::not_found) co_return outcome;
  if (!looked) {
    outcome.actions = unreadable(user.subject, looked.error());
    co_return outcome;
  }
  co_return plan_rows(run, user, looked->state, looked->decision);
}

Task<UserOutcome> plan_by_survey(ReadAccess& access, const RunContext& run, UserContext user, BulkPicture picture) {
  if (picture.needs_ids) {
    const auto listed = co_await access.iam().list_access_keys(user.subject.user);
    if (!listed || !name_keys(*listed, access.signer_key(), picture.facts)) {
      co_return co_await plan_user(access, run, std::move(user));
    }
  }
  name_slots_by_day(picture.facts);
  UserState state;
  state.facts = std::move(picture.facts);
  state.rules = std::move(picture.rules);
  state.subject = user.subject;
  if (user.place) state.place = *user.place;
  const auto decision = policy::decide(state.facts, state.rules, run.options.force, run.decision_time());
  co_return plan_rows(run, user, state, decision);
}

Task<UserOutcome> apply_user(WriteAccess& access, const RunContext& run, UserContext user) {
  UserOutcome all;
  bool budgeted = false;
  std::optional<policy::Intent> left_open;
  // A recovery settles what an earlier run left; the second round then does what is due.
  for (int round = 0; round < 2; ++round) {
    std::optional<StepResult> not_yet;
    auto looked = co_await look_and_adopt(access, run, user, left_open, not_yet);
    if (!looked && looked.error().kind == ErrorKind::not_found) co_return all;
    if (!looked) {
      append_rows(all.actions, unreadable(user.subject, looked.error()));
      co_return all;
    }
    auto outcomes = outcomes_of(looked->state.facts, looked->decision, Mode::apply, run.options.list_quiet);
    if (not_yet) {
      for (auto& outcome : outcomes) {
        if (!policy::is_change(outcome.action)) continue;
        auto result = *not_yet;
        if (result.status == ActionStatus::failed && outcome.action == policy::Action::rotate)
          result.detail += "; no key was issued";
        set(outcome, result);
      }
      append_rows(all.actions, std::move(outcomes));
      co_return all;
    }
    if (policy::changes_something(looked->decision) && !budgeted) {
      const auto limit = run.budget.take(user.subject.account);
      if (limit) {
        hold_changes(outcomes, *limit);
        append_rows(all.actions, std::move(outcomes));
        all.notices = notices_of(run, user, looked->state, {});
        co_return all;
      }
      budgeted = true;
    }
    const bool recovers = policy::asks_for(looked->decision, policy::Action::recover);
    const bool still_open = left_open && looked->state.intent_on_record == left_open;
    UserSteps steps(access, run, std::move(looked->state), std::move(looked->decision));
    if (still_open) steps.leave_open(left_open);
    if (recovers) {
      const auto result = co_await steps.recover(outcomes);
      const bool settled = result.done();
      left_open = result.left_open;
      if (settled) {  // what waited for it is decided anew below
        std::erase_if(outcomes, [](const auto& outcome) { return outcome.action != policy::Action::recover; });
      }
      append_rows(all.actions, std::move(outcomes));
      if (!settled) co_return all;
      continue;
    }
    const bool rotated = co_await steps.run(outcomes);
    append_rows(all.actions, std::move(outcomes));
    all.notices = steps.notices(run, user);
    if (rotated && run.options.force.deactivate_now) {
      user.made = steps.made();
      auto retired = co_await deactivate_now(access, run, user);
      append_rows(all.actions, std::move(retired.actions));
      all.notices = std::move(retired.notices);
    }
    co_return all;
  }
  co_return all;
}

}  // namespace rekeyer::rotation
