// What owners were told is written down in their users' secrets, so that nobody is told twice.
#pragma once

#include "notify/deliver/dispatch.hpp"
#include "rotation/access.hpp"

namespace rekeyer::notify {

/// Writes each user's record, account by account, `rotation.limits.concurrency` of them at a time. What can't be
/// written is added to the report (`not_recorded`, failed): the next run tells these owners again. Never fails.
Task<void> record_deliveries(rotation::WriteGateway& gateway, const rotation::Settings& rotation, Clock& clock,
                             Dispatch dispatch, rotation::RunReport& report);

}  // namespace rekeyer::notify
