// Every account in scope: can it be entered, is the role the right one, and may it do what a run needs? Accounts of
// which the same is true are told of in one line.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "aws/services/iam_role.hpp"
#include "doctor/check.hpp"
#include "doctor/locks.hpp"
#include "doctor/rights.hpp"
#include "engine/context.hpp"
#include "rotation/aws_gateway.hpp"

namespace rekeyer::doctor {

/// What was asked of one account; nothing: not asked, since the account was not entered or it does not apply.
struct AccountFacts {
  AccountId id;
  Result<> entered;
  bool as_caller = false;  ///< the caller's own account, entered with its own credentials: no role to look at
  std::optional<Result<aws::Role>> role;
  std::optional<Simulated> users;
  std::optional<Simulated> secrets;
  std::optional<Result<>> store;  ///< did Secrets Manager answer in the store's region?
  bool lockable = true;           ///< may whoever changes secrets here lock them, by the configuration?
  std::optional<Result<LockCounts>> locks;
};

struct AccountsFacts {
  rotation::Mode mode = rotation::Mode::apply;
  RoleName role;
  std::string external_id;
  Region store_region;
  bool central_store = false;
  bool lock_chosen = false;                                ///< by the file, and not "none"
  std::vector<AccountFacts> accounts;                      ///< in any order
  std::vector<std::pair<AccountId, std::string>> skipped;  ///< and why
  std::optional<Error> listing;                            ///< why the list may be incomplete
  std::vector<std::string> unknown;                        ///< what flags or the configuration name and is not there
};

Checks judge(const AccountsFacts& facts);

/// Told before and after each account, for progress.
struct AccountsObserver {
  std::function<void(const AccountId&)> started;
  std::function<void(const AccountId&)> finished;
};

/// `limits.concurrency` accounts at a time. STS AssumeRole; IAM GetRole, SimulatePrincipalPolicy; Secrets Manager
/// DescribeSecret of a secret that nobody has, and ListSecrets where secrets are locked.
Task<AccountsFacts> ask_accounts(const engine::Context& context, rotation::OwnIdentity self, rotation::Filter filter,
                                 rotation::Mode mode, AccountsObserver observer);

}  // namespace rekeyer::doctor
