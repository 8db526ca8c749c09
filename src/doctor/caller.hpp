// Who runs rekeyer, with what kind of key, where, and by what time. The judging is pure; asking is apart.
#pragma once

#include <optional>

#include "doctor/check.hpp"
#include "engine/context.hpp"
#include "rotation/aws_gateway.hpp"

namespace rekeyer::doctor {

struct CallerFacts {
  Result<rotation::Self> self = fail(ErrorKind::usage, "not asked");
  Region region;
  Result<> fits{};               ///< does the configuration lie in the caller's partition?
  Milliseconds clock_offset{0};  ///< AWS's time minus the machine's
};

Checks judge(const CallerFacts& facts);

/// STS GetCallerIdentity; its reply tells AWS's time.
Task<CallerFacts> ask_caller(engine::Context& context);

}  // namespace rekeyer::doctor
