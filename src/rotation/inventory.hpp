// The accounts in scope, handed out one by one while Organizations is still being listed: its pages are the slowest
// part.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "aws/services/organizations.hpp"
#include "base/concurrency.hpp"
#include "base/task.hpp"
#include "rotation/settings.hpp"
#include "rotation/target.hpp"

namespace rekeyer::rotation {

class StopFlag;

/// Pull from many tasks at once.
class AccountSource {
 public:
  virtual ~AccountSource() = default;
  /// The next account; nothing at the end. A failure ends the listing: what was handed out stays valid, the rest is
  /// unknown.
  virtual ResultTask<std::optional<AccountTarget>> next() = 0;
  /// Once the list has ended: what settings and filter name and what is not there, in a sentence each. Accounts and OUs
  /// of the organization; accounts, users and flags that the fixed map knows nothing of. An OU in which no account
  /// stands is asked about (ListParents).
  virtual ResultTask<std::vector<std::string>> unknown_names() = 0;
};

/// Does something name accounts, OUs or users that may not be there?
bool names_something(const ScopeSettings& scope, const Filter& filter);

/// The fixed `[accounts]` map, narrowed by flags. Needs no permission at all.
std::unique_ptr<AccountSource> fixed_source(const ScopeSettings& scope, const Filter& filter);

/// Organizations, with include/exclude of accounts and OUs, inactive and management accounts as skipped targets (I8).
/// An account outside the scope is not handed out. `need_ous`: some rule or filter asks where accounts stand. The list
/// ends with `cancelled` once `stop` is requested, and with `bad_reply` where it repeats itself or never gets further.
std::unique_ptr<AccountSource> organization_source(aws::OrganizationsReader& organizations, ScopeSettings scope,
                                                   Filter filter, bool need_ous, const StopFlag* stop = nullptr);

}  // namespace rekeyer::rotation
