#include "rotation/lock.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "aws/auth/member_role_provider.hpp"
#include "base/try.hpp"
#include "rotation/lock_mark.hpp"
#include "rotation/secret_tags.hpp"
#include "rotation/trust.hpp"

namespace rekeyer::rotation {
namespace {

std::vector<std::string> filled_in(const std::vector<std::string>& patterns, const AccountId& account) {
  constexpr std::string_view placeholder = "{account}";
  std::vector<std::string> result;
  for (auto pattern : patterns) {
    for (auto at = pattern.find(placeholder); at != std::string::npos; at = pattern.find(placeholder, at)) {
      pattern.replace(at, placeholder.size(), account.str());
    }
    result.push_back(std::move(pattern));
  }
  return result;
}

void add(std::vector<std::string>& all, std::vector<std::string> more) {
  for (auto& one : more) {
    if (std::ranges::find(all, one) == all.end()) all.push_back(std::move(one));
  }
}

/// From the configuration alone, never from who runs: a person's role would lock the nightly function out.
std::vector<std::string> writers_of(const Settings& settings, const AccountId& account, std::string_view partition) {
  std::vector<std::string> writers;
  const auto& store = settings.store;
  if (store.location == StoreLocation::member) {
    aws::MemberRole member;
    member.partition = partition;
    member.account = account;
    member.role = settings.scope.member_role;
    writers.push_back(aws::member_role_arn(member).str());
  }
  add(writers, filled_in(store.writers, account));
  add(writers, filled_in(store.break_glass, account));
  return writers;
}

WantedPolicy wanted_without_lock(const StoreSettings& store, const policy::Subject& user, std::string_view partition) {
  WantedPolicy wanted;
  wanted.owner = arn_of(partition, user);
  wanted.owner_id = user.id;
  wanted.grant = store.grant == Grant::secret_policy || store.grant == Grant::both;
  wanted.readers = filled_in(store.readers, user.account);
  return wanted;
}

void lock_for(std::vector<std::string> writers, const StoreSettings& store, const AccountId& account,
              WantedPolicy& wanted) {
  wanted.writers = std::move(writers);
  wanted.former_writers = filled_in(store.former_writers, account);
  wanted.only_readers_read = store.lock == LockMode::all;
  if (wanted.only_readers_read) add(wanted.readers, filled_in(store.break_glass, account));
}

std::unexpected<Error> changed_when_made(const SecretName& name) {
  return fail(ErrorKind::conflict, fmt::format("somebody changed secret {} when it was made just now", name));
}

}  // namespace

Instant lock_holds_from(const aws::SecretDescription& secret, Instant now) {
  return secret.changed.value_or(now) + lock_spreads_in;
}

Arn arn_of(std::string_view partition, const policy::Subject& user) {
  return Arn(fmt::format("arn:{}:iam::{}:user{}{}", partition, user.account, user.path, user.user));
}

bool lockable(const Settings& settings, const AccountId& account, std::string_view partition,
              const StorePrincipal& writer) {
  if (settings.store.lock == LockMode::none || writer.arn.empty()) return false;
  return is_named(writers_of(settings, account, partition), writer.arn, writer.path_known);
}

bool lockable(const ReadAccess& access, const Settings& settings, const AccountId& account) {
  return lockable(settings, account, access.partition(), access.store_principal());
}

WantedPolicy wanted_policy(const Settings& settings, const policy::Subject& user, std::string_view partition,
                           const StorePrincipal& writer) {
  auto wanted = wanted_without_lock(settings.store, user, partition);
  if (!lockable(settings, user.account, partition, writer)) return wanted;
  lock_for(writers_of(settings, user.account, partition), settings.store, user.account, wanted);
  return wanted;
}

WantedPolicy configured_policy(const Settings& settings, const policy::Subject& user, std::string_view partition) {
  auto wanted = wanted_without_lock(settings.store, user, partition);
  auto named = writers_of(settings, user.account, partition);
  const auto former = filled_in(settings.store.former_writers, user.account);
  if (settings.store.lock == LockMode::none) {
    wanted.former_writers = former;  // a lock of before that is to be taken off is ours all the same
    add(wanted.former_writers, std::move(named));
    return wanted;
  }
  std::erase_if(named, [&](const std::string& one) { return std::ranges::find(former, one) != former.end(); });
  lock_for(std::move(named), settings.store, user.account, wanted);
  return wanted;
}

WantedPolicy wanted_policy(const ReadAccess& access, const Settings& settings, const policy::Subject& user) {
  return wanted_policy(settings, user, access.partition(), access.store_principal());
}

ResultTask<> secure_new_secret(WriteAccess& access, const Settings& settings, policy::Subject user,
                               aws::SecretDescription made, Instant now, aws::SignBefore sign_before) {
  const SecretName handle(made.arn.str());
  const auto wanted = wanted_policy(access, settings, user);
  CO_TRY(auto first, review_policy(std::nullopt, wanted));
  if (first.wanted) {
    CO_TRY_VOID(co_await access.secrets_writer().put_resource_policy(handle, *std::move(first.wanted), sign_before));
  }
  if (wanted.writers.empty()) co_return Result<>{};
  CO_TRY(const auto seen, co_await access.secrets().describe_secret(handle));
  CO_TRY(const bool proved, co_await proved_before_first_value(access, settings, user, seen, made.tags, now));
  if (proved) co_return changed_when_made(made.name);  // and proved, not by this run
  co_return co_await put_proof(access, settings, user, seen, made.tags, now, sign_before);
}

ResultTask<bool> proved_before_first_value(ReadAccess& access, const Settings& settings, policy::Subject user,
                                           aws::SecretDescription seen, aws::Tags tags, Instant now) {
  CO_TRY(const auto policy, co_await access.secrets().resource_policy(SecretName(seen.arn.str())));
  CO_TRY(const auto review, review_policy(policy, wanted_policy(access, settings, user)));
  const auto trust = judge_trust(seen, review, user.id, settings.store, access.proofs(), now);
  if (trust.state == Trust::State::ours || trust.state == Trust::State::fresh) co_return true;
  if (trust.state == Trust::State::foreign) co_return fail(ErrorKind::conflict, trust.why);
  if (!trust.locked || seen.tags != tags) co_return changed_when_made(seen.name);
  co_return false;
}

ResultTask<> make_record_secret(WriteAccess& access, const Settings& settings, policy::Subject user, SecretName name,
                                aws::Tags record, Instant now, aws::SignBefore sign_before) {
  const bool locks = lockable(access, settings, user.account);
  auto request = empty_secret(name, user, settings.store, locks ? aws::Tags{} : record);
  CO_TRY(auto made, co_await access.secrets_writer().create_secret(std::move(request), sign_before));
  const SecretName handle(made.arn.str());
  CO_TRY_VOID(co_await secure_new_secret(access, settings, std::move(user), std::move(made), now, sign_before));
  if (!locks) co_return Result<>{};
  co_return co_await access.secrets_writer().tag_secret(handle, std::move(record), sign_before);
}

ResultTask<> put_proof(WriteAccess& access, const Settings& settings, const policy::Subject& user,
                       const aws::SecretDescription& secret, aws::Tags tags, Instant now, aws::SignBefore sign_before) {
  CO_TRY(auto nothing_yet, policy::custody_tags({}, secret.tags));
  tags.merge(nothing_yet);
  tags.insert_or_assign(std::string(lock_tag), lock_mark(wanted_policy(access, settings, user)));
  co_return co_await tag_with_proof(access, secret.arn, user.id, Proof::fresh, std::move(tags), now, sign_before);
}

ResultTask<> tag_with_proof(WriteAccess& access, Arn secret, UserId owner, Proof proof, aws::Tags tags, Instant now,
                            aws::SignBefore sign_before) {
  CO_TRY(auto proved, co_await access.proofs().prove(secret, owner, proof, now));
  tags.insert_or_assign(std::string(proof_tag), std::move(proved));
  co_return co_await access.secrets_writer().tag_secret(SecretName(secret.str()), std::move(tags), sign_before);
}

}  // namespace rekeyer::rotation
