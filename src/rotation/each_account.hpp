// Going through the accounts of a scope, some at a time, for whoever reads them all and changes nothing.
#pragma once

#include <cstddef>
#include <functional>

#include "base/task.hpp"
#include "rotation/inventory.hpp"
#include "rotation/run.hpp"
#include "rotation/target.hpp"

namespace rekeyer::rotation {

/// Awaits `visit` for each account that `accounts` lists, the skipped ones too, at most `concurrency` at a time. Fails
/// where the listing does, after the accounts that were listed; ends early where a stop is requested. All outlive it.
ResultTask<> for_each_account(AccountSource& accounts, std::size_t concurrency, const StopFlag& stop,
                              std::function<Task<void>(AccountTarget)> visit);

}  // namespace rekeyer::rotation
