// From settings and flags to the source of accounts that a run visits.
#pragma once

#include <memory>

#include "aws/call/caller.hpp"
#include "aws/services/organizations.hpp"
#include "policy/precedence.hpp"
#include "rotation/aws_gateway.hpp"
#include "rotation/inventory.hpp"
#include "rotation/settings.hpp"

namespace rekeyer::rotation {

/// Does a rule or an exemption ask in which OUs accounts stand?
bool asks_for_ous(const policy::PolicyConfig& policy);

/// As whom the organization is read: its list role where one is configured, otherwise the caller.
aws::Principal listing_principal(aws::Caller& caller, const aws::Principal& principal, const OwnIdentity& self,
                                 const Settings& settings);

/// The organisation (asked as `principal`, or as its list role), or the fixed map. Keeps what it needs alive, but for
/// `stop`, which ends the list.
class ConfiguredAccounts {
 public:
  ConfiguredAccounts(aws::Caller& caller, const aws::Principal& principal, const OwnIdentity& self,
                     const Settings& settings, const Filter& filter, const StopFlag* stop = nullptr);
  AccountSource& source() { return *source_; }

 private:
  std::unique_ptr<aws::OrganizationsClient> organizations_;
  std::unique_ptr<AccountSource> source_;
};

}  // namespace rekeyer::rotation
