#include "rotation/retire.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/try.hpp"
#include "policy/transitions.hpp"
#include "rotation/leftover.hpp"
#include "rotation/lock.hpp"
#include "rotation/secret_tags.hpp"
#include "rotation/secrets_of_account.hpp"

namespace rekeyer::rotation {
namespace {

/// What was looked at may be acted on for this long.
constexpr std::chrono::minutes look_is_good_for{2};

StepResult failed(const Error& error) { return step_failed(error.kind, describe(error)); }

}  // namespace

aws::SignBefore KeyRetirer::soon() const { return aws::SignBefore::at(clock_.now() + look_is_good_for); }

Task<std::optional<StepResult>> KeyRetirer::changed_meanwhile(const UserState& state, AccessKeyId key,
                                                              KeyStatus status) {
  const auto left =
      step_held(policy::Reason::in_progress, "something changed since it was decided; the next run looks anew");
  auto secret = co_await access_.secrets().describe_secret(state.handle());
  if (secret) {
    policy::UserFacts seen;
    seen.account = state.facts.account;
    seen.user = state.facts.user;
    read_secret(*secret, state.place.carries, clock_.now(), seen);
    if (seen.intent != state.intent_on_record || seen.intent_unreadable) co_return left;
  } else if (secret.error().kind != ErrorKind::not_found) {
    co_return step_not_read(secret.error());
  }
  const auto keys = co_await access_.iam().list_access_keys(state.facts.user);
  if (!keys) co_return step_not_read(keys.error());
  const auto same =
      std::ranges::any_of(*keys, [&](const auto& seen) { return seen.id == key && seen.status == status; });
  // The keys that were counted on to stay must still be there and work.
  const auto existing = std::ranges::all_of(state.facts.keys, [&](const policy::KeyFacts& known) {
    return known.status != KeyStatus::active || std::ranges::any_of(*keys, [&](const auto& seen) {
             return seen.id == known.id && seen.status == KeyStatus::active;
           });
  });
  if (!same || !existing) co_return left;
  co_return std::nullopt;
}

Task<StepResult> KeyRetirer::deactivate(const UserState& state, AccessKeyId key, policy::Custody& custody) {
  const auto deadline = soon();
  const auto changed = co_await changed_meanwhile(state, key, KeyStatus::active);
  if (changed) co_return *changed;
  const auto off = co_await access_.iam_writer().deactivate_access_key(state.facts.user, key, deadline);
  if (!off) co_return failed(off.error());
  custody = policy::after_deactivation(std::move(custody), key, clock_.now());
  co_return step_done("can be switched on again until it is deleted");
}

Task<StepResult> KeyRetirer::remove(const UserState& state, AccessKeyId key, policy::Custody& custody) {
  const auto deadline = soon();
  const auto changed = co_await changed_meanwhile(state, key, KeyStatus::inactive);
  if (changed) co_return *changed;
  const auto removed = co_await access_.iam_writer().delete_access_key(state.facts.user, key, deadline);
  if (!removed) co_return failed(removed.error());
  custody = policy::after_deletion(std::move(custody), key);
  co_return step_done({});
}

bool KeyRetirer::has_news(const UserState& state, const policy::Custody& custody) const {
  if (custody == state.facts.custody && !state.facts.custody_lost) return false;
  return !custody.empty() || state.secret;
}

ResultTask<> KeyRetirer::record(const UserState& state, const policy::Custody& custody) {
  if (!has_news(state, custody)) co_return Result<>{};
  CO_TRY(auto written, policy::custody_tags(custody, state.secret ? state.secret->tags : policy::TagMap{}));
  const auto tags = secret_tags(state, settings_.store, std::move(written));
  if (state.secret) {
    if (state.secret->deleted) CO_TRY_VOID(co_await access_.secrets_writer().restore_secret(state.handle(), soon()));
    co_return co_await access_.secrets_writer().tag_secret(state.handle(), tags, soon());
  }
  auto made =
      co_await make_record_secret(access_, settings_, state.subject, state.place.name, tags, clock_.now(), soon());
  // Another run's, a moment ago, or our own with its reply lost: the next run finds it, and records.
  if (!made && made.error().kind == ErrorKind::already_exists) co_return Result<>{};
  co_return made;
}

Task<StepResult> KeyRetirer::remove_secret(AccountId account, NamedSecret orphaned) {
  const auto& [user, seen] = orphaned;
  const SecretName handle(seen.arn.str());
  const auto fresh = co_await look_at_leftover(access_, settings_, clock_.now(), account, orphaned);
  if (!fresh) co_return fresh.error();
  if (!fresh->replicas.empty()) {
    std::vector<Region> regions;
    for (const auto& replica : fresh->replicas) regions.push_back(replica.region);
    const auto removed = co_await access_.secrets_writer().remove_replicas(handle, std::move(regions), soon());
    if (!removed) co_return failed(removed.error());
  }
  const int days = settings_.store.deletion_recovery_days;
  const auto scheduled = co_await access_.secrets_writer().schedule_deletion(handle, days, soon());
  if (!scheduled) co_return failed(scheduled.error());
  co_return step_done(fmt::format("user {} of {} is gone; its secret is deleted in {} days", user, account, days));
}

}  // namespace rekeyer::rotation
