// A run as CloudWatch metrics, in the embedded metric format: one line on standard output. Pure.
#pragma once

#include <string>

#include "rotation/outcome.hpp"

namespace rekeyer::lambda {

/// One dimension, the deployment's name: every further one would be billed as metrics of its own, and a user's name has
/// no place in it. `now` dates the line; without a newline at its end.
std::string metrics_line(const rotation::RunReport& report, std::size_t mails_refused, const std::string& deployment,
                         Instant now);

}  // namespace rekeyer::lambda
