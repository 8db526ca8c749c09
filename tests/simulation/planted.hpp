// Bugs planted on purpose, so that the simulator shows what it is worth: each makes rekeyer behave as if a known
// mistake were in it, by bending what goes over the wire between it and AWS.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/http/transport.hpp"
#include "base/clock.hpp"
#include "sandbox/world/world.hpp"

namespace rekeyer::simulation {

enum class Bug {
  none,
  unknown_is_never_used,  ///< a last use that can't be read counts as "never used"
  create_is_sent_again,   ///< CreateAccessKey is repeated when its reply is lost
  delete_before_create,   ///< room is made by deleting the oldest key
  delete_instead_of_deactivate,
  no_intent,                   ///< intents are not written
  deactivation_not_performed,  ///< … and success is reported
  stale_key_list,              ///< ListAccessKeys from a cache of the day before
  group_fails_open,            ///< an exemption group that can't be read exempts nobody
  stale_last_use,              ///< uses show as older than they are
  early_deletion,              ///< recovery clocks read as long over
  live_intents_are_over,       ///< another run's lease is not respected
  intents_are_not_seen,        ///< nothing is ever recovered
  not_verified,                ///< a new key counts as working without asking
  first_page_only,             ///< ListAccounts ends after its first page
  secret_in_the_log,
  plan_changes,               ///< audit mode makes changes
  failures_hidden,            ///< accounts that failed are left out of the report
  mails_are_lost,             ///< nothing is sent, and success is reported
  told_is_forgotten,          ///< what owners were told is not written down
  lock_not_written,           ///< … and success is reported
  taken_tokens_look_stored,   ///< a value of somebody else's under the new key's token counts as the key's secret
  forged_proofs_believed,     ///< signatures are not looked at
  ids_are_not_seen,           ///< a secret is whose name it has
  names_are_identity,         ///< GetUser is answered from a cache of the day
  refusals_are_forgotten,     ///< that no key was issued is not written down
  copies_look_in_sync,        ///< those that failed, too
  denials_are_not_seen,       ///< a statement that keeps the owner from reading is overlooked
  disabled_keys_look_usable,  ///< KMS keys
  relock_ignores_runs,        ///< … that are at work with the user
  relock_is_not_performed,    ///< … and success is reported
  held_are_forgotten,         ///< users who wait for their turn are left out of the report
  changes_are_forgotten,      ///< rows of changes that were made, too
  rows_are_doubled,           ///< what was changed is said twice
  accounts_are_not_closed,    ///< those in which somebody waits for a turn are left out of the report
  limits_are_not_kept,        ///< [limits] of a run's changes
  our_use_is_theirs           ///< what rekeyer did with a new key to verify it counts as its owner's use
};

struct BugName {
  Bug bug;
  std::string_view name;
  /// Within so many seeds the simulator must find it; measured, with room.
  int seeds;
};
const std::vector<BugName>& planted_bugs();

/// What outlives a process: caches that should not.
struct BugMemory {
  std::map<std::string, std::pair<Instant, std::string>> replies;  ///< by the request's body
};

/// The network as a buggy rekeyer would use it.
class PlantedTransport final : public aws::Transport {
 public:
  PlantedTransport(Bug bug, BugMemory& memory, aws::Transport& network, Clock& clock, sandbox::World& world)
      : bug_(bug), memory_(memory), network_(network), clock_(clock), world_(world) {}
  ResultTask<aws::HttpResponse> send(aws::HttpRequest request) override;

 private:
  /// What was answered to that body within the last day.
  std::optional<aws::HttpResponse> of_the_day(const std::string& body) const;
  /// What the bug answers in AWS's stead, if anything; it may also change the request.
  std::optional<aws::HttpResponse> instead(aws::HttpRequest& request);
  std::optional<aws::HttpRequest> deletion_of_oldest(const aws::HttpRequest& request);
  /// What the bug makes of AWS's reply.
  void bend(const aws::HttpRequest& request, Result<aws::HttpResponse>& reply);

  Bug bug_;
  BugMemory& memory_;
  aws::Transport& network_;
  Clock& clock_;
  sandbox::World& world_;
};

}  // namespace rekeyer::simulation
