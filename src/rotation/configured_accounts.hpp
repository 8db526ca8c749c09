// From settings and flags to the source of accounts that a run visits.
#pragma once

#include <memory>

#include "aws/call/caller.hpp"
#include "aws/services/organizations.hpp"
#include "rotation/aws_gateway.hpp"
#include "rotation/inventory.hpp"
#include "rotation/settings.hpp"

namespace rekeyer::rotation {

/// The organisation (asked as `principal`, or as its list role), or the fixed map. Keeps what it needs alive.
class ConfiguredAccounts {
 public:
  ConfiguredAccounts(aws::Caller& caller, const aws::Principal& principal, const Self& self, const Settings& settings,
                     const Filter& filter);
  AccountSource& source() { return *source_; }

 private:
  std::unique_ptr<aws::OrganizationsClient> organizations_;
  std::unique_ptr<AccountSource> source_;
};

}  // namespace rekeyer::rotation
