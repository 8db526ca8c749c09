#include "rotation/issue.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "aws/call/classify.hpp"
#include "base/log.hpp"
#include "policy/decision.hpp"
#include "rotation/naming.hpp"
#include "rotation/secret_value.hpp"

namespace rekeyer::rotation {
namespace {

constexpr std::chrono::seconds store_pause{5};
constexpr std::chrono::seconds verify_pause{2};
constexpr std::chrono::seconds verify_limit{90};
constexpr int verify_successes = 2;

/// Worth another try within the lease: not performed, and the cause may pass.
bool passing(ErrorKind kind) {
  return kind == ErrorKind::not_sent || kind == ErrorKind::throttled || kind == ErrorKind::credentials_expired ||
         kind == ErrorKind::clock_skew;
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

Task<StepResult> KeyIssuer::rotate(UserState state, AccessKeyId old_key) {
  const auto& facts = state.facts;
  const auto lease = Lease::begin(run_, clock_.now(), sorted_ids(facts));
  auto secret = co_await secret_.prepare(state, lease);
  if (!secret) {
    const auto kind = secret.error().kind;
    if (kind == ErrorKind::conflict) co_return step_held("in_progress", secret.error().message);
    co_return step_failed("store_not_ready", describe(secret.error()) + "; no key was issued");
  }

  const auto issued = co_await access_.iam_writer().create_access_key(facts.user, lease.sign_before());
  if (!issued) {
    const auto& error = issued.error();
    const auto until = iso8601(lease.intent().lease_end);
    if (error.kind == ErrorKind::limit_exceeded) {
      co_return step_held("no_room", "the user has two keys by now; the intent is left to its lease until " + until);
    }
    if (aws::ambiguous(error.kind)) {
      co_return step_failed("outcome_unknown",
                            fmt::format("{}; a key may exist whose secret is lost: a run after {} finds "
                                        "and withdraws it",
                                        describe(error), until));
    }
    co_return step_failed(std::string(name(error.kind)), describe(error) + "; no key was issued");
  }
  log::info("access key issued",
            {{"account", facts.account.str()}, {"user", facts.user.str()}, {"key", issued->id().str()}});

  const auto stored = co_await store(*issued, state, lease);
  if (!stored && (aws::ambiguous(stored.error().kind) || stored.error().kind == ErrorKind::lease_over)) {
    co_return step_failed("outcome_unknown",
                          fmt::format("{}; nobody knows whether the secret of {} was stored: a run after {} looks",
                                      describe(stored.error()), issued->id(), iso8601(lease.intent().lease_end)));
  }
  if (!stored) {
    const auto withdrawn = co_await withdraw(state, issued->id(), stored.error(), lease);
    if (!withdrawn.done) co_return withdrawn;  // done: it is stored after all
  }

  const auto verified = co_await verify(*issued, state, lease);
  if (!verified) {
    co_return step_failed("not_verified",
                          fmt::format("{}; {} is stored and not yet published: a run after {} goes on",
                                      describe(verified.error()), issued->id(), iso8601(lease.intent().lease_end)));
  }
  const auto token = version_token(facts.account, facts.user, issued->id());
  const Arn secret_arn = secret->arn;
  auto published = co_await secret_.publish(state, std::move(*secret), token, lease);
  policy::Custody custody;
  if (published) {
    const auto now = clock_.now();
    custody = after_rotation(policy::observe(facts, now), issued->id(), issued->created, old_key, now);
    published = co_await secret_.finish(state, custody, lease);
  }
  if (!published) {
    co_return step_failed("not_published",
                          fmt::format("{}; {} is stored and verified: a run after {} goes on",
                                      describe(published.error()), issued->id(), iso8601(lease.intent().lease_end)));
  }
  auto result = step_done(fmt::format("new key {} stored in {}", issued->id(), state.secret_name));
  result.issued = policy::KeyFacts{issued->id(),     KeyStatus::active,       issued->created,
                                   LastUse::never(), policy::Stored::current, false};
  result.custody = std::move(custody);
  result.secret_arn = secret_arn;
  co_return result;
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
    co_return step_failed("store_failed",
                          fmt::format("{}; {} could not be looked at again: {}", describe(cause), key, later));
  }
  if (seen && seen->versions.contains(version_token(state.facts.account, state.facts.user, key)))
    co_return step_done({});
  if (seen && !same_intent(*seen, lease.intent())) {
    co_return step_held("in_progress",
                        fmt::format("{}; another run has taken over and decides about {}", describe(cause), key));
  }
  const auto removed = co_await access_.iam_writer().delete_access_key(state.facts.user, key, lease.sign_before());
  if (!removed) {
    co_return step_failed("store_failed", fmt::format("{}; the new key {} could not be withdrawn ({}): {}",
                                                      describe(cause), key, describe(removed.error()), later));
  }
  co_return step_failed(
      "store_failed", fmt::format("{}; the new key {} was withdrawn, the old one is untouched", describe(cause), key));
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

}  // namespace rekeyer::rotation
