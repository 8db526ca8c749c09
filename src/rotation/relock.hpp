// `rekeyer relock`: the policies of users' secrets as the configuration wants them now, without waiting for each user's
// next rotation. Policies and the tag rekeyer:lock are written, nothing else: no key, no value, no record.
#pragma once

#include <optional>
#include <string>

#include "base/task.hpp"
#include "rotation/access.hpp"
#include "rotation/outcome.hpp"
#include "rotation/run.hpp"
#include "rotation/secrets_of_account.hpp"
#include "rotation/user_state.hpp"

namespace rekeyer::rotation {

/// Why there is nothing to relock: with these settings rekeyer writes no policies of secrets. Nothing: it does.
std::optional<std::string> no_policies(const StoreSettings& store);

/// Has the account locks to speak of? Not where none was asked for, and none can be written as whoever changes secrets
/// there is not named: the caller's own account, mostly. No call.
bool has_locks(const ReadAccess& access, const Settings& settings, const AccountId& account);

/// Why this run may write no policy in that account: it would lock with nobody named, or with neither a writer nor a
/// former one at work. Nothing: it may. No call.
std::optional<std::string> relock_refused(const ReadAccess& access, const Settings& settings, const AccountId& account);

/// What would be written for the user's secret; reads only. No row where all is as it should be. Secrets Manager
/// DescribeSecret, GetResourcePolicy.
Task<UserOutcome> plan_relock(ReadAccess& access, const RunContext& run, UserContext user);
/// Writes it: PutResourcePolicy, TagResource. May be repeated.
Task<UserOutcome> apply_relock(WriteAccess& access, const RunContext& run, UserContext user);

/// The same for the secret of a user who is gone: without a grant, as there is nobody to name. A lock that shuts
/// rekeyer out would keep it from being cleared away, too.
Task<UserOutcome> plan_relock_of_gone(ReadAccess& access, const RunContext& run, AccountId account, NamedSecret left);
Task<UserOutcome> apply_relock_of_gone(WriteAccess& access, const RunContext& run, AccountId account, NamedSecret left);

}  // namespace rekeyer::rotation
