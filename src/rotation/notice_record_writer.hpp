// The record of what owners were told: the tag rekeyer:notice of the user's secret.
#pragma once

#include "base/clock.hpp"
#include "base/task.hpp"
#include "rotation/access.hpp"
#include "rotation/notices.hpp"
#include "rotation/settings.hpp"

namespace rekeyer::rotation {

/// Writes the record where it differs from the tag; makes the secret (without a value) where there is none. Reads the
/// tag again before (DescribeSecret), and leaves what another run has put there meanwhile, where that can be read.
/// Touches nothing else, so it can't harm whatever that run does to the same user. Idempotent. Where it fails, owners
/// are told again by the next run.
ResultTask<> write_notice_record(WriteAccess& access, const Settings& settings, Clock& clock, UserNotices user,
                                 policy::NoticeRecord record);

}  // namespace rekeyer::rotation
