#include "rotation/placing.hpp"

#include <algorithm>

#include "base/try.hpp"

namespace rekeyer::rotation {
namespace {

template <class T>
bool has(const std::vector<T>& list, const T& item) {
  return std::ranges::find(list, item) != list.end();
}

bool stands_in(const AccountTarget& target, const std::vector<OuId>& list) {
  return std::ranges::any_of(list, [&](const OuId& ou) { return has(target.ous, ou); });
}

AccountTarget skipping(AccountTarget target, std::string why) {
  target.skip = std::move(why);
  return target;
}

/// Does the scope ask where this account stands?
bool scope_asks_for_ous(const ScopeSettings& scope, const AccountTarget& target) {
  return !scope.exclude_ous.empty() || (!scope.include_ous.empty() && !has(scope.include_accounts, target.id));
}

/// By accounts and OUs; the management account is asked about elsewhere.
AccountTarget judged(const ScopeSettings& scope, AccountTarget target) {
  if (!is_included(scope, target)) {
    return skipping(std::move(target), "not in scope: neither include_ous nor include_accounts selects it");
  }
  if (auto why = excluded_by(scope, target)) return skipping(std::move(target), *std::move(why));
  return target;
}

}  // namespace

bool is_included(const ScopeSettings& scope, const AccountTarget& target) {
  if (scope.include_ous.empty() && scope.include_accounts.empty()) return true;
  return stands_in(target, scope.include_ous) || has(scope.include_accounts, target.id);
}

std::optional<std::string> excluded_by(const ScopeSettings& scope, const AccountTarget& target) {
  if (has(scope.exclude_accounts, target.id)) return "excluded by exclude_accounts";
  if (stands_in(target, scope.exclude_ous)) return "excluded by exclude_ous";
  return std::nullopt;
}

std::string management_account_skip() { return "management account (organization.management_account = false)"; }

AccountTarget placed_in_map(const ScopeSettings& scope, AccountTarget target) {
  const auto configured = scope.fixed_accounts.find(target.id);
  if (configured == scope.fixed_accounts.end()) return skipping(std::move(target), "not in [accounts]");
  const auto& users = configured->second;
  if (has(users, std::string("*"))) return target;
  if (target.users.empty()) {
    target.users_required = true;
    for (const auto& user : users) target.users.emplace_back(user);
    return target;
  }
  std::erase_if(target.users, [&](const UserName& user) { return !has(users, user.str()); });
  if (!target.users.empty()) return target;
  return skipping(std::move(target), "none of the users asked for is configured for this account");
}

ResultTask<std::vector<OuId>> ous_above(aws::OrganizationsReader& organizations, std::string child) {
  std::vector<OuId> ous;
  // Five levels of OUs and the root is all that Organizations allows; the bound keeps a bad reply from looping.
  for (int level = 0; level < 16 && !child.starts_with("r-"); ++level) {
    CO_TRY(const auto parent, co_await organizations.parent_of(child));
    if (!parent) break;
    ous.push_back(*parent);
    child = parent->str();
  }
  co_return ous;
}

AccountTarget placed_unasked(const ScopeSettings& scope, AccountTarget target) {
  if (!scope.fixed_accounts.empty()) return placed_in_map(scope, std::move(target));
  if (scope_asks_for_ous(scope, target) && target.ous.empty()) return target;  // whoever listed it has judged that
  return judged(scope, std::move(target));
}

ResultTask<AccountTarget> placed(aws::OrganizationsReader& organizations, ScopeSettings scope, AccountTarget target,
                                 bool need_ous) {
  if (!scope.fixed_accounts.empty()) co_return placed_in_map(scope, std::move(target));
  if (has(scope.exclude_accounts, target.id)) co_return judged(scope, std::move(target));
  if ((need_ous || scope_asks_for_ous(scope, target)) && target.ous.empty()) {
    auto ous = co_await ous_above(organizations, target.id.str());
    if (!ous && ous.error().kind == ErrorKind::not_found) {
      co_return skipping(std::move(target), "not an account of this organization");
    }
    if (!ous) co_return fail(in_context(ous.error(), "can't find the OU of " + target.id.str()));
    target.ous = std::move(*ous);
  }
  target = judged(scope, std::move(target));
  if (target.skip || scope.management_account) co_return target;
  const auto organization = co_await organizations.describe_organization();
  // Outside of an organization no account is its management account.
  if (!organization && organization.error().kind == ErrorKind::not_found) co_return target;
  if (!organization) {
    co_return fail(in_context(organization.error(), "can't tell whether this is the management account"));
  }
  if (organization->management_account == target.id) {
    co_return skipping(std::move(target), management_account_skip());
  }
  co_return target;
}

}  // namespace rekeyer::rotation
