// AWS Organizations, reading only. Pages are handed out one by one so that accounts can start while others are still
// listed.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "aws/call/caller.hpp"
#include "aws/services/page.hpp"
#include "base/names.hpp"
#include "base/task.hpp"

namespace rekeyer::aws {

enum class AccountState { pending_activation, active, suspended, pending_closure, closed, other };
std::string_view name(AccountState state);

struct Account {
  AccountId id;
  Arn arn;
  std::string name;
  std::string email;
  AccountState state = AccountState::other;
  /// Paths from the root: "o-x/r-y/ou-a/ou-b/<account>/". May be missing; then ask parent_of.
  std::vector<std::string> paths;
};

struct Organization {
  std::string id;
  AccountId management_account;
};

class OrganizationsReader {
 public:
  virtual ~OrganizationsReader() = default;
  /// Organizations DescribeOrganization. `not_found` where the account is in no organisation.
  virtual ResultTask<Organization> describe_organization() = 0;
  /// Organizations ListAccounts, one page. An account without `State` and without `Status` fails with `bad_reply`.
  virtual ResultTask<Page<Account>> list_accounts(std::optional<std::string> next) = 0;
  /// Organizations ListParents: the one parent of an account or OU; nothing for the root.
  virtual ResultTask<std::optional<OuId>> parent_of(std::string child) = 0;
  /// Organizations ListAccountsForParent, to its end (direct children only).
  virtual ResultTask<std::vector<Account>> accounts_of(OuId parent) = 0;
  /// Organizations ListOrganizationalUnitsForParent, to its end.
  virtual ResultTask<std::vector<OuId>> units_of(OuId parent) = 0;
  /// Organizations ListRoots.
  virtual ResultTask<std::vector<OuId>> roots() = 0;
  /// Organizations ListTagsForResource of an account, to its end.
  virtual ResultTask<std::map<std::string, std::string>> tags_of(AccountId account) = 0;
};

class OrganizationsClient final : public OrganizationsReader {
 public:
  OrganizationsClient(Caller& caller, Principal principal) : caller_(caller), principal_(std::move(principal)) {}
  ResultTask<Organization> describe_organization() override;
  ResultTask<Page<Account>> list_accounts(std::optional<std::string> next) override;
  ResultTask<std::optional<OuId>> parent_of(std::string child) override;
  ResultTask<std::vector<Account>> accounts_of(OuId parent) override;
  ResultTask<std::vector<OuId>> units_of(OuId parent) override;
  ResultTask<std::vector<OuId>> roots() override;
  ResultTask<std::map<std::string, std::string>> tags_of(AccountId account) override;

 private:
  Caller& caller_;
  Principal principal_;
};

}  // namespace rekeyer::aws
