// The inventory of a scope, asked for by bulk calls: a handful an account, whatever the number of its users.
#pragma once

#include <cstddef>
#include <functional>

#include "base/clock.hpp"
#include "findings/inventory.hpp"
#include "notify/deliver/owner_lookup.hpp"
#include "rotation/access.hpp"
#include "rotation/inventory.hpp"
#include "rotation/run.hpp"

namespace rekeyer::findings {

/// All outlive the call.
struct CollectFrom {
  rotation::AccountSource& accounts;
  rotation::ReadGateway& gateway;
  const rotation::Settings& settings;
  const notify::OwnerSettings& owners;
  notify::OwnerResolver* contacts = nullptr;  ///< where accounts may be asked for contacts; null: they are not
  const rotation::StopFlag& stop;
  bool ids = false;  ///< a call for each user of whose keys the credential report has slots alone
};

/// Surveys every account, `limits.concurrency` at a time, as of `now`; an account that can't be entered or read is an
/// entry with its reason. Fails with `usage` where configuration or filter name what is not there. `on_account` is told
/// how many accounts and users there are so far. Reads only.
ResultTask<Inventory> collect_inventory(CollectFrom from, Instant now,
                                        std::function<void(std::size_t accounts, std::size_t users)> on_account);

}  // namespace rekeyer::findings
