#include "rotation/inventory.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "aws/services/page.hpp"
#include "base/try.hpp"
#include "rotation/not_there.hpp"
#include "rotation/placing.hpp"
#include "rotation/run.hpp"

namespace rekeyer::rotation {
namespace {

template <class T>
bool contains(const std::vector<T>& list, const T& item) {
  return std::ranges::find(list, item) != list.end();
}

class FixedSource final : public AccountSource {
 public:
  FixedSource(const ScopeSettings& scope, const Filter& filter) {
    for (const auto& [account, users] : scope.fixed_accounts) {
      known_.push_back(account.str());
      if (!filter.accounts.empty() && !contains(filter.accounts, account)) continue;
      AccountTarget target;
      target.id = account;
      target.users = filter.users;
      note_users(users);
      targets_.push_back(placed_in_map(scope, std::move(target)));
    }
    note_unknown(filter);
    for (const auto& account : filter.accounts) {
      if (scope.fixed_accounts.contains(account)) continue;
      AccountTarget target;
      target.id = account;
      target.skip = "not in [accounts]";
      targets_.push_back(std::move(target));
    }
  }

  ResultTask<std::optional<AccountTarget>> next() override {
    if (targets_.empty()) co_return std::nullopt;
    auto target = std::move(targets_.front());
    targets_.pop_front();
    co_return target;
  }

  ResultTask<std::vector<std::string>> unknown_names() override { co_return unknown_; }

 private:
  void note_users(const std::vector<std::string>& users) {
    if (contains(users, std::string("*"))) all_users_ = true;
    users_.insert(users_.end(), users.begin(), users.end());
  }

  void note_unknown(const Filter& filter) {
    for (const auto& account : filter.accounts) {
      if (!contains(known_, account.str()))
        unknown_.push_back(not_there("--account", account.str(), "not in [accounts]", known_));
    }
    for (const auto& ou : filter.ous) {
      unknown_.push_back(
          fmt::format("--ou {}: with [accounts] the organization is not asked where an account stands", ou));
    }
    if (all_users_) return;
    for (const auto& user : filter.users) {
      if (!contains(users_, user.str())) {
        unknown_.push_back(not_there("--user", user.str(), "no user that [accounts] names there", users_));
      }
    }
  }

  std::deque<AccountTarget> targets_;
  std::vector<std::string> known_;
  std::vector<std::string> users_;
  bool all_users_ = false;
  std::vector<std::string> unknown_;
};

/// "o-x/r-y/ou-a/ou-b/111111111111/" → ou-b, ou-a, r-y.
std::vector<OuId> ous_of_path(std::string_view path) {
  std::vector<OuId> ous;
  while (!path.empty()) {
    const auto slash = path.find('/');
    const auto part = path.substr(0, slash);
    if (part.starts_with("ou-") || part.starts_with("r-")) ous.emplace_back(std::string(part));
    if (slash == std::string_view::npos) break;
    path.remove_prefix(slash + 1);
  }
  std::ranges::reverse(ous);
  return ous;
}

class OrganizationSource final : public AccountSource {
 public:
  OrganizationSource(aws::OrganizationsReader& organizations, ScopeSettings scope, Filter filter, bool need_ous,
                     const StopFlag* stop)
      : organizations_(organizations), scope_(std::move(scope)), filter_(std::move(filter)), stop_(stop) {
    need_ous_ = need_ous || !scope_.include_ous.empty() || !scope_.exclude_ous.empty() || !filter_.ous.empty();
    turn_.open();
  }

  ResultTask<std::optional<AccountTarget>> next() override {
    while (ready_.empty() && !ended_ && !failure_) {
      if (!turn_.is_open()) {  // somebody else is fetching the page
        co_await turn_.wait();
        continue;
      }
      // Pages without an account to hand out could follow one another for long.
      if (stop_ != nullptr && stop_->requested()) {
        co_return fail(ErrorKind::cancelled, "stopped before all accounts were listed");
      }
      turn_.reset();
      const auto fetched = co_await fetch_page();
      if (!fetched) failure_ = fetched.error();
      turn_.open();
    }
    if (!ready_.empty()) {
      auto target = std::move(ready_.front());
      ready_.pop_front();
      co_return target;
    }
    if (failure_) co_return fail(*failure_);
    co_return std::nullopt;
  }

