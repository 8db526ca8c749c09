// Names and meanings of actions and reasons. Names are part of the JSON output: they are never changed, only added to.
#include "policy/reason.hpp"

namespace rekeyer::policy {

std::string_view name(Action action) {
  switch (action) {
    case Action::keep: return "keep";
    case Action::warn: return "warn";
    case Action::rotate: return "rotate";
    case Action::deactivate: return "deactivate";
    case Action::remove: return "delete";
    case Action::hold: return "hold";
    case Action::recover: return "recover";
    case Action::adopt: return "adopt";
    case Action::relock: return "relock";
    case Action::exempt: return "exempt";
  }
  return "";
}

std::string_view name(Reason reason) {
  switch (reason) {
    case Reason::young: return "young";
    case Reason::retiring: return "retiring";
    case Reason::in_recovery: return "in_recovery";
    case Reason::unknown_status: return "unknown_status";
    case Reason::unused_ignored: return "unused_ignored";
    case Reason::rotation_near: return "rotation_near";
    case Reason::deactivation_near: return "deactivation_near";
    case Reason::deletion_near: return "deletion_near";
    case Reason::rotation_due: return "rotation_due";
    case Reason::forced: return "forced";
    case Reason::installation_over: return "installation_over";
    case Reason::hard_deadline: return "hard_deadline";
    case Reason::in_use_warned: return "in_use_warned";
    case Reason::unused: return "unused";
    case Reason::idle: return "idle";
    case Reason::evicted: return "evicted";
    case Reason::recovery_over: return "recovery_over";
    case Reason::orphan: return "orphan";
    case Reason::last_use_unknown: return "last_use_unknown";
    case Reason::still_in_use: return "still_in_use";
    case Reason::successor_unused: return "successor_unused";
    case Reason::two_active: return "two_active";
    case Reason::no_room: return "no_room";
    case Reason::replica_behind: return "replica_behind";
    case Reason::owner_denied: return "owner_denied";
    case Reason::no_working_replacement: return "no_working_replacement";
    case Reason::signer_key: return "signer_key";
    case Reason::recovery_clock_started: return "recovery_clock_started";
    case Reason::reactivated: return "reactivated";
    case Reason::used_while_inactive_unclear: return "used_while_inactive_unclear";
    case Reason::in_progress: return "in_progress";
    case Reason::intent_unreadable: return "intent_unreadable";
    case Reason::rules_unreadable: return "rules_unreadable";
    case Reason::not_announced: return "not_announced";
    case Reason::announced: return "announced";
    case Reason::not_ours: return "not_ours";
    case Reason::recovery_first: return "recovery_first";
    case Reason::origin_unclear: return "origin_unclear";
    case Reason::intent_expired: return "intent_expired";
    case Reason::exempt: return "exempt";
    case Reason::exemption_unreadable: return "exemption_unreadable";
  }
  return "";
}

// One sentence a reason, and the switch proves that none is missing.
// NOLINTNEXTLINE(readability-function-size)
std::string_view describe(Reason reason) {
  switch (reason) {
    case Reason::young: return "The key is younger than its rotation period. Nothing is to be done until then.";
    case Reason::retiring:
      return "The key has been replaced, and its owner has time to install the new one. It is deactivated when that "
             "time is over and nothing uses it any more.";
    case Reason::in_recovery:
      return "The key is inactive and can still be switched on again. It is deleted when its recovery period is over.";
    case Reason::unknown_status: return "AWS gives the key a status that rekeyer does not know, so it is not touched.";
    case Reason::unused_ignored:
      return "The key was never used, and the rule unused = \"ignore\" leaves such keys alone.";
    case Reason::rotation_near: return "The key reaches its rotation period soon.";
    case Reason::deactivation_near:
      return "The key has been replaced and is deactivated soon. Install the new key before that.";
    case Reason::deletion_near:
      return "The key is inactive and is deleted soon, for good. Whoever still needs it must switch it on before that.";
    case Reason::rotation_due: return "The key has reached its rotation period: a new one is issued and stored.";
    case Reason::forced: return "An operator asked for it with `rekeyer rotate`.";
    case Reason::installation_over:
      return "The key has been replaced, the time for installing the new one is over, and nothing uses the old one. It "
             "is deactivated, and can be switched on again until it is deleted.";
    case Reason::hard_deadline:
      return "The key has been replaced, and it is still in use or the new one never was, but its hard deadline is "
             "over. It is deactivated, and can be switched on again until it is deleted.";
    case Reason::in_use_warned:
      return "The key has been replaced and is still in use; the rule in_use says to deactivate it all the same. It "
             "can be switched on again until it is deleted.";
    case Reason::unused:
      return "The key has reached its rotation period and was never used. It is deactivated, not replaced; using it or "
             "the rule unused = \"rotate\" or \"ignore\" would change that.";
    case Reason::idle:
      return "The user has two active keys and does not use this one. It is deactivated to make room for the rotation "
             "of the other; using it would change that.";
    case Reason::evicted:
      return "The user has two active keys, one of them past its rotation period, and the rule two_active says to "
             "deactivate the one used least recently.";
    case Reason::recovery_over:
      return "The key has been inactive and unused for its whole recovery period. It is deleted.";
    case Reason::orphan:
      return "The key was issued by a run that could not store its secret, so nobody can use it. It is withdrawn.";
    case Reason::last_use_unknown:
      return "AWS did not say when the key was last used, and nothing is retired on a guess. Allow "
             "iam:GetAccessKeyLastUsed, or "
             "wait for the next run where AWS was throttling.";
    case Reason::still_in_use:
      return "The key is still in use, so it is not deactivated. Install the new key where this one is used; the rules "
             "in_use and hard_deadline would change it too.";
    case Reason::successor_unused:
      return "The key has been replaced, and its owner never used the new one, so it is not deactivated: what runs "
             "once a week or a month may still need it. Install the new key; the rules in_use and hard_deadline would "
             "change it too.";
    case Reason::two_active:
      return "The user has two active keys and uses both, so neither can be rotated. Let one of them go, or set the "
             "rule two_active.";
    case Reason::no_room:
      return "The user has as many keys as AWS allows, so no new one can be issued until one of them is deleted.";
    case Reason::replica_behind:
      return "The key has been replaced, and a copy of the secret in another Region does not have the new one, so that "
             "whoever reads there still needs the old one. Mend the copy: `detail` has AWS's words.";
    case Reason::owner_denied:
      return "The key has been replaced, and its owner, who never used the new one, may not read the secret that has "
             "it, so the old one stays. Take the statement off the secret's policy: `detail` names it.";
    case Reason::no_working_replacement:
      return "No other working key of the user is known, and the last one is not taken away. Force a rotation, or "
             "switch the replacement on again.";
    case Reason::signer_key:
      return "This run is signed with the key, and a run does not retire the key it needs. Run rekeyer with other "
             "credentials.";
    case Reason::recovery_clock_started:
      return "The key is inactive, and nobody knows since when: its recovery period starts with this run.";
    case Reason::reactivated:
      return "Somebody switched the key on again after rekeyer had deactivated it. It is left alone until a period of "
             "installation has gone by once more.";
    case Reason::used_while_inactive_unclear:
      return "The key was used after its deactivation, so somebody had switched it on in between, and nobody saw when "
             "it went off again. Its recovery period starts anew, now.";
    case Reason::in_progress: return "Another run is rotating a key of this user just now. The next run goes on.";
    case Reason::intent_unreadable:
      return "The tag rekeyer:intent of the user's secret can't be read, so a rotation may be half done. Nothing "
             "happens to the user until the tag is set to \"none\" by hand.";
    case Reason::rules_unreadable:
      return "The rules for this user can't be read, so nothing is done. Mend the user's policy tag.";
    case Reason::not_announced:
      return "The key's owner was not told yet, so nothing is taken away: it waits until a channel accepts the "
             "announcement. See [notify] and [owner], or set the rule require_notice = false.";
    case Reason::announced:
      return "The key's owner was told, and has until the day that was named, but at least the rule notice_period.";
    case Reason::not_ours:
      return "A secret with the user's name was there before rekeyer locked it, and something of others is on it: "
             "whoever made it might read the new key, or have keys switched off by what it says. Nothing happens to "
             "the user until somebody has looked: delete the secret, or vouch for it with `rekeyer adopt`.";
    case Reason::recovery_first: return "A rotation of this user that ended half done is settled first.";
    case Reason::origin_unclear:
      return "The key was made while a run tried to issue one and was refused, so it is its owner's, most likely. "
             "Using it shows that. A key that nobody has used when the day has come is deactivated: another run may "
             "have made it and lost its secret.";
    case Reason::intent_expired:
      return "A run ended in the middle of a rotation. What it stored is finished, and a key that it could not store "
             "is withdrawn.";
    case Reason::exempt: return "The user is exempt. Ending the exemption would change that.";
    case Reason::exemption_unreadable:
      return "The list of exempt users can't be read, so everybody is taken for exempt. Give rekeyer access to it.";
  }
  return "";
}

}  // namespace rekeyer::policy
