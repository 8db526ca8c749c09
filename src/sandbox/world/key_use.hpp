// When a key was used, and what IAM shows of it: a use shows only after a while.
#pragma once

#include <optional>

#include "base/time.hpp"
#include "sandbox/world/iam_state.hpp"

namespace rekeyer::sandbox {

/// Notes a use. What was visible before stays so while the new use is younger than `lag`.
void record_use(AccessKey& key, KeyUse use, Milliseconds lag);

/// The last use as IAM shows it at `now`; nothing: never used, as far as IAM knows.
std::optional<KeyUse> visible_use(const AccessKey& key, Instant now, Milliseconds lag);

}  // namespace rekeyer::sandbox
