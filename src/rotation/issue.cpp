#include "rotation/issue.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "aws/call/classify.hpp"
#include "base/log.hpp"
#include "base/try.hpp"
#include "rotation/grants.hpp"
#include "rotation/lease.hpp"
#include "rotation/naming.hpp"
#include "rotation/secret_value.hpp"

namespace rekeyer::rotation {
namespace {

constexpr std::string_view stage_current = "AWSCURRENT";
constexpr std::string_view stage_pending = "AWSPENDING";
constexpr std::chrono::seconds store_pause{5};
constexpr std::chrono::seconds verify_pause{2};
constexpr std::chrono::seconds verify_limit{90};
constexpr int verify_successes = 2;

/// Worth another try within the lease: not performed, and the cause may pass.
bool passing(ErrorKind kind) {
  return kind == ErrorKind::not_sent || kind == ErrorKind::throttled || kind == ErrorKind::credentials_expired ||
         kind == ErrorKind::clock_skew;
}

StepResult failed(std::string reason, std::string detail) {
  return {false, false, std::move(reason), std::move(detail)};
}
StepResult held(std::string reason, std::string detail) { return {false, true, std::move(reason), std::move(detail)}; }
StepResult done(std::string detail) { return {true, false, {}, std::move(detail)}; }

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

bool same_intent(const aws::SecretDescription& secret, const policy::Intent& intent) {
  const auto tag = secret.tags.find(std::string(policy::intent_tag));
  if (tag == secret.tags.end()) return false;
  const auto parsed = policy::parse_intent(tag->second);
  return parsed && *parsed && **parsed == intent;
}

/// Until when a request that was signed under the former lease, a repeated clearing of its intent above all, may land.
std::optional<Instant> settling(const aws::SecretDescription& secret) {
  const auto tag = secret.tags.find(std::string(policy::intent_tag));
  return tag == secret.tags.end() ? std::nullopt : policy::settles_at(tag->second);
}

std::vector<AccessKeyId> sorted_ids(const policy::UserFacts& facts) {
  std::vector<AccessKeyId> ids;
  for (const auto& key : facts.keys) ids.push_back(key.id);
  std::ranges::sort(ids);
  return ids;
}

/// "arn:aws:iam::111111111111:user/path/name": the account and the name must be the user's.
bool belongs_to(const aws::CallerIdentity& identity, const policy::UserFacts& facts) {
  const auto& arn = identity.arn.str();
  return identity.account == facts.account && arn.find(":user/") != std::string::npos &&
         arn.substr(arn.rfind('/') + 1) == facts.user.str();
}

}  // namespace

policy::Custody after_rotation(policy::Custody custody, const AccessKeyId& issued, Instant issued_at,
                               const std::optional<AccessKeyId>& old_key, Instant now) {
  custody.put({issued, policy::KeyRole::current, issued_at, std::nullopt, false, std::nullopt});
  if (old_key) custody.put({*old_key, policy::KeyRole::retiring, now, std::nullopt, false, std::nullopt});
  return custody;
}

Task<StepResult> KeyIssuer::rotate(UserState state, AccessKeyId old_key) {
  const auto& facts = state.facts;
  const auto lease = Lease::begin(run_, clock_.now(), sorted_ids(facts));
  auto secret = co_await prepare(state, lease);
  if (!secret) {
    const auto kind = secret.error().kind;
    if (kind == ErrorKind::conflict) co_return held("in_progress", secret.error().message);
    co_return failed("store_not_ready", describe(secret.error()) + "; no key was issued");
  }

  const auto issued = co_await access_.iam_writer().create_access_key(facts.user, lease.sign_before());
  if (!issued) {
    const auto& error = issued.error();
    const auto until = iso8601(lease.intent().lease_end);
    if (error.kind == ErrorKind::limit_exceeded) {
      co_return held("no_room", "the user has two keys by now; the intent is left to its lease until " + until);
    }
    if (aws::ambiguous(error.kind)) {
      co_return failed("outcome_unknown", fmt::format("{}; a key may exist whose secret is lost: a run after {} finds "
                                                      "and withdraws it",
                                                      describe(error), until));
    }
    co_return failed(std::string(name(error.kind)), describe(error) + "; no key was issued");
  }
  log::info("access key issued",
            {{"account", facts.account.str()}, {"user", facts.user.str()}, {"key", issued->id().str()}});

  const auto stored = co_await store(*issued, state, lease);
  if (!stored && (aws::ambiguous(stored.error().kind) || stored.error().kind == ErrorKind::lease_over)) {
    co_return failed("outcome_unknown",
                     fmt::format("{}; nobody knows whether the secret of {} was stored: a run after {} looks",
                                 describe(stored.error()), issued->id(), iso8601(lease.intent().lease_end)));
  }
  if (!stored) {
    const auto withdrawn = co_await withdraw(state, issued->id(), stored.error(), lease);
    if (!withdrawn.done) co_return withdrawn;  // done: it is stored after all
  }

  const auto verified = co_await verify(*issued, state, lease);
  if (!verified) {
    co_return failed("not_verified",
                     fmt::format("{}; {} is stored and not yet published: a run after {} goes on",
                                 describe(verified.error()), issued->id(), iso8601(lease.intent().lease_end)));
  }
  const auto token = version_token(facts.account, facts.user, issued->id());
  const Arn secret_arn = secret->arn;
  auto published = co_await publish(state, std::move(*secret), token, lease);
  policy::Custody custody;
  if (published) {
    const auto now = clock_.now();
    custody = after_rotation(policy::observe(facts, now), issued->id(), issued->created, old_key, now);
    published = co_await finish(state, custody, lease);
  }
  if (!published) {
    co_return failed("not_published",
                     fmt::format("{}; {} is stored and verified: a run after {} goes on", describe(published.error()),
                                 issued->id(), iso8601(lease.intent().lease_end)));
  }
  auto result = done(fmt::format("new key {} stored in {}", issued->id(), state.secret_name));
  result.issued = policy::KeyFacts{issued->id(),     KeyStatus::active,       issued->created,
                                   LastUse::never(), policy::Stored::current, false};
  result.custody = std::move(custody);
  result.secret_arn = secret_arn;
  co_return result;
}

/// The secret as it was before the new version, with our intent on it.
ResultTask<aws::SecretDescription> KeyIssuer::prepare(const UserState& state, const Lease& lease) {
  auto& writer = access_.secrets_writer();
  CO_TRY(auto intent, policy::encode(lease.intent()));
  const aws::Tags tags{{std::string(policy::intent_tag), intent}};
  auto secret = state.secret;
  if (const auto settled = secret ? settling(*secret) : std::nullopt; settled && clock_.now() < *settled) {
    co_return fail(ErrorKind::conflict, "requests of the rotation before may land until " + iso8601(*settled));
  }
  if (!secret) {
    aws::CreateSecret request;
    request.name = state.secret_name;
    request.description = fmt::format("Access key of IAM user {} in account {}, rotated by rekeyer", state.facts.user,
                                      state.facts.account);
    request.kms_key_id = settings_.store.kms_key_id;
    request.tags = tags;
    auto created = co_await writer.create_secret(std::move(request), lease.sign_before());
    if (created) co_return created;
    if (created.error().kind != ErrorKind::already_exists) co_return fail(created.error());
    // Another run made it, or a lost reply did.
    CO_TRY(auto described, co_await access_.secrets().describe_secret(state.secret_name));
    if (same_intent(described, lease.intent())) co_return described;
    if (described.tags.contains(std::string(policy::intent_tag))) {
      co_return fail(ErrorKind::conflict, "another run has just begun with this user");
    }
    secret = std::move(described);
  }
  if (secret->deleted) {
    CO_TRY_VOID(co_await writer.restore_secret(state.secret_name, lease.sign_before()));
    log::warn("secret was scheduled for deletion although its user is alive; restored",
              {{"account", state.facts.account.str()}, {"secret", state.secret_name.str()}});
    secret->deleted.reset();
  }
  CO_TRY_VOID(co_await writer.tag_secret(state.secret_name, tags, lease.sign_before()));
  co_return std::move(*secret);
}

/// Until it is stored, or known not to be, or the lease ends.
ResultTask<> KeyIssuer::store(const aws::IssuedKey& key, const UserState& state, const Lease& lease) {
  const auto token = version_token(state.facts.account, state.facts.user, key.id());
  const auto value = secret_value(key, state.facts.user);
  for (;;) {
    const auto put = co_await access_.secrets_writer().put_secret_value(
        state.secret_name, token, value, std::string(stage_pending), lease.sign_before());
    if (put) co_return put;
    if (aws::ambiguous(put.error().kind)) {
      const auto seen = co_await access_.secrets().describe_secret(state.secret_name);
      if (seen && seen->versions.contains(token)) co_return Result<>{};
    } else if (!passing(put.error().kind)) {
      co_return put;
    }
    if (clock_.now() + store_pause >= lease.work_end()) co_return put;
    co_await clock_.sleep_for(store_pause);
  }
}

/// The secret dies with the caller's frame, so the key is useless: take it back now. `done` only where a second look
/// finds it stored.
Task<StepResult> KeyIssuer::withdraw(const UserState& state, AccessKeyId key, Error cause, const Lease& lease) {
  const auto later = fmt::format("a run after {} withdraws it", iso8601(lease.intent().lease_end));
  const auto seen = co_await access_.secrets().describe_secret(state.secret_name);
  if (!seen && seen.error().kind != ErrorKind::not_found) {
    co_return failed("store_failed",
                     fmt::format("{}; {} could not be looked at again: {}", describe(cause), key, later));
  }
  if (seen && seen->versions.contains(version_token(state.facts.account, state.facts.user, key))) co_return done({});
  if (seen && !same_intent(*seen, lease.intent())) {
    co_return held("in_progress",
                   fmt::format("{}; another run has taken over and decides about {}", describe(cause), key));
  }
  const auto removed = co_await access_.iam_writer().delete_access_key(state.facts.user, key, lease.sign_before());
  if (!removed) {
    co_return failed("store_failed", fmt::format("{}; the new key {} could not be withdrawn ({}): {}", describe(cause),
                                                 key, describe(removed.error()), later));
  }
  co_return failed("store_failed",
                   fmt::format("{}; the new key {} was withdrawn, the old one is untouched", describe(cause), key));
}

/// A new key needs seconds to spread, server by server: two answers in a row, within a bounded wait.
ResultTask<> KeyIssuer::verify(const aws::IssuedKey& key, const UserState& state, const Lease& lease) {
  const auto end = std::min(clock_.now() + verify_limit, lease.work_end());
  int successes = 0;
  for (;;) {
    const auto identity = co_await access_.identity().identity_of(key.credentials);
    if (identity && !belongs_to(*identity, state.facts)) {
      co_return fail(ErrorKind::rejected, fmt::format("the new key answers as {}, not as the user", identity->arn));
    }
    successes = identity ? successes + 1 : 0;
    if (successes == verify_successes) co_return Result<>{};
    if (clock_.now() + verify_pause >= end) {
      if (!identity) co_return fail(in_context(identity.error(), "the new key does not answer yet"));
      co_return fail(ErrorKind::rejected, "the new key does not answer reliably yet");
    }
    if (!identity) co_await clock_.sleep_for(verify_pause);
  }
}

ResultTask<> KeyIssuer::publish(const UserState& state, aws::SecretDescription secret, VersionId token,
                                const Lease& lease) {
  if (!holds(secret, token, stage_current)) {
    const auto moved = co_await access_.secrets_writer().move_stage(
        state.secret_name, std::string(stage_current), holder(secret, stage_current), token, lease.sign_before());
    if (!moved) {
      // A lost reply, a label that came with the first version, or another run that was faster.
      CO_TRY(auto seen, co_await access_.secrets().describe_secret(state.secret_name));
      if (!holds(seen, token, stage_current)) co_return moved;
    }
  }
  CO_TRY_VOID(co_await grant(state, secret, lease));
  co_return co_await replicate(state, secret, lease);
}

ResultTask<> KeyIssuer::grant(const UserState& state, const aws::SecretDescription& secret, const Lease& lease) {
  const auto how = settings_.store.grant;
  if (how == Grant::secret_policy || how == Grant::both) {
    CO_TRY(auto policy, co_await access_.secrets().resource_policy(state.secret_name));
    CO_TRY(auto granted, grant_on_secret(policy, state.user_arn));
    if (granted) {
      CO_TRY_VOID(
          co_await access_.secrets_writer().put_resource_policy(state.secret_name, *granted, lease.sign_before()));
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

ResultTask<> KeyIssuer::replicate(const UserState& state, const aws::SecretDescription& secret, const Lease& lease) {
  std::vector<aws::Replica> missing;
  for (const auto& region : settings_.store.replica_regions) {
    const auto there =
        std::ranges::any_of(secret.replicas, [&](const auto& replica) { return replica.region == region; });
    if (there) continue;
    const auto key = settings_.store.replica_kms_key_ids.find(region);
    missing.push_back({region, key == settings_.store.replica_kms_key_ids.end() ? std::string() : key->second});
  }
  if (missing.empty()) co_return Result<>{};
  co_return co_await access_.secrets_writer().replicate(state.secret_name, std::move(missing), lease.sign_before());
}

/// One call for both tags: there is no instant at which the work is recorded and the intent still stands, or the other
/// way round.
ResultTask<> KeyIssuer::finish(const UserState& state, policy::Custody custody, const Lease& lease) {
  CO_TRY(auto text, policy::encode(custody));
  co_return co_await access_.secrets_writer().tag_secret(
      state.secret_name,
      {{std::string(policy::custody_tag), text},
       {std::string(policy::intent_tag), policy::encode_no_intent(lease.intent().lease_end)}},
      lease.sign_before());
}

/// Keys and secret as they are now, the secret last; last uses already known are kept.
ResultTask<UserState> KeyIssuer::look_again(UserState state) {
  CO_TRY(auto listed, co_await access_.iam().list_access_keys(state.facts.user));
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
      if (last_use) key.last_use = std::move(*last_use);
    }
    keys.push_back(std::move(key));
  }
  state.facts.keys = std::move(keys);
  CO_TRY(state.secret, co_await access_.secrets().describe_secret(state.secret_name));
  read_secret(*state.secret, state.facts);
  co_return state;
}

Task<StepResult> KeyIssuer::recover(UserState state) {
  if (!state.facts.intent || !state.secret) co_return held("in_progress", "the intent is gone");
  const auto left = *state.facts.intent;
  const auto lease = Lease::adopt(run_, clock_.now(), left);
  const auto prepared = co_await prepare(state, lease);  // adopts: writes an intent of our own with the same key list
  if (!prepared) co_return failed("store_not_ready", describe(prepared.error()));

  // Only what is seen after the adoption counts: another run may have settled this and begun anew in between, and
  // clearing the intent on an older list of keys would leave a key of that run without one.
  auto seen = co_await look_again(std::move(state));
  if (!seen) co_return failed("store_not_ready", describe(seen.error()));
  state = std::move(*seen);
  if (!same_intent(*state.secret, lease.intent())) co_return held("in_progress", "another run has taken over");
  state.facts.intent = left;

  const auto keys = state.facts.keys;
  for (const auto& key : keys) {
    if (std::ranges::find(left.had, key.id) != left.had.end()) continue;
    if (key.stored != policy::Stored::no) co_return co_await resume(std::move(state), key, lease);
    // A secret that was never stored is known to nobody, so a key in use is the user's own.
    if (!policy::left_to_recover(state.facts, left, key) || key.last_use.state == LastUse::State::used) continue;
    if (key.last_use.state == LastUse::State::unknown) {
      co_return held("last_use_unknown",
                     fmt::format("{} may be an orphan of run {}; its last use can't be read", key.id, left.run));
    }
    co_return co_await withdraw_orphan(std::move(state), key, lease);
  }
  const auto cleared = co_await finish(state, policy::observe(state.facts, clock_.now()), lease);
  if (!cleared) co_return failed("store_not_ready", describe(cleared.error()));
  co_return done(fmt::format("run {} had left an intent and no key; cleared", left.run));
}

/// Its secret is stored: verified by time (it is older than any spreading takes, and its secret can't be read back),
/// published now.
Task<StepResult> KeyIssuer::resume(UserState state, policy::KeyFacts key, const Lease& lease) {
  const auto now = clock_.now();
  if (key.status != KeyStatus::active) {
    const auto cleared = co_await finish(state, policy::observe(state.facts, now), lease);
    if (!cleared) co_return failed("store_not_ready", describe(cleared.error()));
    co_return done(fmt::format("{} was switched off by somebody before it was published; it stays so", key.id));
  }
  std::optional<AccessKeyId> old_key;
  for (const auto& candidate : state.facts.keys) {
    const auto& had = lease.intent().had;
    const bool was_there = std::ranges::find(had, candidate.id) != had.end();
    if (was_there && candidate.status == KeyStatus::active) old_key = candidate.id;
  }
  const auto token = version_token(state.facts.account, state.facts.user, key.id);
  auto finished = co_await publish(state, *state.secret, token, lease);
  if (finished) {
    const auto custody = after_rotation(policy::observe(state.facts, now), key.id, key.created, old_key, now);
    finished = co_await finish(state, custody, lease);
  }
  if (!finished) co_return failed("not_published", describe(finished.error()));
  co_return done(
      fmt::format("finished what an earlier run began: key {} published from {}", key.id, state.secret_name));
}

Task<StepResult> KeyIssuer::withdraw_orphan(UserState state, policy::KeyFacts key, const Lease& lease) {
  const auto off = co_await access_.iam_writer().deactivate_access_key(state.facts.user, key.id, lease.sign_before());
  if (!off && off.error().kind != ErrorKind::not_found) co_return failed("recover_failed", describe(off.error()));
  const auto now = clock_.now();
  auto custody = policy::observe(state.facts, now);
  // What its owner may have made is switched off too, as nobody can tell; but it gets the time that every key gets.
  const bool surely_ours = policy::made_under_first_lease(*state.facts.intent, key);
  const auto role = surely_ours ? policy::KeyRole::orphan : policy::KeyRole::watched;
  if (off) custody.put({key.id, role, now, now, true, std::nullopt});
  const auto recorded = co_await finish(state, custody, lease);
  if (!recorded) co_return failed("store_not_ready", describe(recorded.error()));
  if (!surely_ours) {
    co_return done(
        fmt::format("{} may be what run {} left, or its owner's: deactivated, as it was never used and its secret "
                    "is stored nowhere; deleted after {} if it stays so",
                    key.id, state.facts.intent->run, format_period(state.rules.recovery_grace.value)));
  }
  co_return done(fmt::format("{} had been issued by run {} and its secret was lost: deactivated; deleted after {}",
                             key.id, state.facts.intent->run, format_period(state.rules.orphan_grace.value)));
}

}  // namespace rekeyer::rotation
