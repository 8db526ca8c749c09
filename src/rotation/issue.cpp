#include "rotation/issue.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "aws/call/classify.hpp"
#include "base/log.hpp"
#include "policy/decision.hpp"
#include "policy/match.hpp"
#include "policy/observe.hpp"
#include "policy/transitions.hpp"
#include "rotation/identity.hpp"
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

bool belongs_to(const aws::CallerIdentity& identity, const policy::Subject& user) {
  return identity.account == user.account && identity.user_id == user.id.str();
}

}  // namespace

Task<RotationResult> KeyIssuer::rotate(UserState state, AccessKeyId old_key, bool asked_for) {
  const auto& facts = state.facts;
  if (auto hindered = co_await secret_.preflight(state, asked_for)) co_return *std::move(hindered);
  const auto lease = Lease::begin(run_, clock_.now(), sorted_ids(facts));
  auto claimed = co_await secret_.claim(state, lease);
  if (!claimed) {
    const auto kind = claimed.error().kind;
    if (kind == ErrorKind::conflict) co_return step_held(policy::Reason::in_progress, claimed.error().message);
    co_return step_failed(RunReason::store_not_ready, describe(claimed.error()) + "; no key was issued");
  }
  state.secret = *claimed;
  auto end = co_await work(std::move(state), old_key, lease);
  end.began = true;
  co_return end;
}

/// Everything that comes after the intent is on record.
Task<RotationResult> KeyIssuer::work(UserState state, AccessKeyId old_key, const Lease& lease) {
  const auto& facts = state.facts;
  const auto issued = co_await issue(state, lease);
  if (!issued) {
    if (issued.error().issued_nothing) co_await secret_.note_issued_nothing(*state.secret, lease);
    co_return issued.error();
  }
  log::info("access key issued",
            {{"account", facts.account.str()}, {"user", facts.user.str()}, {"key", issued->id().str()}});

  const auto stored = co_await store(*issued, state, lease);
  if (!stored && (aws::ambiguous(stored.error().kind) || stored.error().kind == ErrorKind::lease_over)) {
    co_return step_failed(ErrorKind::outcome_unknown,
                          fmt::format("{}; nobody knows whether the secret of {} was stored: a run after {} looks",
                                      describe(stored.error()), issued->id(), iso8601(lease.intent().lease_end)));
  }
  if (!stored && stored.error().kind == ErrorKind::already_exists) {
    auto others = step_failed(
        policy::Reason::not_ours,
        fmt::format("somebody stored another value in secret {} under the token of the new key", state.place.name));
    co_return co_await take_back(state, issued->id(), std::move(others), lease);
  }
  if (!stored) {
    const auto withdrawn = co_await withdraw(state, issued->id(), stored.error(), lease);
    std::optional<Error> refusal;
    if (!passing(stored.error().kind)) refusal = stored.error();
    if (withdrawn.issued_nothing) co_await secret_.note_issued_nothing(*state.secret, lease, std::move(refusal));
    co_return withdrawn;
  }

  const auto verified = co_await verify(*issued, state, lease);
  if (!verified) {
    co_return step_failed(
        RunReason::not_verified,
        fmt::format("{}; {} is stored and not yet published: a run after {} finishes that or withdraws it",
                    describe(verified.error()), issued->id(), iso8601(lease.intent().lease_end)));
  }
  if (auto disturbed = co_await secret_.disturbed(state)) {
    co_return co_await take_back(state, issued->id(), *std::move(disturbed), lease);
  }
  auto published = co_await secret_.publish(*state.secret, state.token(issued->id()), lease);
  policy::Custody custody;
  if (published) {
    const auto now = clock_.now();
    custody = policy::after_rotation(policy::observe(facts, now), issued->id(), issued->created, old_key, now);
    published = co_await secret_.finish_ready(state, custody, lease);
  }
  if (!published) {
    co_return step_failed(RunReason::not_published,
                          fmt::format("{}; {} is stored and verified: a run after {} finishes that",
                                      describe(published.error()), issued->id(), iso8601(lease.intent().lease_end)));
  }
  RotationResult result = step_done(fmt::format("new key {} stored in {}", issued->id(), state.place.name));
  result.issued = policy::KeyFacts{issued->id(),     KeyStatus::active,       issued->created,
                                   LastUse::never(), policy::Stored::current, false};
  result.custody = std::move(custody);
  result.secret_arn = state.secret->arn;
  co_return result;
}

/// What may fail for good, then a last look at secret and user, then the key, then once more at the user:
/// CreateAccessKey takes a name, and a name may become another user's at any moment.
Task<KeyIssuer::Issued> KeyIssuer::issue(UserState& state, const Lease& lease) {
  const auto refused = [](RotationResult end) {
    end.issued_nothing = true;
    return std::unexpected(std::move(end));
  };
  const auto ready = co_await secret_.make_ready(state, *state.secret, lease);
  if (!ready) {
    co_return refused(step_failed(RunReason::store_not_ready, describe(ready.error()) + "; no key was issued"));
  }
  auto seen = co_await secret_.look(state, lease);
  if (!seen && seen.error().reason == policy::Reason::in_progress) co_return std::unexpected(std::move(seen.error()));
  if (!seen) co_return refused(std::move(seen.error()));
  state.secret = std::move(*seen);
  if (auto changed = co_await another_user(state)) co_return refused(*std::move(changed));

  auto issued = co_await access_.iam_writer().create_access_key(state.facts.user, lease.sign_before());
  if (!issued) {
    const auto& error = issued.error();
    const auto until = iso8601(lease.intent().lease_end);
    if (error.kind == ErrorKind::limit_exceeded) {
      co_return refused(step_held(policy::Reason::no_room, "the user has two keys by now"));
    }
    if (aws::ambiguous(error.kind)) {
      co_return std::unexpected(step_failed(
          ErrorKind::outcome_unknown, fmt::format("{}; a key may exist whose secret is lost: a run after {} finds "
                                                  "and withdraws it",
                                                  describe(error), until)));
    }
    const auto* const kept_out = error.kind == ErrorKind::access_denied
                                     ? "; if the role is meant to leave this user alone, exempt the user in "
                                       "rekeyer.toml as well"
                                     : "";
    co_return refused(step_failed(error.kind, describe(error) + "; no key was issued" + kept_out));
  }
  const auto changed = co_await another_user(state);
  if (!changed) co_return std::move(*issued);
  // Its secret dies here: nothing of one user is stored in the secret of another. Whose it is nobody can tell, and
  // under a name that is not his any more it is not found: the intent stays, and a run that finds the user looks.
  co_await access_.iam_writer().delete_access_key(state.facts.user, issued->id(), lease.sign_before());
  co_return std::unexpected(step_failed(
      *changed->reason, fmt::format("{}, when its key {} had been issued: withdrawn, and a run after {} looks for it",
                                    changed->detail, issued->id(), iso8601(lease.intent().lease_end))));
}

