// Whether an account is in scope: [accounts], include and exclude of accounts and OUs, the management account. One
// judgement for the accounts that are listed and for one that somebody else names.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "aws/services/organizations.hpp"
#include "base/task.hpp"
#include "rotation/settings.hpp"
#include "rotation/target.hpp"

namespace rekeyer::rotation {

/// Does include_ous or include_accounts select it, where there are any? The target's OUs are known. Pure.
bool is_included(const ScopeSettings& scope, const AccountTarget& target);
/// Why it is left out all the same; nothing where it is not. The target's OUs are known. Pure.
std::optional<std::string> excluded_by(const ScopeSettings& scope, const AccountTarget& target);
/// "management account (…)".
std::string management_account_skip();

/// What of [accounts] is meant by the target: its users, or why it is skipped. Pure.
AccountTarget placed_in_map(const ScopeSettings& scope, AccountTarget target);

/// An account that an event names, as the scope has it: with OUs where something asks for them (`need_ous`: some rule
/// does), or with why it is skipped. Asks only what the answer hangs on: DescribeOrganization unless the management
/// account is in scope, ListParents for OUs. Fails where that can't be asked: nobody is worked on by half a picture.
ResultTask<AccountTarget> placed(aws::OrganizationsReader& organizations, ScopeSettings scope, AccountTarget target,
                                 bool need_ous);
/// The same by what is known of the target, without a call.
AccountTarget placed_unasked(const ScopeSettings& scope, AccountTarget target);

/// The OUs that an account or OU stands in, innermost first, up to the root: ListParents, level by level.
ResultTask<std::vector<OuId>> ous_above(aws::OrganizationsReader& organizations, std::string child);

}  // namespace rekeyer::rotation
