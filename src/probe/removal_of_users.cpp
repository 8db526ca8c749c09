// Users: IAM deletes one only when nothing is left on it.
#include "aws/services/iam.hpp"
#include "base/try.hpp"
#include "probe/client.hpp"
#include "probe/removal.hpp"

namespace rekeyer::probe {
namespace {

using namespace std::chrono_literals;

/// A key or policy that was put a moment ago may be missing in lists, and then stops the deletion.
constexpr int deletion_attempts = 10;

bool is_gone(const Answer& answer) { return answer.accepted() || answer.refusal->kind == ErrorKind::not_found; }

ResultTask<> delete_keys(const Account& account, UserName user) {
  aws::IamClient iam(account.caller, account.principal);
  CO_TRY(const auto keys, co_await iam.list_access_keys(user));
  for (const auto& key : keys) CO_TRY_VOID(co_await iam.delete_access_key(user, key.id, aws::SignBefore::never()));
  co_return Result<>{};
}

/// The names in a list of IAM's.
ResultTask<std::vector<std::string>> listed(const Account& account, std::string operation, std::string list,
                                            std::string member, std::string user) {
  Client client(account.caller, account.principal);
  const auto answer = co_await client.query(aws::services::iam, std::move(operation), {{"UserName", std::move(user)}});
  if (answer.refusal) co_return fail(*answer.refusal);
  std::vector<std::string> names;
  for (const auto& item : answer.xml.children(list)) {
    CO_TRY(const auto text, item.text(member));
    names.emplace_back(text);
  }
  co_return names;
}

ResultTask<> remove_policies(const Account& account, const std::string& user) {
  Client client(account.caller, account.principal);
  CO_TRY(const auto inline_ones, co_await listed(account, "ListUserPolicies", "PolicyNames", "", user));
  for (const auto& policy : inline_ones) {
    const auto done = co_await client.iam("DeleteUserPolicy", {{"UserName", user}, {"PolicyName", policy}});
    if (!is_gone(done)) co_return fail(*done.refusal);
  }
  CO_TRY(const auto attached,
         co_await listed(account, "ListAttachedUserPolicies", "AttachedPolicies", "PolicyArn", user));
  for (const auto& policy : attached) {
    const auto done = co_await client.iam("DetachUserPolicy", {{"UserName", user}, {"PolicyArn", policy}});
    if (!is_gone(done)) co_return fail(*done.refusal);
  }
  co_return Result<>{};
}

}  // namespace

ResultTask<Removal> take_away_user(const Account& account, Thing thing) {
  aws::IamClient iam(account.caller, account.principal);
  Client client(account.caller, account.principal);
  const UserName user(thing.name);
  for (int attempt = 1;; ++attempt) {
    const auto found = co_await iam.get_user(user);
    if (!found && found.error().kind == ErrorKind::not_found) co_return Removal::absent;
    if (!found) co_return fail(found.error());
    // IAM finds users whatever the case of a name.
    const bool ours = found->user.name == user && found->user.path == user_path && tagged_by(thing.run, found->tags);
    if (!ours) co_return Removal::not_probes;
    CO_TRY_VOID(co_await delete_keys(account, user));
    CO_TRY_VOID(co_await remove_policies(account, thing.name));
    const auto deleted = co_await client.iam("DeleteUser", {{"UserName", thing.name}});
    if (is_gone(deleted)) co_return Removal::taken_away;
    const bool something_left = deleted.refused_with("DeleteConflict");
    if (!something_left || attempt == deletion_attempts) co_return fail(*deleted.refusal);
    co_await account.clock.sleep_for(3s);
  }
}

}  // namespace rekeyer::probe
