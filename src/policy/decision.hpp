// The decision: from what is known of a user, the rules and the time, to one action a key. Pure, total, first match
// wins.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/facts.hpp"
#include "policy/rules.hpp"

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

/// What a hold that only waits for the owner to be told holds back.
struct Otherwise {
  Action action = Action::keep;
  Reason reason = Reason::young;
  Instant due{};  ///< by policy alone
};

struct KeyDecision {
  AccessKeyId key;  ///< empty for a user-level decision (recover without a key)
  Action action = Action::keep;
  Reason reason = Reason::young;
  std::optional<Instant> due;            ///< when the action fell or falls due; for keep, when the next one does
  std::string detail;                    ///< "last used 2026-11-20 by s3 in eu-west-1"; may be empty
  std::string rule;                      ///< the rule's name and source: "rotation_period=90d (default)"; may be empty
  std::optional<Otherwise> otherwise{};  ///< of a hold for `not_announced` or `announced`
};

/// What an operator asked for by `rekeyer rotate`.
struct Force {
  bool rotate = false;
  bool deactivate_now = false;  ///< the old key is retired at once, after the new one is stored and verified
};

struct UserDecision {
  std::vector<KeyDecision> keys;  ///< one a key, in order of creation; a user-level one first where there is one
  /// What custody should be, seen from these facts: records of keys that are gone dropped, first sights noted,
  /// reactivations noted, a lost tag re-derived from the versions. As it was for users that are not written to: exempt
  /// ones, and those with an intent that is live or can't be read.
  Custody custody;
  bool custody_changed = false;  ///< an apply run writes `custody`: it differs from what is stored, or heals a lost tag

  /// True where nothing is to be done, said or recorded for this user.
  bool quiet() const;
};

/// Whether a decision's `detail` and `rule` are written: for a million users of whom nearly all are quiet, words cost
/// more than the decision. Left out, they may be empty; nothing else differs.
enum class Words { written, left_out };

/// The one decision. Guarantees, proved by properties: total; deterministic and independent of the order of keys; at
/// most one rotate a user, and then nothing is deactivated; unknown evidence never deactivates nor deletes (but
/// `--deactivate-now` retires a replaced key at once whatever its use, as long as its replacement works); the last
/// usable key of a user who uses any is never deactivated; only an inactive key is ever deleted; nothing is done to an
/// exempt user but recovery of what an earlier run left; an older key is never treated more mildly than a younger one,
/// all else equal. With `require_notice` nothing is deactivated nor deleted that its owner was not told of before, but
/// orphans and what is forced.
UserDecision decide(const UserFacts& facts, const Rules& rules, const Force& force, Instant now,
                    Words words = Words::written);

/// Custody brought up to date with the facts; the first half of decide(). Idempotent at the same instant. Instants that
/// it sets are whole seconds, as the tag keeps them.
Custody observe(const UserFacts& facts, Instant now);

/// Issued by a run that could not store its secret. Nobody can use such a key: one that was used has an owner, and one
/// that is or was published has its secret stored, whatever the record says of it. `record`: null where there is none.
bool is_lost(const KeyFacts& key, const KeyRecord* record);

/// May this key have been issued by the run that left `intent`? It was not there before, and it is not younger than
/// anything signed under the lease can be: a key that its owner made days after a crash is not ours to withdraw. An
/// adopter keeps `had` and `started` and has a later lease. Nor is it older than the intent: one that was there before
/// can't be made ours by writing a list without it.
bool may_be_issued_under(const Intent& intent, const KeyFacts& key);

/// Was it surely made by the run that left `intent`, as far as its date tells: under the lease that began when the
/// intent did? What is younger may be its owner's own, made while the intent waited for somebody to adopt it.
bool made_under_first_lease(const Intent& intent, const KeyFacts& key);

/// Is the key of `intent` surely its run's: its secret is stored, or it was made under the first lease and the run does
/// not say that it issued none?
bool surely_issued_under(const UserFacts& facts, const Intent& intent, const KeyFacts& key);

/// Is this key for a recovery of `intent` to finish or to withdraw? Any that the run may have issued; of an exempt
/// user, or of one of whom nobody can tell, only what surely is the run's. What else may be theirs is not touched (I8).
bool left_to_recover(const UserFacts& facts, const Intent& intent, const KeyFacts& key);

/// May this key of an exempt user, which nobody has used, be one that another run made in the shadow of `intent`, whose
/// own run issued none? Nobody can tell, and it is not touched: the intent stays until the exemption ends.
bool waits_for_exemption(const UserFacts& facts, const Intent& intent, const KeyFacts& key);

/// Has the intent nothing to say any more? Its lease is over, its run says that it issued no key, and none is there
/// that another could have made under it: the next rotation writes its own in its place.
bool intent_is_void(const UserFacts& facts, Instant now);

/// Until when a key whose run says that it issued none is left alone: it is its owner's, most likely, who has not used
/// it yet. After that it is taken for what another run lost.
Instant origin_unclear_until(const KeyFacts& key, const Rules& rules);

/// When the next decision differs from today's if nothing else happens: the earliest `due` after `now`.
std::optional<Instant> next_change(const UserDecision& decision, Instant now);

}  // namespace rekeyer::policy