/// Why the name is not the user's, or may not be; nothing where it is.
Task<std::optional<StepResult>> KeyIssuer::another_user(const UserState& state) {
  const auto& name = state.facts.user;
  const auto user = co_await same_user(access_.iam(), state.subject);
  if (user) co_return std::nullopt;
  if (user.error().kind == ErrorKind::not_found) {
    co_return step_held(RunReason::identity_changed, fmt::format("user {} was renamed or deleted just now", name));
  }
  if (user.error().kind == ErrorKind::conflict) co_return step_held(RunReason::identity_changed, user.error().message);
  co_return step_failed(RunReason::identity_unknown,
                        fmt::format("who has the name {} now can't be read: {}", name, describe(user.error())));
}

/// Until it is stored, or known not to be, or the lease ends. A version under the key's token is no evidence: the token
/// follows from what everybody may list. Only AWS's answer to this very value is, `already_exists` where another is
/// there.
ResultTask<> KeyIssuer::store(const aws::IssuedKey& key, const UserState& state, const Lease& lease) {
  const auto token = state.token(key.id());
  const auto value = secret_value(key, state.facts.user);
  std::optional<Error> doubt;  // an earlier try may have stored it
  for (;;) {
    const auto put = co_await access_.secrets_writer().put_secret_value(
        state.handle(), token, value, std::string(stage_pending), lease.sign_before());
    if (put || put.error().kind == ErrorKind::already_exists) co_return put;
    if (aws::ambiguous(put.error().kind)) {
      doubt = put.error();
    } else if (!passing(put.error().kind)) {
      if (doubt) co_return fail(*doubt);
      co_return put;
    }
    if (clock_.now() + store_pause >= lease.work_end()) {
      if (doubt) co_return fail(*doubt);
      co_return put;
    }
    co_await clock_.sleep_for(store_pause);
  }
}

/// A value is stored that others may read, or that its owner may not: nobody was told of the key yet.
Task<StepResult> KeyIssuer::take_back(const UserState& state, AccessKeyId key, StepResult cause, const Lease& lease) {
  const auto removed = co_await access_.iam_writer().delete_access_key(state.facts.user, key, lease.sign_before());
  if (!removed) {
    cause.detail += fmt::format("; the new key {} could not be withdrawn ({}): a run after {} goes on", key,
                                describe(removed.error()), iso8601(lease.intent().lease_end));
    co_return cause;
  }
  cause.detail += fmt::format("; the new key {} was withdrawn, the old one is untouched", key);
  if (!co_await another_user(state)) co_await secret_.note_issued_nothing(*state.secret, lease);
  co_return cause;
}

/// The secret dies with the caller's frame, so the key is useless: take it back now. Whatever stands under its token,
/// nobody was told of it.
Task<RotationResult> KeyIssuer::withdraw(const UserState& state, AccessKeyId key, Error cause, const Lease& lease) {
  const auto later = fmt::format("a run after {} withdraws it", iso8601(lease.intent().lease_end));
  const auto seen = co_await access_.secrets().describe_secret(state.handle());
  if (!seen && seen.error().kind != ErrorKind::not_found) {
    co_return step_failed(RunReason::store_failed,
                          fmt::format("{}; {} could not be looked at again: {}", describe(cause), key, later));
  }
  if (seen && !same_intent(*seen, lease.intent())) {
    co_return step_held(policy::Reason::in_progress,
                        fmt::format("{}; another run has taken over and decides about {}", describe(cause), key));
  }
  const auto removed = co_await access_.iam_writer().delete_access_key(state.facts.user, key, lease.sign_before());
  if (!removed) {
    co_return step_failed(RunReason::store_failed, fmt::format("{}; the new key {} could not be withdrawn ({}): {}",
                                                               describe(cause), key, describe(removed.error()), later));
  }
  RotationResult end =
      step_failed(RunReason::store_failed, fmt::format("{}; the new key {} was withdrawn, the old one is untouched{}",
                                                       describe(cause), key, secret_.other_key_words(state)));
  end.issued_nothing = !co_await another_user(state);  // under a name that is not his any more it was not found
  co_return end;
}

/// A new key needs seconds to spread, server by server: two answers in a row, within a bounded wait.
ResultTask<> KeyIssuer::verify(const aws::IssuedKey& key, const UserState& state, const Lease& lease) {
  const auto end = std::min(clock_.now() + verify_limit, lease.work_end());
  int successes = 0;
  for (;;) {
    const auto identity = co_await access_.identity().identity_of(key.credentials);
    if (identity && !belongs_to(*identity, state.subject)) {
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
