// The checker's judgement on each thing that rekeyer did to a key.
#include <fmt/format.h>

#include <algorithm>

#include "policy/change_order.hpp"
#include "sandbox/world/key_use.hpp"
#include "simulation/checker.hpp"

namespace rekeyer::simulation {
namespace {

using std::chrono::days;
using std::chrono::seconds;

/// Tags keep whole seconds, and processes take their time.
constexpr Milliseconds tolerance = seconds{2};
/// Facts are read right before something is done on them; a run may wait in between for AWS's rates and retries.
constexpr Milliseconds fresh = std::chrono::minutes{20};
/// Nothing is signed later than this under one intent.
constexpr Milliseconds lease = std::chrono::minutes{20};

/// A key that has been gone for that long is no news any more, should no mail have been accepted all the time.
constexpr days given_up{85};

std::string named(const KeyLife& life, const AccessKeyId& id) {
  return fmt::format("user {}/{}, key {}", life.account, life.user, id);
}

/// Made by its owner under the first lease and never used: nobody can tell it from what a run that died has left. Or
/// left by such a run, which may have stored it while its secret's lock still spread: so may somebody else.
bool like_an_orphan(const KeyLife& life) {
  const bool left_by_a_run = life.ours && !life.on_record;
  return (life.under_first_lease || left_by_a_run) && life.last_used == Instant{};
}

/// The run ordered copies that AWS gave up on: the next one finds them, or orders them again.
bool ordered_copies(const rotation::ActionOutcome& action) {
  return action.reason == policy::Reason::replica_behind && action.detail.ends_with("ordered anew");
}

}  // namespace

/// What AWS would have shown at that instant of the last use of the key by its owner: a new key signs a call to STS
/// before anybody has it.
std::optional<Instant> Checker::visible_use(const AccessKeyId& id, Instant at) {
  const auto place = sandbox_.world.find_key(id);
  if (place.key == nullptr) return std::nullopt;
  const auto use = sandbox::visible_use(*place.key, at, sandbox_.behaviour.last_used_lag);
  if (!use) return std::nullopt;
  const auto* life = history_.find(id);
  const bool verified = life != nullptr && life->ours && use->service == "sts" && use->at - life->created <= lease;
  return verified ? std::nullopt : std::optional(use->at);
}

bool Checker::has_other_working_key(const KeyLife& life, const AccessKeyId& id) {
  // Whoever undid the marks on the user's secret in its first moments may have hidden the one that holds the other.
  if (undone(life.account, life.user)) return true;
  return std::ranges::any_of(history_.keys(), [&](const auto& entry) {
    const auto& [other_id, other] = entry;
    if (other_id == id || other.gone || !other.active) return false;
    if (!same_owner(other, life)) return false;
    return !other.ours || other.touched_by_people || is_stored(other, other_id);
  });
}

/// Whoever switches off or deletes the key that works has locked himself out.
bool Checker::people_touched_others(const KeyLife& life, const AccessKeyId& id) const {
  return std::ranges::any_of(history_.keys(), [&](const auto& entry) {
    const auto& [other_id, other] = entry;
    return other_id != id && same_owner(other, life) && other.touched_by_people;
  });
}

/// Is the user whose key it is, or was, still there?
bool Checker::has_owner(const KeyLife& life) const {
  const auto* user = sandbox_.world.find_user(life.account, life.user);
  return user != nullptr && user->id == life.user_id;
}

void Checker::judge_creation(const KeyLife& life, const AccessKeyId& id) {
  if (exempt_for_long(life.account, life.user)) broken("I8", named(life, id) + ": issued for an exempt user");
  judge_readiness(life, id);
  for (const auto& [other_id, other] : history_.keys()) {
    if (other_id == id || !other.ours || other.gone || !other.active || !other.stored_once) continue;
    if (!same_owner(other, life) || other.touched_by_people) continue;
    if (life.created - other.created < rules_.rotation_period.value - days{1}) {
      broken("I5",
             fmt::format("{}: issued although {} was issued at {}", named(life, id), other_id, iso8601(other.created)));
    }
  }
}

void Checker::judge_deactivation(const KeyLife& life, const AccessKeyId& id, const sandbox::LoggedCall& call) {
  if (life.ours && !life.stored_once) return;  // withdrawn: nobody ever had it
  judge_touch(life, id);
  if (!like_an_orphan(life) && exempt_for_long(life.account, life.user)) {
    broken("I8", named(life, id) + ": deactivated for an exempt user");
  }
  check_told(life, id, policy::Step::deactivation);
  judge_handover(life, id);
  const auto& evidence = evidence_[run_of(call)].read_at;
  const auto read = evidence.find(id);
  if (read == evidence.end() || call.at - read->second > fresh) {
    broken("I2", named(life, id) + ": deactivated although its last use was not known");
    return;
  }
  const auto used = visible_use(id, read->second);
  if (!used) return;
  if (!has_other_working_key(life, id)) {
    broken("I2", named(life, id) + ": deactivated, and the user has no other key that works");
  }
  judge_cut(life, id, call.at, *used, read->second);
}

/// The published key that took over from this one; null where there is none.
const KeyLife* Checker::published_successor(const KeyLife& life) {
  for (const auto& [id, other] : history_.keys()) {
    if (!same_owner(other, life) || other.created <= life.created) continue;
    if (!other.ours || other.gone || !other.active || other.touched_by_people) continue;
    if (is_stored(other, id, "AWSCURRENT")) return &other;
  }
  return nullptr;
}

/// I3: neither what is in use is cut, nor what was used within a rotation period and whose successor was not.
void Checker::judge_cut(const KeyLife& life, const AccessKeyId& id, Instant at, Instant used, Instant read) {
  if (rules_.in_use.value != policy::InUse::hold) return;
  const bool in_use = read - used < rules_.in_use_window.value - tolerance;
  const bool needed = read - used < rules_.rotation_period.value - tolerance && !life.touched_by_people;
  const auto* successor = published_successor(life);
  const bool not_installed = needed && successor != nullptr && successor->last_used == Instant{};
  if (!in_use && !not_installed) return;
  std::optional<Instant> replaced;
  for (const auto& [other_id, other] : history_.keys()) {
    if (!same_owner(other, life) || !other.ours || !other.stored_once) continue;
    if (other.created > life.created && (!replaced || other.created < *replaced)) replaced = other.created;
  }
  // Whoever switched a key on again has made it one of two that nothing says more of; and so has he who wrote over the
  // record while the lock still spread.
  const bool plain = !replaced || life.touched_by_people || undone(life.account, life.user);
  if (plain && rules_.two_active.value == policy::TwoActive::evict_least_recently_used) return;
  const auto deadline = rules_.hard_deadline.value;
  if (!replaced || !deadline || at < *replaced + rules_.installation_grace.value + *deadline - tolerance) {
    broken("I3", fmt::format("{}: deactivated although it was used at {}{}", named(life, id), iso8601(used),
                             in_use ? "" : ", and its successor never"));
  }
}

void Checker::judge_deletion(const KeyLife& life, const AccessKeyId& id) {
  const auto now = clock_.now();
  if (life.ours && !life.stored_once) {
    if (life.active && now - life.created <= lease) return;  // its secret could not be stored: taken back at once
    if (!life.active && now - life.inactive_since >= rules_.orphan_grace.value - tolerance) return;
    broken("I4", named(life, id) + ": an orphan, deleted before its time");
    return;
  }
  if (like_an_orphan(life) && !life.active && now - life.inactive_since >= rules_.orphan_grace.value - tolerance)
    return;
  // Taken back before anybody was told of it: its user was renamed, say, or its secret was changed.
  const bool taken_back = !life.on_record || undone(life.account, life.user);
  if (life.ours && taken_back && life.active && now - life.created <= lease) return;
  judge_touch(life, id);
  if (exempt_for_long(life.account, life.user)) broken("I8", named(life, id) + ": deleted for an exempt user");
  check_told(life, id, policy::Step::deletion);
  // Switched on and off again by somebody, and not used meanwhile, or only while its deactivation still spread: AWS
  // keeps no trace of that, or does not show it yet.
  const auto off = life.off_for_all_that_shows(now, sandbox_.behaviour.last_used_lag);
  const bool untraceable = life.touched_by_people && off && now - *off >= rules_.recovery_grace.value - tolerance;
  // Ordered while it was inactive, and minutes on its way: nobody can call a request back.
  const bool on_its_way = scenario_.late > 0 && now - life.switched_on <= longest_delay &&
                          life.switched_on - life.inactive_since >= rules_.recovery_grace.value - tolerance;
  if (life.active && on_its_way) return;
  if (life.active) {
    broken("I4", named(life, id) + ": deleted while it was active");
  } else if (!untraceable && now - life.inactive_since < rules_.recovery_grace.value - tolerance) {
    broken("I4", fmt::format("{}: deleted {} s after its deactivation", named(life, id),
                             std::chrono::duration_cast<seconds>(now - life.inactive_since).count()));
  }
}

void Checker::check_told(const KeyLife& life, const AccessKeyId& id, policy::Step step) {
  if (!rules_.require_notice.value || !scenario_.messages.enabled() || mailbox_.announced(id, step)) return;
  const bool may_be_the_runs = step == policy::Step::deactivation ? life.under_intent : life.under_first_lease;
  if (like_an_orphan(life) || (may_be_the_runs && life.last_used == Instant{})) return;
  broken("told", named(life, id) + (step == policy::Step::deactivation ? ": deactivated untold" : ": deleted untold"));
}

/// Whatever rekeyer deleted, its owner was told in the end, where notices are required.
void Checker::check_all_told() {
  if (!rules_.require_notice.value || !scenario_.messages.enabled()) return;
  for (const auto& [id, life] : history_.keys()) {
    if (clock_.now() - life.gone_at > given_up) continue;
    if (like_an_orphan(life)) continue;
    const bool taken_back = !life.on_record || undone(life.account, life.user);
    if (life.ours && taken_back && life.gone_at - life.created <= lease) continue;
    if (!life.deleted_by_us || (life.ours && !life.stored_once)) continue;
    if (!has_owner(life)) continue;
    if (exempt_since_.contains({life.account, life.user}) || mailbox_.told(id, policy::NoticeKind::deleted)) continue;
    broken("told", named(life, id) + ": deleted, and its owner never heard of it");
  }
}

void Checker::settled(const rotation::RunReport& last_apply, const rotation::RunReport& last_plan) {
  for (const auto& [id, life] : history_.keys()) {
    if (!life.ours || life.gone || life.touched_by_people) continue;
    if (!has_owner(life)) continue;
    const bool exempt = exempt_since_.contains({life.account, life.user});
    const bool untouchable = exempt && !life.active;
    if (made_for_former(life)) continue;
    if (truly_not_ours(life.account, life.user)) continue;  // held, and told each day
    if (!is_stored(life, id) && !has_stored_successor(life) && !untouchable) {
      broken("settle", fmt::format("{}: an orphan is left, {}", named(life, id), life.active ? "active" : "inactive"));
    }
  }
  check_all_told();
  for (const auto& [account_id, account] : sandbox_.world.accounts) {
    for (const auto& [folded, user] : account.iam.users) {
      if (exempt_since_.contains({account_id, user.name})) continue;  // no run touches what it may be about
      if (user.keys.empty()) continue;  // nothing is due, so nothing that a dead run left is taken over
      if (leaves_intent(account_id, user.name) && !truly_not_ours(account_id, user.name)) {
        broken("settle", fmt::format("user {}/{}: an intent is left", account_id, user.name));
      }
    }
  }
  for (const auto& account : last_apply.accounts) {
    if (account.status == rotation::AccountStatus::failed) {
      broken("settle", fmt::format("account {} still fails: {}", account.id, account.reason));
    }
    for (const auto& action : account.actions) {
      // What stands on it is somebody else's word: on a secret of nobody's, too, which can then not be told to be one.
      const bool gone = sandbox_.world.find_user(account.id, action.user) == nullptr;
      const bool held = action.reason == policy::Reason::not_ours || gone || undone(account.id, action.user);
      const bool not_ours = held && truly_not_ours(account.id, action.user);
      if (action.status == rotation::ActionStatus::failed && !not_ours && !ordered_copies(action)) {
        broken("settle", fmt::format("{}/{}: {} still fails: {} {}", account.id, action.user,
                                     policy::name(action.action), name(action.reason), action.detail));
      }
    }
  }
  static const rotation::OutcomeReason false_reasons[] = {
      policy::Reason::last_use_unknown,     policy::Reason::in_progress,    policy::Reason::intent_unreadable,
      policy::Reason::rules_unreadable,     policy::Reason::recovery_first, policy::Reason::intent_expired,
      policy::Reason::exemption_unreadable, ErrorKind::outcome_unknown};
  std::set<std::pair<AccountId, UserName>> in_motion;  // the last run cleared the way for the next step
  for (const auto& account : last_apply.accounts) {
    for (const auto& action : account.actions) {
      const bool moved = action.status == rotation::ActionStatus::done ||
                         action.reason == rotation::RunReason::lock_spreading || ordered_copies(action) ||
                         action.reason == policy::Reason::not_announced;  // announced by that very run
      if (moved) in_motion.insert({account.id, action.user});
    }
  }
  for (const auto& account : last_plan.accounts) {
    for (const auto& action : account.actions) {
      const bool limited = rotation::waits_for_limit(action.reason);
      const bool without_cause = std::ranges::find(false_reasons, action.reason) != std::ranges::end(false_reasons);
      if (without_cause && !undone(account.id, action.user)) {
        broken("settle", fmt::format("{}/{}: held without cause: {}", account.id, action.user, name(action.reason)));
      }
      if (policy::is_change(action.action) && !limited && !in_motion.contains({account.id, action.user}) &&
          action.status == rotation::ActionStatus::planned && action.due && last_plan.started - *action.due > days{5}) {
        broken("settle",
               fmt::format("{}/{}: {} is due since {} and not done: {} {}", account.id, action.user,
                           policy::name(action.action), iso8601(*action.due), name(action.reason), action.detail));
      }
    }
  }
}

}  // namespace rekeyer::simulation
