// How long to wait before the next attempt: full jitter, slower after a throttle, and what the server asks for. Pure.
#pragma once

#include <optional>

#include "aws/http/message.hpp"
#include "base/random.hpp"
#include "base/time.hpp"

namespace rekeyer::aws {

/// Full jitter: uniform in [0, min(base × 2^retry, 20 s)), with base 100 ms, after a throttle 1 s. `retry` counts from
/// 0.
Milliseconds jittered_backoff(int retry, bool throttled, Random& random);

/// The wait before the next attempt: jittered, and at least what the reply's Retry-After (seconds, at most a minute is
/// honoured) or x-amz-retry-after (milliseconds, at most 5 s beyond the jittered wait) asks for.
Milliseconds retry_delay(int retry, bool throttled, const Headers& reply, Random& random);

}  // namespace rekeyer::aws
