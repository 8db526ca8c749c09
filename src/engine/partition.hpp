// What of the configuration lies in a partition: commercial AWS, GovCloud and China share no account, key or session,
// so a region or ARN of another one than the caller's is a mistake, and nothing may be sent there. Pure.
#pragma once

#include <string_view>

#include "base/error.hpp"
#include "config/config.hpp"

namespace rekeyer::engine {

/// Where secrets are kept where nothing says so: one region for each partition, so that it depends on the account alone
/// and not on where somebody runs rekeyer.
Region default_store_region(const Region& callers_region);

/// Fails with `usage` and everything that lies in another partition than `partition` ("aws-us-gov"), each with what to
/// write. A partition that rekeyer does not know holds whatever is said.
Result<> check_partition(std::string_view partition, const config::Configuration& configuration);

}  // namespace rekeyer::engine
