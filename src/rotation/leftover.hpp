// Secrets that nobody in the account has claimed: is the user gone, and was the secret rekeyer's?
#pragma once

#include <expected>

#include "base/task.hpp"
#include "rotation/access.hpp"
#include "rotation/secrets_of_account.hpp"
#include "rotation/settings.hpp"
#include "rotation/step_result.hpp"

namespace rekeyer::rotation {

/// The secret as it is now, where nothing keeps it: its user is gone, no rotation may be half done, no key on its
/// record lives under whatever name, and it is proved to be rekeyer's, where secrets are locked. Else what to say
/// instead. Changes nothing. DescribeSecret, GetUser, GetAccessKeyLastUsed for each key on record, GetResourcePolicy.
Task<std::expected<aws::SecretDescription, StepResult>> look_at_leftover(ReadAccess& access, const Settings& settings,
                                                                         Instant now, AccountId account,
                                                                         NamedSecret leftover);

}  // namespace rekeyer::rotation
