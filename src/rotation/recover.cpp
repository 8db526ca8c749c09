#include "rotation/recover.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/try.hpp"
#include "policy/decision.hpp"
#include "policy/intent.hpp"
#include "policy/observe.hpp"
#include "policy/transitions.hpp"
#include "rotation/identity.hpp"

namespace rekeyer::rotation {

/// Keys and secret as they are now, the secret last; last uses already known are kept.
ResultTask<UserState> KeyRecoverer::look_again(UserState state) {
  // Before and after: another user's keys would look like what the run left.
  CO_TRY_VOID(co_await same_user(access_.iam(), state.subject));
  CO_TRY(auto listed, co_await access_.iam().list_access_keys(state.facts.user));
  CO_TRY_VOID(co_await same_user(access_.iam(), state.subject));
  std::vector<policy::KeyFacts> keys;
  for (const auto& seen : listed) {
    policy::KeyFacts key;
    const auto known = std::ranges::find(state.facts.keys, seen.id, &policy::KeyFacts::id);
    if (known != state.facts.keys.end()) key = *known;
    key.id = seen.id;
    key.status = seen.status;
    key.created = seen.created;
    if (known == state.facts.keys.end()) {
      auto last_use = co_await access_.iam().access_key_last_used(seen.id);
      if (last_use) key.last_use = std::move(last_use->last);
    }
    keys.push_back(std::move(key));
  }
  state.facts.keys = std::move(keys);
  CO_TRY(state.secret, co_await access_.secrets().describe_secret(state.handle()));
  read_secret(*state.secret, state.place.carries, clock_.now(), state.facts);
  disbelieve_what_cannot_be(access_, settings_, state.subject, *state.secret, state.facts);
  co_return state;
}

Task<RecoveryResult> KeyRecoverer::recover(UserState state) {
  if (!state.facts.intent || !state.secret) co_return step_held(policy::Reason::in_progress, "the intent is gone");
  const auto left = *state.facts.intent;
  const bool issued_nothing = state.facts.issued_nothing;
  const auto lease = Lease::adopt(run_, clock_.now(), left);
  const auto claimed = co_await secret_.claim(state, lease);  // an intent of our own with the same list of keys
  if (!claimed) co_return step_failed(RunReason::store_not_ready, describe(claimed.error()));

  // Only what is seen after the adoption counts: another run may have settled this and begun anew in between, and
  // clearing the intent on an older list of keys would leave a key of that run without one.
  auto seen = co_await look_again(std::move(state));
  if (!seen) co_return step_failed(RunReason::store_not_ready, describe(seen.error()));
  state = std::move(*seen);
  if (!same_intent(*state.secret, lease.intent()))
    co_return step_held(policy::Reason::in_progress, "another run has taken over");
  state.facts.intent = left;
  state.facts.issued_nothing = issued_nothing;

  const auto recovery = policy::recovery_of(state.facts);
  const auto key = recovery.key != nullptr ? *recovery.key : policy::KeyFacts{};
  using Step = policy::Recovery::Step;
  switch (recovery.step) {
    case Step::resume: co_return co_await resume(std::move(state), key, recovery.old_key, lease);
    case Step::leave_off: co_return co_await leave_off(std::move(state), key, lease);
    case Step::withdraw: co_return co_await withdraw_orphan(std::move(state), key, lease);
    case Step::last_unread:
      co_return step_held(policy::Reason::last_use_unknown,
                          fmt::format("{} may be an orphan of run {}; its last use can't be read", key.id, left.run));
    case Step::nothing_left: break;
  }
  // Not cleared: a clearing that is sent twice may land once more, on top of the next intent. Whoever goes on with the
  // user writes that in its place, or clears it when nothing more is to be done.
  RecoveryResult settled = step_done(fmt::format("run {} had left an intent and no key", left.run));
  settled.left_open = lease.intent();
  co_return settled;
}

ResultTask<> KeyRecoverer::clear(const UserState& state, const policy::Custody& custody, const policy::Intent& own) {
  const Lease lease(own);
  co_return co_await secret_.finish(state, custody, lease);
}

Task<StepResult> KeyRecoverer::leave_off(UserState state, policy::KeyFacts key, const Lease& lease) {
  const auto cleared = co_await secret_.finish(state, policy::observe(state.facts, clock_.now()), lease);
  if (!cleared) co_return step_failed(RunReason::store_not_ready, describe(cleared.error()));
  co_return step_done(fmt::format("{} was switched off by somebody before it was published; it stays so", key.id));
}

/// Its secret is stored: verified by time (it is older than any spreading takes, and its secret can't be read back),
/// published now.
Task<StepResult> KeyRecoverer::resume(UserState state, policy::KeyFacts key, std::optional<AccessKeyId> old_key,
                                      const Lease& lease) {
  const auto now = clock_.now();
  auto finished = co_await secret_.make_ready(state, *state.secret, lease);
  if (finished) finished = co_await secret_.publish(*state.secret, state.token(key.id), lease);
  if (finished) {
    const auto custody = policy::after_rotation(policy::observe(state.facts, now), key.id, key.created, old_key, now);
    finished = co_await secret_.finish_ready(state, custody, lease);
  }
  if (!finished) co_return step_failed(RunReason::not_published, describe(finished.error()));
  co_return step_done(
      fmt::format("finished what an earlier run began: key {} published from {}", key.id, state.place.name));
}

Task<StepResult> KeyRecoverer::withdraw_orphan(UserState state, policy::KeyFacts key, const Lease& lease) {
  const auto off = co_await access_.iam_writer().deactivate_access_key(state.facts.user, key.id, lease.sign_before());
  if (!off && off.error().kind == ErrorKind::not_found) {
    // Deleted, or its user was renamed just now and has it still: the intent stays until a list says which.
    co_return step_held(
        RunReason::identity_changed,
        fmt::format("{} is not found any more under user {}; the next run looks anew", key.id, state.facts.user));
  }
  if (!off) co_return step_failed(RunReason::recover_failed, describe(off.error()));
  const auto custody = policy::after_withdrawal(state.facts, key, clock_.now());
  const auto recorded = co_await secret_.finish(state, custody, lease);
  if (!recorded) co_return step_failed(RunReason::store_not_ready, describe(recorded.error()));
  if (!policy::surely_issued_under(state.facts, *state.facts.intent, key)) {
    co_return step_done(
        fmt::format("{} may be what run {} left, or its owner's: deactivated, as it was never used and its secret "
                    "is stored nowhere; deleted after {} if it stays so",
                    key.id, state.facts.intent->run, format_period(state.rules.recovery_grace.value)));
  }
  co_return step_done(fmt::format("{} had been issued by run {} and its secret was lost: deactivated; deleted after {}",
                                  key.id, state.facts.intent->run, format_period(state.rules.orphan_grace.value)));
}

}  // namespace rekeyer::rotation
