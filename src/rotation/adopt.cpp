#include "rotation/adopt.hpp"

#include <fmt/format.h>

#include "base/log.hpp"
#include "base/try.hpp"
#include "policy/decision.hpp"
#include "policy/intent.hpp"
#include "policy/observe.hpp"
#include "rotation/lock.hpp"
#include "rotation/lock_mark.hpp"
#include "rotation/secret_tags.hpp"
#include "rotation/secrets_of_account.hpp"

namespace rekeyer::rotation {
namespace {

constexpr std::chrono::minutes sign_soon{2};

StepResult not_adopted(const Error& error) { return step_failed(RunReason::store_not_ready, describe(error)); }

}  // namespace

aws::SignBefore SecretAdopter::soon() const { return aws::SignBefore::at(clock_.now() + sign_soon); }

Task<StepResult> SecretAdopter::restore(UserState state) {
  const auto restored = co_await access_.secrets_writer().restore_secret(state.handle(), soon());
  if (!restored) co_return not_adopted(restored.error());
  log::warn("secret was scheduled for deletion although its user is alive; restored",
            {{"account", state.facts.account.str()}, {"secret", state.place.name.str()}});
  co_return step_done("restored");
}

Task<std::optional<StepResult>> SecretAdopter::locked_first(const UserState& state) {
  if (!state.trust.locked) co_return co_await lock(state);
  // Whatever touched it since the lock was written may have been written before the lock held.
  const auto holds_from = lock_holds_from(*state.secret, clock_.now());
  if (clock_.now() < holds_from) {
    co_return step_held(RunReason::lock_spreading,
                        fmt::format("secret {} was there before, and is locked since a moment ago: the "
                                    "lock holds everywhere from {} on",
                                    state.place.name, iso8601(holds_from)));
  }
  co_return std::nullopt;
}

Task<StepResult> SecretAdopter::adopt(UserState state) {
  if (auto first = co_await locked_first(state)) co_return *std::move(first);
  // Nothing that another run may have written meanwhile is written over: this request may land minutes late. An intent
  // that stood there issued no key, as a key is issued under the lock alone; that is said in a tag of its own.
  aws::Tags tags;
  if (const auto* intent = policy::value_of(state.secret->tags, policy::intent_tag)) {
    const auto left = policy::parse_intent(*intent);
    if (left && *left) tags.emplace(std::string(policy::issued_nothing_tag), (**left).run.str());
  }
  co_return co_await take_over(state, std::move(tags), clock_.now());
}

Task<StepResult> SecretAdopter::vouch(UserState state, Vouching vouching, policy::UserFacts claimed) {
  if (claimed.intent && claimed.intent->lease_end > clock_.now()) {
    co_return step_held(policy::Reason::in_progress, "another run is at work with this user");
  }
  if (auto first = co_await locked_first(state)) co_return *std::move(first);
  aws::Tags tags;  // a record that stands stays as it is: what another run may have written is not written over
  if (!vouching.record_stands) {
    // Who is current shows in what is stored, and what it replaced retires from now on: late, never early.
    claimed.custody_lost = true;
    auto custody = policy::observe(claimed, clock_.now());
    for (auto& record : custody.keys) {
      if (record.phase != policy::KeyPhase::retiring) continue;
      record.since = std::chrono::floor<std::chrono::seconds>(clock_.now());
    }
    auto anew = policy::custody_tags(custody, state.secret->tags);
    if (!anew) co_return not_adopted(anew.error());
    tags = *std::move(anew);
  }
  // The operator's word: nobody but rekeyer has stored anything in it since it was made.
  const auto since = state.secret->created.value_or(clock_.now());
  auto result = co_await take_over(state, std::move(tags), since);
  if (!result.done()) co_return result;
  result.detail = fmt::format("vouched for; {}{}", record_words(vouching), kept_words(vouching));
  co_return result;
}

Task<StepResult> SecretAdopter::settle(UserState state) {
  if (state.intent_on_record && state.intent_on_record->lease_end > clock_.now()) {
    co_return step_held(policy::Reason::in_progress, "another run is at work with this user");
  }
  const auto holds_from = lock_holds_from(*state.secret, clock_.now());
  if (clock_.now() < holds_from) {
    co_return step_held(RunReason::lock_spreading,
                        fmt::format("secret {} was made a moment ago: its lock holds everywhere from "
                                    "{} on",
                                    state.place.name, iso8601(holds_from)));
  }
  const auto put = co_await put_settled_proof(state, {}, clock_.now());
  if (!put) co_return not_adopted(put.error());
  co_return step_done("settled");
}

Task<StepResult> SecretAdopter::lock(const UserState& state) {
  auto& writer = access_.secrets_writer();
  const auto review = review_policy(state.policy, wanted_policy(access_, settings_, state.subject));
  if (!review) co_return not_adopted(review.error());
  if (review->wanted) {
    const auto put = co_await writer.put_resource_policy(state.handle(), *review->wanted, soon());
    if (!put) co_return not_adopted(put.error());
  }
  log::info("a secret that was there before is locked",
            {{"account", state.facts.account.str()}, {"secret", state.place.name.str()}});
  co_return step_held(RunReason::lock_spreading,
                      fmt::format("secret {} was there before: it is locked now, and taken over from {} on",
                                  state.place.name, iso8601(clock_.now() + lock_spreads_in)));
}

/// Proof, id and what is to be said with them in one call: from then on only what was written under the lock counts.
ResultTask<> SecretAdopter::put_settled_proof(const UserState& state, aws::Tags tags, Instant since) {
  tags = secret_tags(state, settings_.store, std::move(tags));
  if (has_room_for_mark(state.secret->tags, settings_.store)) {
    tags.insert_or_assign(std::string(lock_tag), lock_mark(wanted_policy(access_, settings_, state.subject)));
  }
  co_return co_await tag_with_proof(access_, state.secret->arn, state.subject.id, Proof::settled, std::move(tags),
                                    since, soon());
}

Task<StepResult> SecretAdopter::take_over(const UserState& state, aws::Tags tags, Instant since) {
  const auto put = co_await put_settled_proof(state, std::move(tags), since);
  if (!put) co_return not_adopted(put.error());
  log::info("a secret that was there before is taken over",
            {{"account", state.facts.account.str()}, {"secret", state.place.name.str()}});
  co_return step_done("taken over");
}

}  // namespace rekeyer::rotation
