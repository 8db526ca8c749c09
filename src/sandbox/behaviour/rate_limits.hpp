// The documented rate limits, as token buckets over the sandbox's clock: who is limited by which bucket, at what rate.
#pragma once

#include <map>
#include <string>

#include "base/names.hpp"
#include "base/time.hpp"
#include "sandbox/wire/call.hpp"

namespace rekeyer::sandbox {

class RateLimits {
 public:
  /// Takes from every bucket that this call draws on (its own and the organisation's, say), or from none and returns
  /// false: throttled. `caller` is the account whose credentials signed, which for a role's session is the role's own.
  bool admit(const Call& call, const AccountId& caller, double iam_rate, Instant now);

 private:
  struct Bucket {
    double tokens = 0;
    Instant filled{};
    bool fresh = true;
  };
  std::map<std::string, Bucket> buckets_;
};

}  // namespace rekeyer::sandbox
