// What can be decided of a key, and why: the names that reports, tags and documents use.
#pragma once

#include <string_view>

namespace rekeyer::policy {

enum class Action {
  keep,        ///< nothing is due
  warn,        ///< something falls due within warn_period
  rotate,      ///< issue, store, verify and publish a new key; this one then retires
  deactivate,  ///< reversible
  remove,      ///< delete the key; written "delete"
  hold,        ///< something is due, and is not done for a reason
  recover,     ///< finish or undo what an earlier run left
  adopt,       ///< take over a secret that stood there before; an operator's, no decision
  relock,      ///< write the policy of a secret anew; an operator's, no decision
  exempt,
};
inline constexpr Action last_action = Action::exempt;
std::string_view name(Action action);

enum class Reason {
  // keep
  young,           ///< before its rotation period
  retiring,        ///< replaced; the owner has time to install the new key
  in_recovery,     ///< inactive; can still be switched on again
  unknown_status,  ///< a status that rekeyer does not know: not touched
  unused_ignored,  ///< never used, and policy says to ignore such keys
  // warn
  rotation_near,
  deactivation_near,
  deletion_near,
  // rotate
  rotation_due,
  forced,  ///< also of a deactivation under --deactivate-now
  // deactivate
  installation_over,
  hard_deadline,  ///< in use, or its successor is not, but for too long after the rotation
  in_use_warned,  ///< in use, and policy says to go on (in_use = warn | ignore)
  unused,         ///< never used, past its rotation period
  idle,           ///< the idle one of two active keys
  evicted,        ///< two_active = evict-…
  // delete
  recovery_over,
  orphan,  ///< an orphan: deactivate at recovery, delete after orphan_grace
  // hold
  last_use_unknown,
  still_in_use,
  successor_unused,  ///< replaced, and its owner never used the new key
  two_active,
  no_room,         ///< two keys exist; a third can't be issued yet
  replica_behind,  ///< replaced, and a copy of the secret in another Region does not have the new key
  owner_denied,    ///< replaced, never used the new key, and its owner may not read the secret that has it
  no_working_replacement,
  signer_key,
  recovery_clock_started,       ///< inactive since an unknown time: its recovery period starts now
  reactivated,                  ///< somebody switched it on again: its installation period starts anew
  used_while_inactive_unclear,  ///< last use is later than its deactivation: somebody switched it on in between
  in_progress,                  ///< another run's intent is live
  intent_unreadable,
  rules_unreadable,
  not_announced,   ///< its owner was not told yet
  announced,       ///< its owner knows, and still has time
  not_ours,        ///< something of others is on the user's secret, or may be: nothing is stored in it
  recovery_first,  ///< recovery of this user comes first
  origin_unclear,  ///< made while a run tried to issue one and was refused: its owner's, most likely
  // recover
  intent_expired,  ///< a run ended in the middle: finish what it stored, withdraw what it did not
  // exempt
  exempt,
  exemption_unreadable,
};
inline constexpr Reason last_reason = Reason::exemption_unreadable;
std::string_view name(Reason reason);
/// One or two sentences for people: what it means and what would change it.
std::string_view describe(Reason reason);

}  // namespace rekeyer::policy
