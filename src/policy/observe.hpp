// What is to be on record of a user's keys, seen from the facts: who issued a key, and which clock runs. Pure.
#pragma once

#include "policy/facts.hpp"
#include "policy/intent.hpp"
#include "policy/rules.hpp"

namespace rekeyer::policy {

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

}  // namespace rekeyer::policy
