// Two outcomes of the same account put together: of two deliveries of one event, or of one call and the next that went
// on where it stopped. Pure.
#pragma once

#include <vector>

#include "lambda/account_record.hpp"

namespace rekeyer::lambda {

/// `later` was begun after `earlier`, or at the same time. For each user and key what was done wins over what failed,
/// that over what was held, and of two that are equal the later one; users that a stopped call had left are replaced by
/// what became of them. An account that could be entered once was entered.
AccountRecord merged(const AccountRecord& earlier, const AccountRecord& later);

/// The users that a stopped call had to leave.
std::vector<UserName> users_left(const AccountRecord& record);

/// How many users were changed, or failed in being changed: what counts against a limit of changes.
std::size_t users_changed(const AccountRecord& record);

}  // namespace rekeyer::lambda
