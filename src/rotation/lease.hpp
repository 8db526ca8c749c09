// The time that an intent gives a run: what may still be signed under it, and when that ends.
#pragma once

#include <algorithm>

#include "aws/call/caller.hpp"
#include "base/clock.hpp"
#include "policy/custody.hpp"
#include "policy/intent.hpp"

namespace rekeyer::rotation {

class Lease {
 public:
  explicit Lease(policy::Intent intent) : intent_(std::move(intent)) {}
  /// A new one for this run, starting now.
  static Lease begin(RunId run, Instant now, std::vector<AccessKeyId> had) {
    // Tags keep whole seconds: an intent must be equal to itself when it is read back.
    const Instant start = std::chrono::floor<std::chrono::seconds>(now);
    return Lease({std::move(run), start, start + policy::lease_length, std::move(had)});
  }
  /// A later one for this run, over what another run left: the same keys were there before, and the same start, so that
  /// everybody who comes later still knows when the key can have been made.
  static Lease adopt(RunId run, Instant now, const policy::Intent& left) {
    auto lease = begin(std::move(run), now, left.had);
    lease.intent_.started = std::min(left.started, lease.intent_.started);
    return lease;
  }
  const policy::Intent& intent() const { return intent_; }
  /// Nothing is signed from here on.
  Instant work_end() const { return intent_.lease_end - policy::lease_quiet_end; }
  aws::SignBefore sign_before() const { return aws::SignBefore::at(work_end()); }

 private:
  policy::Intent intent_;
};

}  // namespace rekeyer::rotation