  ResultTask<std::vector<std::string>> unknown_names() override {
    std::vector<std::string> unknown;
    const auto look = [&](std::string_view where, const std::vector<AccountId>& accounts) {
      const std::vector<std::string> known(seen_names_.begin(), seen_names_.end());
      for (const auto& account : accounts) {
        if (seen_.contains(account)) continue;
        unknown.push_back(not_there(where, account.str(), "not an account of this organization", known));
      }
    };
    look("--account", filter_.accounts);
    look("organization.include_accounts", scope_.include_accounts);
    look("organization.exclude_accounts", scope_.exclude_accounts);
    for (const auto& [where, account] : scope_.matched_accounts) look(where, {account});
    CO_TRY_VOID(co_await look_for_ous("--ou", filter_.ous, unknown));
    CO_TRY_VOID(co_await look_for_ous("organization.include_ous", scope_.include_ous, unknown));
    CO_TRY_VOID(co_await look_for_ous("organization.exclude_ous", scope_.exclude_ous, unknown));
    for (const auto& [where, ou] : scope_.matched_ous) {
      CO_TRY_VOID(co_await look_for_ous(where, std::vector<OuId>{ou}, unknown));
    }
    co_return unknown;
  }

 private:
  ResultTask<> look_for_ous(std::string where, std::vector<OuId> ous, std::vector<std::string>& unknown) {
    const std::vector<std::string> known(seen_ous_.begin(), seen_ous_.end());
    for (const auto& ou : ous) {
      // A root is seen as soon as any account is.
      const bool root_unseen = ou.str().starts_with("r-") && known.empty();
      if (seen_ous_.contains(ou.str()) || root_unseen) continue;
      if (!ou.str().starts_with("r-")) {
        // No account stands in it; it may be there all the same.
        const auto parent = co_await organizations_.parent_of(ou.str());
        if (parent) continue;
        if (parent.error().kind != ErrorKind::not_found) {
          co_return fail(in_context(parent.error(), fmt::format("can't tell whether {} is there ({})", ou, where)));
        }
      }
      unknown.push_back(not_there(where, ou.str(), "no OU of this organization", known));
    }
    co_return Result<>{};
  }

  ResultTask<> fetch_page() {
    if (!management_account_) {
      auto organization = co_await organizations_.describe_organization();
      if (!organization) co_return fail(in_context(organization.error(), "can't read the organization"));
      management_account_ = organization->management_account;
    }
    auto page = co_await organizations_.list_accounts(next_token_);
    if (!page) co_return fail(in_context(page.error(), "can't list the organization's accounts"));
    const auto seen_before = seen_.size();
    for (auto& account : page->items) {
      if (!seen_.insert(account.id).second) continue;  // moved between two pages
      seen_names_.push_back(account.id.str());
      auto target = co_await target_of(std::move(account));
      if (!target) co_return fail(target.error());
      if (*target) ready_.push_back(std::move(**target));
    }
    next_token_ = std::move(page->next);
    if (!next_token_) {
      ended_ = true;
      report_unknown_accounts();
      co_return Result<>{};
    }
    auto going_on = trail_.follow(*next_token_);
    pages_of_nothing_ = seen_.size() > seen_before ? 0 : pages_of_nothing_ + 1;
    if (going_on && pages_of_nothing_ >= most_pages_of_nothing) {
      going_on =
          fail(ErrorKind::bad_reply, fmt::format("{} pages in a row named no further account", pages_of_nothing_));
    }
    if (!going_on) co_return fail(in_context(going_on.error(), "can't list the organization's accounts"));
    co_return Result<>{};
  }

