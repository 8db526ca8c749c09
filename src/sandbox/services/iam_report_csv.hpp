// The text of a credential report: 22 columns, the root user's row first.
#pragma once

#include <string>

#include "base/time.hpp"
#include "sandbox/behaviour/aws_behaviour.hpp"
#include "sandbox/world/world.hpp"

namespace rekeyer::sandbox {

/// As of `now`, with uses of keys as late as IAM shows them. Lines end in LF, the last one in nothing.
std::string credential_report_csv(const World& world, const Account& account, const AwsBehaviour& behaviour,
                                  Instant now);

}  // namespace rekeyer::sandbox
