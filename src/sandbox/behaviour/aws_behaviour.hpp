// AWS's awkward behaviour, each piece switchable: what a friendly emulator leaves out. One flat record; the names are
// those of the world file's `options` and of `/_sandbox/options`.
#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"

namespace rekeyer::sandbox {

struct AwsBehaviour {
  // --- who may do what
  bool strict_auth = true;  ///< identity, resource, trust and service control policies are evaluated
  bool verify_signatures = true;
  Milliseconds signature_lifetime{300'000};

  // --- pages
  int organizations_page = 20;
  bool organizations_empty_pages = false;  ///< every second page is empty and still has a token
  bool organizations_old_status = false;   ///< accounts also carry the Status that AWS removed
  bool organizations_omit_state = false;
  bool organizations_only_management = true;
  int iam_page = 0;  ///< most items of a page, whatever was asked for; 0: as many as asked for
  int secrets_page = 100;

  // --- stale and late
  bool report_at_hand = true;  ///< a report is there, complete and true, at the first call
  int report_build_polls = 0;  ///< so often a new report says "in progress"
  Milliseconds report_build_time{0};
  Milliseconds report_lifetime{4 * 3600 * 1000};
  bool report_frozen = false;        ///< the same report for ever, whatever its age
  Milliseconds last_used_lag{0};     ///< a use shows in GetAccessKeyLastUsed and in reports only after this long
  bool record_use = true;            ///< a signed call counts as a use of a user's key
  bool secrets_list_frozen = false;  ///< ListSecrets answers as of the moment that this was set
  Milliseconds secrets_list_lag{0};  ///< ListSecrets leaves out what was created so recently, and shows tags as old
  Milliseconds new_key_delay{0};
  int new_key_refusals = 0;
  Milliseconds status_delay{0};  ///< a key that was switched off still works so long, one switched on not yet
  Milliseconds key_list_lag{0};  ///< ListAccessKeys leaves out keys that were made so recently

  /// A resource policy that was put or deleted is enforced only after this long, and shown at once.
  Milliseconds resource_policy_delay{0};
  Milliseconds replication_time{0};                  ///< how long a replica is "InProgress"
  std::vector<std::string> failing_replica_regions;  ///< replication to them ends as "Failed"

  // --- tokens and labels
  bool pending_first_version_becomes_current = false;  ///< unknown for AWS; tests run with both
  bool prune_versions = true;                          ///< unlabelled versions go after a day, beyond 100 of them

  // --- rates and distance
  bool rate_limits = false;        ///< the documented ones, with each service's own throttling error
  double iam_rate = 20;            ///< a second and account, burst the same; AWS does not publish it
  Milliseconds latency{0};         ///< of each call, there and back together
  Milliseconds latency_spread{0};  ///< up to so much more, drawn from the seed
};

/// Sets the named behaviour. Durations are numbers of seconds (fractions allowed). Fails with `usage` for an unknown
/// name (with a suggestion) or a value of another type.
Result<> set_behaviour(AwsBehaviour& behaviour, const boost::json::object& changes);
boost::json::object describe_behaviour(const AwsBehaviour& behaviour);

}  // namespace rekeyer::sandbox
