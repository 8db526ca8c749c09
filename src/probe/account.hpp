// Where and as whom a probe works.
#pragma once

#include <optional>
#include <string>

#include "aws/call/caller.hpp"
#include "base/clock.hpp"
#include "engine/context.hpp"

namespace rekeyer::probe {

/// The account, and what reaches it. References outlive it.
struct Account {
  aws::Caller& caller;
  aws::Principal principal;  ///< of whoever runs the probe
  Clock& clock;
  const rotation::StopFlag& stop;
  RunId run;
  AccountId id;
  Arn arn;  ///< of whoever runs the probe
  std::string partition;
  std::string organization = {};        ///< its id; empty: none, or it can't be asked
  std::optional<bool> management = {};  ///< is it the management account; nothing: nobody says

  const Region& region() const { return principal.region; }
};

/// Asks who the caller is, and what the account is in its organization. Fails with `usage` for an account's root user:
/// nothing may be tried with rights that nothing limits.
ResultTask<Account> look_around(engine::Context asker);

/// A second Region in which copies of a secret may be put, on the same continent where there is one.
Region other_region(const Region& region);

}  // namespace rekeyer::probe
