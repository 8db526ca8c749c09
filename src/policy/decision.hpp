// The decision: from what is known of a user, the rules and the time, to one action a key. Pure, total, first match
// wins.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/facts.hpp"
#include "policy/reason.hpp"
#include "policy/rules.hpp"

namespace rekeyer::policy {

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

/// When the next decision differs from today's if nothing else happens: the earliest `due` after `now`.
std::optional<Instant> next_change(const UserDecision& decision, Instant now);

}  // namespace rekeyer::policy
