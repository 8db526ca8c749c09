// One user's case as the tables of the decision ask about it: every key with its record, and the questions that rows
// are made of.
#pragma once

#include <algorithm>
#include <optional>
#include <vector>

#include "policy/decision.hpp"
#include "policy/observe.hpp"

namespace rekeyer::policy {

/// Keys that IAM lets one user have.
inline constexpr std::size_t max_keys = 2;

/// A key and what is remembered of it; valid as long as the case that made it.
struct KeyView {
  const KeyFacts* facts = nullptr;
  const KeyRecord* record = nullptr;  ///< null where nothing is remembered
  bool first_sight = false;           ///< seen inactive for the first time
  bool clock_restarted = false;       ///< inactive, and a use shows that it was active in between

  bool active() const { return facts->status == KeyStatus::active; }
  bool inactive() const { return facts->status == KeyStatus::inactive; }
  bool has_phase(KeyPhase phase) const { return record != nullptr && record->phase == phase; }
  bool lost() const { return is_lost(*facts, record); }
  bool reactivated() const { return record != nullptr && record->reactivated.has_value(); }
  /// Active, and neither replaced nor withdrawn: a key that its owner is meant to use.
  bool plain() const { return active() && !has_phase(KeyPhase::retiring) && !lost(); }
  bool use_unknown() const { return facts->last_use.state == LastUse::State::unknown; }
  /// By its owner, as far as AWS shows; what we did to verify it counts for nothing.
  bool never_used() const { return facts->last_use.state == LastUse::State::never || only_verified(*facts); }
  bool used() const { return facts->last_use.state == LastUse::State::used && !only_verified(*facts); }
  bool used_since(Instant instant) const { return used() && facts->last_use.at > instant; }
};

class UserCase {
 public:
  /// `observed` is observe(facts, now). All must outlive the case.
  UserCase(const UserFacts& facts, const Custody& observed, const Rules& rules, const Force& force, Instant now);
  UserCase(const UserCase&) = delete;
  UserCase& operator=(const UserCase&) = delete;

  const Rules& rules() const { return rules_; }
  const Force& force() const { return force_; }
  Instant now() const { return now_; }
  /// Which copies of the secret lack what is stored, in AWS's words.
  const std::optional<std::string>& copies_behind() const { return copies_behind_; }
  /// What keeps the owner from reading the secret.
  const std::optional<std::string>& owner_denied() const { return owner_denied_; }
  const std::vector<KeyView>& keys() const { return keys_; }  ///< in order of creation

  bool room() const { return keys_.size() < max_keys; }
  bool due(Instant instant) const { return now_ >= instant; }
  /// Within warn_period before `instant`, and not yet at it.
  bool near(Instant instant) const { return !due(instant) && now_ >= instant - rules_.warn_period.value; }

  Instant rotation_due(const KeyView& key) const { return key.facts->created + rules_.rotation_period.value; }
  bool past_rotation(const KeyView& key) const { return due(rotation_due(key)); }
  /// Never used, and the rules say to leave such keys alone.
  bool ignored(const KeyView& key) const { return key.never_used() && rules_.unused.value == Unused::ignore; }
  bool in_use(const KeyView& key) const { return key.used_since(now_ - rules_.in_use_window.value); }

  /// How long without use counts as idle; never shorter than what counts as in use.
  Period idle_period() const { return std::max(rules_.idle_period.value, rules_.in_use_window.value); }
  bool used_lately(const KeyView& key) const { return key.used_since(now_ - idle_period()); }
  /// The latest sign of life: made, used or switched on again. Of a key whose last use is unknown this says little.
  Instant last_sign(const KeyView& key) const;
  /// Known to be without any sign of life for the idle period.
  bool idle(const KeyView& key) const { return !key.use_unknown() && due(last_sign(key) + idle_period()); }

  std::size_t plain_count() const { return plain_count_; }
  /// A replaced key is still active.
  bool retiring_active() const;
  /// Another active key of the user is current, and its secret is published: what a replaced key needs in order to go.
  const KeyView* replacement(const KeyView& key) const;
  /// Replaced by a key that its owner never used, and used itself since a full rotation period: by a program, perhaps,
  /// that runs once a week or a month and has not been given the new key.
  bool successor_unused(const KeyView& key) const;
  /// The same where nobody can tell whether its successor was used.
  bool successor_use_unknown(const KeyView& key) const;
  /// Another active key of the user whose secret is the published one: the key that its owner is to use instead,
  /// whether or not the records still say which one it replaced.
  const KeyView* published_beside(const KeyView& key) const;
  /// Beside a published key that its owner never used, as far as anybody knows, and may not read where it is stored.
  bool successor_out_of_reach(const KeyView& key) const;
  /// Does the user use any key, as far as can be told? Yes where it can't.
  bool may_be_using_any() const;

 private:
  bool needed_until_replaced(const KeyView& key) const { return key.used_since(now_ - rules_.rotation_period.value); }

  const Rules& rules_;
  const Force& force_;
  Instant now_;
  const std::optional<std::string>& copies_behind_;
  const std::optional<std::string>& owner_denied_;
  std::vector<KeyView> keys_;
  std::size_t plain_count_ = 0;
};

}  // namespace rekeyer::policy
