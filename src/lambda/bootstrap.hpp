// The process of a deployed function: initialisation, then one invocation after the other.
#pragma once

#include <map>
#include <string>

#include "base/time.hpp"

namespace rekeyer::lambda {

/// So long before its deadline an invocation begins no more work: the keys in hand, the mails and the answer take their
/// time too.
inline constexpr Milliseconds stops_before_deadline{20'000};

/// Runs as Lambda's custom runtime for as long as Lambda wants; gives the process's exit code where it ends. Everything
/// is read from the environment: AWS_LAMBDA_RUNTIME_API, _HANDLER and what docs/design/0009-on-aws.md lists.
int run_bootstrap(const std::map<std::string, std::string>& environment);

/// Whether the process was started by Lambda.
bool is_started_by_lambda(const std::map<std::string, std::string>& environment);

}  // namespace rekeyer::lambda