  /// Nothing: not in scope at all.
  ResultTask<std::optional<AccountTarget>> target_of(aws::Account account) {
    if (!filter_.accounts.empty() && !contains(filter_.accounts, account.id)) co_return std::nullopt;
    AccountTarget target;
    target.id = account.id;
    target.name = account.name;
    target.email = account.email;
    target.users = filter_.users;
    if (need_ous_) {
      auto ous = co_await ous_of(account);
      if (!ous) co_return fail(ous.error());
      target.ous = std::move(*ous);
    }
    for (const auto& ou : target.ous) seen_ous_.insert(ou.str());
    if (!is_included(scope_, target)) co_return std::nullopt;
    const auto asked_for = [&](const OuId& ou) { return contains(target.ous, ou); };
    if (!filter_.ous.empty() && std::ranges::none_of(filter_.ous, asked_for)) co_return std::nullopt;
    target.skip = excluded_by(scope_, target);
    if (target.skip) co_return target;
    if (account.state != aws::AccountState::active) {
      target.skip = fmt::format("account is {}", aws::name(account.state));
    } else if (account.id == *management_account_ && !scope_.management_account) {
      target.skip = management_account_skip();
    }
    co_return target;
  }

  ResultTask<std::vector<OuId>> ous_of(const aws::Account& account) {
    if (!account.paths.empty()) co_return ous_of_path(account.paths.front());
    std::vector<OuId> ous;
    std::string child = account.id.str();
    // Five levels of OUs and the root is all that Organizations allows; the bound keeps a bad reply from looping.
    for (int level = 0; level < 16; ++level) {
      auto known = parents_.find(child);
      if (known == parents_.end()) {
        auto parent = co_await organizations_.parent_of(child);
        if (!parent) co_return fail(in_context(parent.error(), "can't find the OU of " + account.id.str()));
        known = parents_.emplace(child, *parent).first;
      }
      if (!known->second) break;
      ous.push_back(*known->second);
      child = known->second->str();
      if (child.starts_with("r-")) break;
    }
    co_return ous;
  }

  /// An account asked for by a flag that the organisation does not have: said, not silently nothing.
  void report_unknown_accounts() {
    for (const auto& account : filter_.accounts) {
      if (seen_.contains(account)) continue;
      AccountTarget target;
      target.id = account;
      target.skip = "not an account of this organization";
      ready_.push_back(std::move(target));
    }
  }

  /// AWS may give empty pages in between, and accounts that move come twice; a list that only does that never ends.
  static constexpr std::size_t most_pages_of_nothing = 100;

  aws::OrganizationsReader& organizations_;
  ScopeSettings scope_;
  Filter filter_;
  const StopFlag* stop_;
  bool need_ous_ = false;
  std::optional<AccountId> management_account_;
  std::optional<std::string> next_token_;
  aws::PageTrail trail_{"organizations:ListAccounts"};
  std::size_t pages_of_nothing_ = 0;
  bool ended_ = false;
  std::optional<Error> failure_;
  std::set<AccountId> seen_;
  std::vector<std::string> seen_names_;
  std::set<std::string> seen_ous_;
  std::map<std::string, std::optional<OuId>> parents_;
  std::deque<AccountTarget> ready_;
  Gate turn_;
};

}  // namespace

bool names_something(const ScopeSettings& scope, const Filter& filter) {
  const bool filtered = !filter.accounts.empty() || !filter.ous.empty() || !filter.users.empty();
  return filtered || !scope.fixed_accounts.empty() || !scope.include_ous.empty() || !scope.exclude_ous.empty() ||
         !scope.include_accounts.empty() || !scope.exclude_accounts.empty() || !scope.matched_accounts.empty() ||
         !scope.matched_ous.empty();
}

std::unique_ptr<AccountSource> fixed_source(const ScopeSettings& scope, const Filter& filter) {
  return std::make_unique<FixedSource>(scope, filter);
}

std::unique_ptr<AccountSource> organization_source(aws::OrganizationsReader& organizations, ScopeSettings scope,
                                                   Filter filter, bool need_ous, const StopFlag* stop) {
  return std::make_unique<OrganizationSource>(organizations, std::move(scope), std::move(filter), need_ous, stop);
}

}  // namespace rekeyer::rotation
