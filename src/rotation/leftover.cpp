#include "rotation/leftover.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "policy/intent.hpp"
#include "rotation/lock.hpp"
#include "rotation/survey.hpp"
#include "rotation/trust.hpp"

namespace rekeyer::rotation {
namespace {

/// Whoever may tag a secret could else have it deleted: by the id of a user who never was.
Task<std::optional<StepResult>> not_surely_ours(ReadAccess& access, const Settings& settings, AccountId account,
                                                NamedSecret leftover) {
  const auto& [user, secret] = leftover;
  policy::Subject owner;
  owner.account = account;
  owner.user = user;
  owner.id = id_on(secret);
  if (!lockable(access, settings, account)) co_return std::nullopt;
  const auto policy = co_await access.secrets().resource_policy(SecretName(secret.arn.str()));
  if (!policy) co_return step_not_read(policy.error());
  const auto review = review_policy(*policy, wanted_policy(access, settings, owner));
  const bool known = review && !owner.id.empty();
  if (known && is_proved(secret, *review, owner.id, access.proofs())) co_return std::nullopt;
  co_return step_held(policy::Reason::not_ours,
                      fmt::format("nobody in the account has its name and id, and nothing shows that rekeyer "
                                  "made it for somebody who is gone: delete secret {} by hand",
                                  secret.name));
}

/// One who was renamed while the account's users were listed may stand in no list.
Task<std::optional<StepResult>> listed_still(ReadAccess& access, const Settings& settings, UserId id) {
  const auto users = co_await users_of_account(access, settings);
  if (!users) co_return step_not_read(users.error());
  const auto found = std::ranges::find(*users, id, &aws::User::id);
  if (found == users->end()) co_return std::nullopt;
  co_return step_held(RunReason::user_exists,
                      fmt::format("the user is there: {}, renamed while the users were listed", found->name));
}

/// Whose secret it is may be there under another name: then the secret may hold the only copy of a key that works.
Task<std::optional<StepResult>> still_needed(ReadAccess& access, const Settings& settings, Instant now,
                                             AccountId account, NamedSecret leftover) {
  const auto& [user, secret] = leftover;
  const auto id = id_on(secret);
  const auto named = co_await access.iam().get_user(user);
  if (!named && named.error().kind != ErrorKind::not_found) co_return step_not_read(named.error());
  if (named && (id.empty() || id == named->user.id)) {
    co_return step_held(RunReason::user_exists,
                        fmt::format("the user is there: the lists were out of date, or secret {} is a second one with "
                                    "that name",
                                    secret.name));
  }
  policy::UserFacts facts;
  facts.account = account;
  facts.user = user;
  read_secret(secret, user, now, facts);
  if (facts.intent || facts.intent_unreadable) {
    co_return step_held(RunReason::intent_open,
                        fmt::format("a rotation may be half done by what the tag {} of secret {} says: look whether a "
                                    "key of it is anybody's, then set the tag to \"none\"",
                                    policy::intent_tag, secret.name));
  }
  std::optional<Error> denied;
  for (const auto& record : facts.custody.keys) {
    const auto use = co_await access.iam().access_key_last_used(record.id);
    if (use) {
      co_return step_held(
          RunReason::key_lives,
          fmt::format("key {}, which is on its record, is there: user {} has it{}", record.id,
                      use->user.empty() ? UserName("<root>") : use->user, id.empty() ? ", renamed perhaps" : ""));
    }
    if (use.error().kind != ErrorKind::not_found && use.error().kind != ErrorKind::access_denied) {
      co_return step_not_read(use.error());
    }
    if (use.error().kind == ErrorKind::access_denied) denied = use.error();
  }
  if (auto strange = co_await not_surely_ours(access, settings, account, leftover)) co_return strange;
  if (!denied) co_return std::nullopt;
  // AWS may answer so for a key that is gone, too. Where the user's id is known, a list tells whether he is gone as
  // well.
  if (id.empty()) co_return step_not_read(*denied);
  co_return co_await listed_still(access, settings, id);
}

}  // namespace

Task<std::expected<aws::SecretDescription, StepResult>> look_at_leftover(ReadAccess& access, const Settings& settings,
                                                                         Instant now, AccountId account,
                                                                         NamedSecret leftover) {
  auto fresh = co_await access.secrets().describe_secret(SecretName(leftover.secret.arn.str()));
  if (!fresh && fresh.error().kind == ErrorKind::not_found) {
    co_return std::unexpected(step_done("it is gone already"));
  }
  if (!fresh) co_return std::unexpected(step_not_read(fresh.error()));
  if (fresh->deleted) co_return std::unexpected(step_done("it is scheduled for deletion already"));
  auto needed = co_await still_needed(access, settings, now, std::move(account), {leftover.user, *fresh});
  if (needed) co_return std::unexpected(*std::move(needed));
  co_return *std::move(fresh);
}

}  // namespace rekeyer::rotation
