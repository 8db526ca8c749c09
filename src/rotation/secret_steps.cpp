#include "rotation/secret_steps.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/log.hpp"
#include "base/try.hpp"
#include "policy/intent.hpp"
#include "rotation/grants.hpp"
#include "rotation/issued_nothing.hpp"
#include "rotation/lock.hpp"
#include "rotation/lock_mark.hpp"
#include "rotation/secret_tags.hpp"
#include "rotation/secrets_of_account.hpp"
#include "rotation/trust.hpp"

namespace rekeyer::rotation {
namespace {

bool holds(const aws::SecretDescription& secret, const VersionId& token, std::string_view stage) {
  const auto version = secret.versions.find(token);
  return version != secret.versions.end() && version->second.contains(std::string(stage));
}

std::optional<VersionId> holder(const aws::SecretDescription& secret, std::string_view stage) {
  for (const auto& [version, stages] : secret.versions) {
    if (stages.contains(std::string(stage))) return version;
  }
  return std::nullopt;
}

/// AWS's own keys are always enabled.
constexpr std::string_view aws_own_keys = "alias/aws/";

/// Why the next try waits; nothing where it does not.
std::optional<StepResult> refused_lately(const aws::SecretDescription& secret, Instant now) {
  const auto noted = read_issued_nothing(secret.tags);
  if (!noted || !noted->refusal || !waits(*noted->refusal, now)) return std::nullopt;
  const auto& refusal = *noted->refusal;
  return step_failed(
      RunReason::store_failed,
      fmt::format(
          "secretsmanager:PutSecretValue was refused on {} ({}), when a key had been made, which was withdrawn: "
          "mend that, and ask for it by `rekeyer rotate`, or wait for the next try after {}; no key was issued",
          iso8601(refusal.at), refusal.code, iso8601(refusal.next_try())));
}

/// Until when a request that was signed under the former lease, a repeated clearing of its intent above all, may land.
std::optional<Instant> settling(const aws::SecretDescription& secret) {
  const auto* tag = policy::value_of(secret.tags, policy::intent_tag);
  return tag == nullptr ? std::nullopt : policy::settles_at(*tag);
}

}  // namespace

bool same_intent(const aws::SecretDescription& secret, const policy::Intent& intent) {
  const auto* tag = policy::value_of(secret.tags, policy::intent_tag);
  if (tag == nullptr) return false;
  const auto parsed = policy::parse_intent(*tag);
  return parsed && *parsed && **parsed == intent;
}

Task<std::optional<StepResult>> SecretSteps::preflight(const UserState& state, bool asked_for) {
  if (state.secret) {
    if (auto refused = asked_for ? std::nullopt : refused_lately(*state.secret, clock_.now())) {
      refused->detail += other_key_words(state);
      co_return refused;
    }
    const auto tags = tags_at_most(state.secret->tags, settings_.store);
    if (tags > most_tags) {
      co_return step_failed(
          RunReason::too_many_tags,
          fmt::format(
              "secret {} has {} tags, and with rekeyer's and those of [store] tags it would have {}: AWS takes {}. "
              "Take others away; no key was issued",
              state.place.name, state.secret->tags.size(), tags, most_tags));
    }
  }
  if (state.facts.owner_denied) {
    co_return step_failed(policy::Reason::owner_denied,
                          *state.facts.owner_denied + "; take that statement off; no key was issued");
  }
  if (settings_.store.lock_chosen && settings_.store.lock != LockMode::none && !may_lock(state)) {
    const auto principal = access_.store_principal().arn;
    co_return step_failed(
        RunReason::not_lockable,
        fmt::format("[store] lock is set, and whoever changes secrets in this run, {}, is neither the "
                    "member role nor one of [store] writers; no key was issued",
                    principal.empty() ? std::string("the root user or an unknown principal") : principal.str()));
  }
  const auto& kms_key = state.secret ? state.secret->kms_key_id : settings_.store.kms_key_id;
  if (kms_key.empty() || kms_key.starts_with(aws_own_keys)) co_return std::nullopt;
  // Whoever may not look at the key finds out when a value is stored; that is no reason to do nothing.
  const auto key = co_await access_.kms().key(kms_key);
  const bool gone = !key && key.error().kind == ErrorKind::not_found;
  if (gone || (key && !key->enabled)) {
    co_return step_failed(RunReason::kms_key_unusable,
                          fmt::format("the KMS key {} of secret {} is {}: nothing can be stored; no key was issued",
                                      kms_key, state.place.name, gone ? "not there" : key->state));
  }
  co_return std::nullopt;
}

std::string SecretSteps::other_key_words(const UserState& state) const {
  const auto& configured = settings_.store.kms_key_id;
  if (!state.secret || same_key(state.secret->kms_key_id, configured)) return {};
  const auto& own = state.secret->kms_key_id;
  const std::string_view wanted = configured.empty() ? "alias/aws/secretsmanager" : std::string_view(configured);
  return fmt::format(
      "; the secret's KMS key is {}, and [store] kms_key_id says {}: somebody who may use both should run `aws "
      "secretsmanager update-secret --secret-id {} --kms-key-id {}`",
      own.empty() ? "AWS's own" : own, configured.empty() ? "none" : wanted, state.place.name, wanted);
}

ResultTask<aws::SecretDescription> SecretSteps::claim(const UserState& state, const Lease& lease) {
  auto& writer = access_.secrets_writer();
  CO_TRY(auto intent, policy::encode(lease.intent()));
  auto tags = secret_tags(state, settings_.store, {{std::string(policy::intent_tag), intent}});
  auto secret = state.secret;
  if (const auto settled = secret ? settling(*secret) : std::nullopt; settled && clock_.now() < *settled) {
    co_return fail(ErrorKind::conflict, "requests of the rotation before may land until " + iso8601(*settled));
  }
  if (!secret) {
    aws::CreateSecret request;
    request.name = state.place.name;
    request.description = fmt::format("Access key of IAM user {} in account {}, rotated by rekeyer", state.facts.user,
                                      state.facts.account);
    request.kms_key_id = settings_.store.kms_key_id;
    request.tags = tags;
    auto created = co_await writer.create_secret(std::move(request), lease.sign_before());
    if (created) co_return created;
    if (created.error().kind != ErrorKind::already_exists) co_return fail(created.error());
    // Another run made it, or a lost reply did: then it is as it was made, or somebody has been there since.
    CO_TRY(auto described, co_await access_.secrets().describe_secret(state.place.name));
    if (described.versions.empty() && described.tags == tags) co_return described;
    co_return fail(ErrorKind::conflict, "the user's secret was made by another run or by somebody else just now");
  }
  const SecretName handle(secret->arn.str());
  if (secret->deleted) {
    CO_TRY_VOID(co_await writer.restore_secret(handle, lease.sign_before()));
    log::warn("secret was scheduled for deletion although its user is alive; restored",
              {{"account", state.facts.account.str()}, {"secret", state.place.name.str()}});
    secret->deleted.reset();
  }
  CO_TRY_VOID(co_await writer.tag_secret(handle, tags, lease.sign_before()));
  co_return std::move(*secret);
}

bool SecretSteps::may_lock(const UserState& state) const { return lockable(access_, settings_, state.facts.account); }

WantedPolicy SecretSteps::wanted_for(const UserState& state) const {
  return wanted_policy(access_, settings_, state.subject);
}

ResultTask<> SecretSteps::make_ready(const UserState& state, const aws::SecretDescription& secret, const Lease& lease) {
  CO_TRY_VOID(co_await grant(state, secret, lease));
  CO_TRY_VOID(co_await replicate(secret, lease.sign_before()));
  co_return Result<>{};
}

Task<SecretOrEnd> SecretSteps::look(const UserState& state, const Lease& lease) {
  const auto no_key = [](const std::string& words) { return words + "; no key was issued"; };
  auto seen = co_await access_.secrets().describe_secret(state.handle());
  if (!seen) co_return std::unexpected(step_failed(RunReason::store_not_ready, no_key(describe(seen.error()))));
  if (!same_intent(*seen, lease.intent())) {
    co_return std::unexpected(step_held(policy::Reason::in_progress, no_key("another run has begun with this user")));
  }
  if (const auto failed = failed_copies(*seen)) {
    co_return std::unexpected(step_failed(RunReason::replica_failed, no_key(*failed)));
  }
  // One that had values was proved when it was read.
  if (!may_lock(state) || !state.secret->versions.empty()) co_return std::move(*seen);
  // Before the first value: whoever was there between CreateSecret and the lock has left something.
  const auto& tags = state.secret->tags;
  const auto proved = co_await proved_before_first_value(access_, settings_, state.subject, *seen, tags, clock_.now());
  if (!proved) {
    const bool others = proved.error().kind == ErrorKind::conflict;
    co_return std::unexpected(step_failed(others ? OutcomeReason(policy::Reason::not_ours) : RunReason::store_not_ready,
                                          no_key(describe(proved.error()))));
  }
  if (*proved) co_return std::move(*seen);
  const auto put =
      co_await put_proof(access_, settings_, state.subject, *seen, tags, clock_.now(), lease.sign_before());
  if (!put) co_return std::unexpected(step_failed(RunReason::store_not_ready, no_key(describe(put.error()))));
  co_return std::move(*seen);
}

Task<std::optional<StepResult>> SecretSteps::disturbed(const UserState& state) {
  const auto policy = co_await access_.secrets().resource_policy(state.handle());
  // Whoever grants by users' policies alone may not be allowed to look; a lock is looked at when it was written, too.
  if (!policy && !may_lock(state)) co_return std::nullopt;
  if (!policy) co_return step_failed(RunReason::store_not_ready, describe(policy.error()));
  const auto review = review_policy(*policy, wanted_for(state));
  if (!review) co_return step_failed(policy::Reason::not_ours, describe(review.error()));
  if (!review->hindering.empty()) {
    co_return step_failed(policy::Reason::owner_denied,
                          owner_denied_words(state.place.name, review->hindering.front()));
  }
  if (!review->open_to_all.empty()) {
    co_return step_failed(RunReason::open_to_all, fmt::format("the policy of secret {} lets everybody in: {}",
                                                              state.place.name, review->open_to_all.front()));
  }
  if (review->wanted) {
    co_return step_failed(policy::Reason::not_ours,
                          fmt::format("the policy of secret {} was changed just now", state.place.name));
  }
  co_return std::nullopt;
}

ResultTask<> SecretSteps::publish(const aws::SecretDescription& secret, VersionId token, const Lease& lease) {
  if (holds(secret, token, stage_current)) co_return Result<>{};
  const SecretName handle(secret.arn.str());
  const auto moved = co_await access_.secrets_writer().move_stage(
      handle, std::string(stage_current), holder(secret, stage_current), token, lease.sign_before());
  if (moved) co_return Result<>{};
  // A lost reply, a label that came with the first version, or another run that was faster.
  CO_TRY(auto seen, co_await access_.secrets().describe_secret(handle));
  if (!holds(seen, token, stage_current)) co_return moved;
  co_return Result<>{};
}

ResultTask<> SecretSteps::grant(const UserState& state, const aws::SecretDescription& secret, const Lease& lease) {
  const auto how = settings_.store.grant;
  const SecretName handle(secret.arn.str());
  const auto wanted = wanted_for(state);
  if (wanted.grant || !wanted.writers.empty()) {
    auto existing = state.policy;
    if (!state.policy_read && !may_lock(state)) {  // where secrets are locked, one that was not read is this run's own
      CO_TRY(existing, co_await access_.secrets().resource_policy(handle));
    }
    CO_TRY(auto review, review_policy(existing, wanted));
    const auto& bad = !review.open_to_all.empty() ? review.open_to_all : review.hindering;
    if (!bad.empty()) {
      co_return fail(
          ErrorKind::rejected,
          fmt::format("the policy of secret {} {}: {}; take that statement off", state.place.name,
                      review.open_to_all.empty() ? "keeps its owner from reading" : "lets everybody in", bad.front()));
    }
    for (const auto& foreign : review.foreign) {
      log::info("others may read or change a secret by its policy; the statement is kept",
                {{"secret", state.place.name.str()}, {"statement", foreign}});
    }
    if (review.wanted) {
      CO_TRY_VOID(co_await access_.secrets_writer().put_resource_policy(handle, *review.wanted, lease.sign_before()));
    }
  }
  if (how == Grant::user_policy || how == Grant::both) {
    const auto& user = state.facts.user;
    const std::string policy_name(user_policy_name);
    CO_TRY(auto policy, co_await access_.iam().user_policy(user, policy_name));
    const bool own_key = secret.kms_key_id.starts_with("arn:");
    CO_TRY(auto granted, grant_to_user(policy, secret.arn, own_key ? secret.kms_key_id : std::string()));
    if (granted) {
      CO_TRY_VOID(co_await access_.iam_writer().put_user_policy(user, policy_name, *granted, lease.sign_before()));
    }
  }
  co_return Result<>{};
}

ResultTask<bool> SecretSteps::replicate(const aws::SecretDescription& secret, aws::SignBefore sign_before) {
  auto& writer = access_.secrets_writer();
  const SecretName handle(secret.arn.str());
  std::vector<aws::Replica> missing;
  std::vector<Region> to_try_again;
  for (const auto& region : settings_.store.replica_regions) {
    const auto there = std::ranges::find(secret.replicas, region, &aws::ReplicaStatus::region);
    const bool failed = there != secret.replicas.end() && there->status == replica_failed_status;
    if (there != secret.replicas.end() && !failed) continue;
    if (failed) to_try_again.push_back(region);
    const auto key = settings_.store.replica_kms_key_ids.find(region);
    missing.push_back({region, key == settings_.store.replica_kms_key_ids.end() ? std::string() : key->second});
  }
  if (missing.empty()) co_return false;
  // AWS does not try again by itself once it has given up.
  if (!to_try_again.empty()) {
    CO_TRY_VOID(co_await writer.remove_replicas(handle, std::move(to_try_again), sign_before));
  }
  CO_TRY_VOID(co_await writer.replicate(handle, std::move(missing), sign_before));
  co_return true;
}

ResultTask<> SecretSteps::finish(const UserState& state, policy::Custody custody, const Lease& lease) {
  co_return co_await write_finish(state, custody, lease, {});
}

ResultTask<> SecretSteps::finish_ready(const UserState& state, policy::Custody custody, const Lease& lease) {
  // Without a lock nobody counts locks: a mark of before is kept true, and none is made.
  const auto& tags = state.secret->tags;
  const bool marks =
      tags.contains(std::string(lock_tag)) || (may_lock(state) && has_room_for_mark(tags, settings_.store));
  aws::Tags more;
  if (marks) more.emplace(std::string(lock_tag), lock_mark(wanted_for(state)));
  // Whoever took it off before the lock was enforced would have the secret lost at the next rename.
  const auto& id = state.subject.id;
  if (!id.empty()) more.emplace(std::string(id_tag), id.str());
  co_return co_await write_finish(state, custody, lease, std::move(more));
}

ResultTask<> SecretSteps::write_finish(const UserState& state, const policy::Custody& custody, const Lease& lease,
                                       aws::Tags more) {
  CO_TRY(auto tags, policy::custody_tags(custody, state.secret ? state.secret->tags : policy::TagMap{}));
  tags.merge(more);
  tags.insert_or_assign(std::string(policy::intent_tag), policy::encode_no_intent(lease.intent().lease_end));
  co_return co_await access_.secrets_writer().tag_secret(state.handle(), std::move(tags), lease.sign_before());
}

Task<void> SecretSteps::note_issued_nothing(const aws::SecretDescription& secret, const Lease& lease,
                                            std::optional<Error> refusal) {
  IssuedNothing noted{lease.intent().run, std::nullopt};
  if (refusal) noted.refusal = StoreRefusal{clock_.now(), std::move(refusal->code)};
  aws::Tags tags{{std::string(policy::issued_nothing_tag), encode(noted)}};
  const auto put =
      co_await access_.secrets_writer().tag_secret(SecretName(secret.arn.str()), std::move(tags), lease.sign_before());
  if (!put) log::warn("not noted that no key was issued: the next run looks", {{"error", describe(put.error())}});
}

}  // namespace rekeyer::rotation
