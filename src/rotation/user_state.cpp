#include "rotation/user_state.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/log.hpp"
#include "base/try.hpp"
#include "policy/decision.hpp"
#include "policy/intent.hpp"
#include "policy/observe.hpp"
#include "policy/precedence.hpp"
#include "rotation/issued_nothing.hpp"
#include "rotation/lock.hpp"
#include "rotation/naming.hpp"
#include "rotation/secrets_of_account.hpp"

namespace rekeyer::rotation {
namespace {

/// A key is made for a secret that is there: one that is older than the secret is nobody's orphan, and is deleted after
/// a whole recovery period like any other.
void bound_orphans(const aws::SecretDescription& secret, policy::UserFacts& facts) {
  if (!secret.created) return;
  const Instant earliest = std::chrono::floor<std::chrono::seconds>(*secret.created);
  for (const auto& key : facts.keys) {
    const auto record = std::ranges::find(facts.custody.keys, key.id, &policy::KeyRecord::id);
    if (record == facts.custody.keys.end() || record->phase != policy::KeyPhase::orphan) continue;
    if (key.created < earliest) record->phase = policy::KeyPhase::watched;
  }
}

policy::Stored stored_of(const aws::SecretDescription& secret, const VersionId& token) {
  const auto version = secret.versions.find(token);
  if (version == secret.versions.end()) return policy::Stored::no;
  if (version->second.contains(std::string(stage_current))) return policy::Stored::current;
  if (version->second.contains(std::string(stage_pending))) return policy::Stored::pending;
  return policy::Stored::previous;
}

/// No record is older than the secret that it stands on: AWS keeps that date. Whoever makes a secret with a record of
/// months ago wins no day by it.
void bound_claims(const aws::SecretDescription& secret, policy::Custody& custody) {
  if (!secret.created) return;
  const Instant earliest = std::chrono::floor<std::chrono::seconds>(*secret.created);
  for (auto& record : custody.keys) {
    // A current key's is the key's own date, which IAM has.
    if (record.phase != policy::KeyPhase::current) record.since = std::max(record.since, earliest);
    if (record.inactive_since) record.inactive_since = std::max(*record.inactive_since, earliest);
    if (record.reactivated) record.reactivated = std::max(*record.reactivated, earliest);
  }
}

std::optional<std::string> in_words(const std::vector<std::string>& findings) {
  return findings.empty() ? std::nullopt : std::optional(fmt::format("{}", fmt::join(findings, "; ")));
}

/// Copies that are not in sync, and those of `wanted` that are not there at all: another run may be ordering one anew.
std::optional<std::string> copies_behind(const aws::SecretDescription& secret, const std::vector<Region>& wanted) {
  std::vector<std::string> behind;
  for (const auto& region : wanted) {
    if (std::ranges::find(secret.replicas, region, &aws::ReplicaStatus::region) != secret.replicas.end()) continue;
    behind.push_back(fmt::format("the copy in {} is not there", region));
  }
  for (const auto& replica : secret.replicas) {
    if (replica.status == "InSync") continue;
    behind.push_back(fmt::format("the copy in {} is {}{}", replica.region,
                                 replica.status.empty() ? "of no known state" : replica.status,
                                 replica.message.empty() ? "" : fmt::format(" ({})", replica.message)));
  }
  return in_words(behind);
}

/// The policy, what it and the secret say of whose it is, and whether the owner may read. `state` has the secret.
ResultTask<> read_policy(ReadAccess& access, const Settings& settings, Instant now, Arn made, UserState& state) {
  const auto& user = state.subject;
  const bool locks = lockable(access, settings, user.account);
  if (state.secret->deleted) {
    if (!locks) co_return Result<>{};
    state.trust.state = Trust::State::marked;
    state.trust.proved = access.proofs().holds(*state.secret, user.id);
    if (state.trust.proved) co_return Result<>{};
    // Whatever its policy says: somebody who follows the advice to delete it shall not find it restored.
    auto unlocked = judge_trust(*state.secret, {}, user.id, settings.store, access.proofs(), now);
    if (unlocked.state != Trust::State::foreign) co_return Result<>{};
    state.trust.why = std::move(unlocked.why) + "; it is scheduled for deletion";
    co_return Result<>{};
  }
  auto policy = co_await access.secrets().resource_policy(state.handle());
  // Whoever grants by users' policies alone may not be allowed to look.
  if (!policy && !locks) co_return Result<>{};
  if (!policy) co_return fail(in_context(policy.error(), "can't tell who may read and change the user's secret"));
  state.policy = std::move(*policy);
  state.policy_read = true;
  const auto review = review_policy(state.policy, wanted_policy(access, settings, user));
  if (!review) {
    if (!locks) co_return Result<>{};
    state.trust.state = Trust::State::foreign;
    state.trust.why = fmt::format("secret {}: {}", state.place.name, review.error().message);
    co_return Result<>{};
  }
  if (!review->hindering.empty()) {
    state.facts.owner_denied = owner_denied_words(state.place.name, review->hindering.front());
  }
  if (locks) state.trust = judge_trust(*state.secret, *review, user.id, settings.store, access.proofs(), now);
  const bool made_just_now = state.trust.state == Trust::State::fresh && state.secret->arn == made;
  if (made_just_now) state.trust.state = Trust::State::ours;
  co_return Result<>{};
}

/// Did the lock hold everywhere when the run of the intent began?
bool was_locked_before(const aws::SecretDescription& secret, Proof proof, const policy::Intent& intent) {
  const auto since = proved_at(secret);
  return since && *since + (proof == Proof::fresh ? lock_spreads_in : std::chrono::minutes{0}) <= intent.started;
}

/// That it is not found is said of a user who is gone, by a list of his keys; a secret that was there a moment ago was
/// deleted by somebody, and what is due waits until it is looked at again.
Error of_the_secret(Error error) {
  if (error.kind != ErrorKind::not_found) return error;
  error.kind = ErrorKind::rejected;
  error.message += "; it was there a moment ago";
  return error;
}

void disbelieve(const Trust& trust, Instant now, policy::UserFacts& facts) {
  const bool unproved = trust.state == Trust::State::marked && !trust.proved;
  if (trust.state != Trust::State::adoptable && trust.state != Trust::State::foreign && !unproved) return;
  forget_record(now, facts);
  if (!trust.why.empty()) facts.not_ours = trust.why;
}

}  // namespace

void disbelieve_what_cannot_be(ReadAccess& access, const Settings& settings, const policy::Subject& user,
                               const aws::SecretDescription& secret, policy::UserFacts& facts) {
  bound_orphans(secret, facts);
  if (!facts.intent || !lockable(access, settings, user.account)) return;
  if (was_locked_before(secret, access.proofs().find(secret, user.id), *facts.intent)) return;
  for (auto& key : facts.keys) {
    if (!policy::may_be_issued_under(*facts.intent, key)) continue;
    // Whoever has used the key had its secret: the run that verified it once it was stored, or its owner.
    if (key.last_use.state != LastUse::State::used) key.stored = policy::Stored::no;
  }
}

ResultTask<FoundSecret> find_secret(ReadAccess& access, const Settings& settings, UserContext user) {
  const auto& name_template = settings.store.name_template;
  const auto& account = user.subject.account;
  const auto& name = user.subject.user;
  const auto& id = user.subject.id;
  FoundSecret found;
  found.place = user.place ? *user.place : SecretPlace{secret_name(name_template, account, name), name};
  auto described = co_await access.secrets().describe_secret(found.place.name);
  if (!described && described.error().kind != ErrorKind::not_found) co_return fail(described.error());
  if (described) found.secret = std::move(*described);
  const auto whose = found.secret ? id_on(*found.secret) : UserId();
  const auto* proofs = signed_proofs(access, settings);
  const bool believed = user.place || proofs == nullptr || (found.secret && proofs->holds(*found.secret, id));
  const bool surely = found.secret && !whose.empty() && whose == id && believed;
  if (surely || id.empty()) co_return found;
  if (user.place) {
    if (whose.empty()) co_return found;
    co_return fail(ErrorKind::conflict, fmt::format("the secret {} is by its tag {} that of user {}, not of {} ({})",
                                                    found.place.name, id_tag, whose, name, id));
  }
  CO_TRY(auto listed,
         co_await access.secrets().list_tagged_secrets(secret_name_prefix(name_template, account), id.str()));
  if (found.secret) listed.push_back(*found.secret);
  SecretsOfAccount secrets(name_template, account, std::move(listed), proofs);
  if (const auto* his = secrets.claim(name, id)) {
    found.place = {his->secret.name, his->user};
    if (found.secret && found.secret->name == his->secret.name) co_return found;
    CO_TRY(found.secret, co_await access.secrets().describe_secret(SecretName(his->secret.arn.str())));
    co_return found;
  }
  found.place = secrets.free_place(name, id);
  found.secret.reset();
  co_return found;
}

const Proofs* signed_proofs(ReadAccess& access, const Settings& settings) {
  return settings.store.proof.empty() ? nullptr : &access.proofs();
}

Error in_store_context(Error error, std::string_view context, const StoreSettings& store) {
  // So it answers in a Region that an account has not switched on; whoever came this far has a session that is known.
  if (error.kind == ErrorKind::credentials_invalid) {
    error.message += fmt::format("; is the Region {} (store.region) switched on in this account?", store.region);
  }
  return in_context(std::move(error), context);
}

std::optional<std::string> failed_copies(const aws::SecretDescription& secret) {
  std::vector<std::string> failed;
  for (const auto& replica : secret.replicas) {
    if (replica.status != replica_failed_status) continue;
    failed.push_back(fmt::format("the copy of {} in {} failed: {}", secret.name, replica.region,
                                 replica.message.empty() ? "AWS does not say why" : replica.message));
  }
  return in_words(failed);
}

std::string owner_denied_words(const SecretName& secret, std::string_view statement) {
  return fmt::format("the policy of secret {} keeps its owner from reading: {}", secret, statement);
}

void forget_record(Instant now, policy::UserFacts& facts) {
  facts.custody = {};
  facts.custody_lost = false;
  facts.notices = {};
  facts.intent_unreadable = false;
  facts.issued_nothing = false;
  facts.copies_behind.reset();
  facts.owner_denied.reset();
  if (facts.intent && facts.intent->lease_end <= now) facts.intent.reset();
  for (auto& key : facts.keys) key.stored = policy::Stored::no;
}

policy::NoticeRecord read_notice_record(const aws::SecretDescription& secret) {
  auto parsed = policy::read_notices(secret.tags);
  if (parsed) return *std::move(parsed);
  log::warn("notice tag can't be read: owners are told anew",
            {{"secret", secret.name.str()}, {"problem", parsed.error().message}});
  return {};
}

VersionId UserState::token(const AccessKeyId& key) const { return version_token(facts.account, place.carries, key); }

void read_secret(const aws::SecretDescription& secret, const UserName& carries, Instant now, policy::UserFacts& facts) {
  for (auto& key : facts.keys) key.stored = stored_of(secret, version_token(facts.account, carries, key.id));
  const auto ours = [](const auto& version) { return is_version_token(version.first.str()); };

  if (auto custody = policy::read_custody(secret.tags); !custody) {
    facts.custody_lost = true;
    log::warn("custody tag can't be read and is derived anew",
              {{"account", facts.account.str()}, {"user", facts.user.str()}, {"problem", custody.error().message}});
  } else if (*custody) {
    facts.custody = **std::move(custody);
  } else {
    facts.custody_lost = std::ranges::any_of(secret.versions, ours);
  }

  bound_claims(secret, facts.custody);
  facts.notices = read_notice_record(secret);
  facts.copies_failed = failed_copies(secret).has_value();

  const auto* intent = policy::value_of(secret.tags, policy::intent_tag);
  if (intent == nullptr) return;
  if (auto parsed = policy::parse_intent(*intent); parsed && !policy::claims_too_much(*intent, now)) {
    facts.intent = std::move(*parsed);
    const auto noted = read_issued_nothing(secret.tags);
    facts.issued_nothing = facts.intent && noted && noted->run == facts.intent->run;
  } else {
    facts.intent_unreadable = true;
  }
}

void read_rules(const policy::PolicyConfig& config, const UserContext& context, Instant now, policy::UserFacts& facts,
                policy::Rules& rules) {
  facts.exemption_unreadable = context.exemption_unreadable;
  facts.exemption = policy::exemption_for(config, context.subject, now);
  if (auto effective = policy::effective_rules(config, context.subject); effective) {
    rules = std::move(*effective);
  } else {
    facts.rules_unreadable = effective.error().message;
  }
}

ResultTask<UserState> read_user(ReadAccess& access, const Settings& settings, UserContext context, Instant now) {
  UserState state;
  const auto& subject = context.subject;
  state.facts.account = subject.account;
  state.facts.user = subject.user;
  state.subject = subject;

  auto keys = co_await access.iam().list_access_keys(subject.user);
  if (!keys) co_return fail(keys.error());
  for (auto& key : *keys) {
    policy::KeyFacts fact;
    fact.id = key.id;
    fact.status = key.status;
    fact.created = key.created;
    fact.signs_this_run = !access.signer_key().empty() && key.id == access.signer_key();
    auto last_use = co_await access.iam().access_key_last_used(key.id);
    if (last_use) {
      fact.last_use = std::move(last_use->last);
    } else {
      log::warn(
          "last use can't be read: the key will not be retired",
          {{"account", subject.account.str()}, {"user", subject.user.str()}, {"error", describe(last_use.error())}});
    }
    state.facts.keys.push_back(std::move(fact));
  }

  auto found = co_await find_secret(access, settings, context);
  if (!found) {
    co_return fail(of_the_secret(in_store_context(found.error(), "can't tell what is stored", settings.store)));
  }
  state.place = std::move(found->place);
  state.secret = std::move(found->secret);
  if (state.secret) {
    if (auto read = co_await read_policy(access, settings, now, context.made, state); !read) {
      co_return fail(of_the_secret(read.error()));
    }
    read_secret(*state.secret, state.place.carries, now, state.facts);
    state.facts.copies_behind = copies_behind(*state.secret, settings.store.replica_regions);
    disbelieve(state.trust, now, state.facts);
    disbelieve_what_cannot_be(access, settings, subject, *state.secret, state.facts);
  }
  read_rules(settings.policy, context, now, state.facts, state.rules);
  state.intent_on_record = state.facts.intent;
  if (policy::intent_is_void(state.facts, now)) state.facts.intent.reset();
  co_return state;
}

}  // namespace rekeyer::rotation
