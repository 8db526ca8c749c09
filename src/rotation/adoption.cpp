#include "rotation/adoption.hpp"

#include <fmt/format.h>

#include "base/try.hpp"
#include "rotation/adopt.hpp"
#include "rotation/lock.hpp"
#include "rotation/vouch.hpp"

namespace rekeyer::rotation {
namespace {

/// A secret that is not rekeyer's yet, and what an operator's word makes of it.
struct Candidate {
  UserState state;
  policy::UserFacts claimed;  ///< what it says, whoever wrote it
  Vouching vouching;
};

/// Nothing: there is nothing to take over.
ResultTask<std::optional<Candidate>> candidate(ReadAccess& access, const RunContext& run, UserContext user) {
  const auto now = run.decision_time();
  CO_TRY(auto state, co_await read_user(access, run.settings, std::move(user), now));
  const bool rekeyers = state.trust.state == Trust::State::ours || state.trust.state == Trust::State::fresh ||
                        state.trust.state == Trust::State::unlocked;
  if (!state.secret || rekeyers) co_return std::nullopt;
  Candidate found;
  if (state.trust.state == Trust::State::marked) {
    found.vouching.why_not = "it is marked for deletion, so that nobody sees its policy: restore it first";
    found.state = std::move(state);
    co_return found;
  }
  found.claimed = state.facts;
  read_secret(*state.secret, state.place.carries, now, found.claimed);
  const auto wanted = wanted_policy(access, run.settings, state.subject);
  const auto review = review_policy(state.policy, wanted);
  if (review) {
    found.vouching = judge_vouching(*state.secret, *review, found.claimed, state.subject.id, run.settings.store,
                                    *run.options.adopt_before);
  } else {
    found.vouching.why_not = review.error().message;
  }
  found.state = std::move(state);
  co_return found;
}

ActionOutcome row_of(const policy::Subject& user, ActionStatus status, OutcomeReason reason, std::string detail) {
  return user_row(user.account, user.user, policy::Action::adopt, reason, status, std::move(detail));
}

ActionOutcome planned(const policy::Subject& user, const Candidate& found) {
  const auto& name = found.state.place.name;
  if (!found.vouching.possible) {
    return row_of(user, ActionStatus::held, RunReason::not_vouched,
                  fmt::format("secret {}: {}", name, found.vouching.why_not));
  }
  return row_of(user, ActionStatus::planned, RunReason::vouched,
                fmt::format("secret {}: {}{}", name, record_words(found.vouching), kept_words(found.vouching)));
}

struct Examined {
  std::optional<Candidate> found;
  UserOutcome outcome;  ///< its row in a plan; without one where nothing is to be taken over
};

Task<Examined> examine(ReadAccess& access, const RunContext& run, UserContext user) {
  Examined examined;
  const auto subject = user.subject;
  auto found = co_await candidate(access, run, std::move(user));
  if (!found && found.error().kind != ErrorKind::not_found) {
    examined.outcome.actions.push_back(
        row_of(subject, ActionStatus::failed, RunReason::unreadable, describe(found.error())));
  }
  if (!found || !*found) co_return examined;
  examined.outcome.actions.push_back(planned(subject, **found));
  examined.found = *std::move(found);
  co_return examined;
}

}  // namespace

Task<UserOutcome> plan_adoption(ReadAccess& access, const RunContext& run, UserContext user) {
  auto examined = co_await examine(access, run, std::move(user));
  co_return std::move(examined.outcome);
}

Task<UserOutcome> apply_adoption(WriteAccess& access, const RunContext& run, UserContext user) {
  auto [found, outcome] = co_await examine(access, run, std::move(user));
  if (!found || !found->vouching.possible) co_return outcome;
  auto& row = outcome.actions.front();
  SecretAdopter adopter(access, run.settings, run.clock);
  const auto taken =
      co_await adopter.vouch(std::move(found->state), std::move(found->vouching), std::move(found->claimed));
  row.status = taken.status;
  if (taken.reason) row.reason = *taken.reason;
  row.detail = taken.detail;
  co_return outcome;
}

}  // namespace rekeyer::rotation
