// What is known of one user at one instant: the whole input of the decision besides the rules. Pure data.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/access_key.hpp"
#include "base/names.hpp"
#include "base/time.hpp"
#include "policy/custody.hpp"
#include "policy/intent.hpp"
#include "policy/notice.hpp"

namespace rekeyer::policy {

/// Is this key's secret in the store, as the versions' tokens tell?
enum class Stored {
  no,
  pending,   ///< AWSPENDING: stored, not yet published
  current,   ///< AWSCURRENT
  previous,  ///< AWSPREVIOUS or another label
};

struct KeyFacts {
  AccessKeyId id;
  KeyStatus status = KeyStatus::other;
  Instant created{};
  LastUse last_use;
  Stored stored = Stored::no;
  bool signs_this_run = false;  ///< the key that this run's requests are signed with
};

/// Is the last use that AWS shows of it our own verification, of a key that we issued? Before it is published, a new
/// key signs GetCallerIdentity under the lease it was made under. Whatever its owner does with it shows over that. An
/// owner who asks STS that early, and never uses the key again, is taken for us.
bool only_verified(const KeyFacts& key);
/// The last use by anybody but us: `never` where only we used it. What is unknown stays unknown: AWS shows uses late.
LastUse use_by_owner(const KeyFacts& key);

/// Why a user is exempt, and until when.
struct Exemption {
  std::string reason;
  std::optional<Instant> until;  ///< the first instant at which it no longer holds
  std::string ticket;
  std::string source;  ///< "group IAMKeyRotationExemptionGroup", "user tag rekeyer:exempt", "rekeyer.toml:31"
};

struct UserFacts {
  AccountId account;
  UserName user;
  std::vector<KeyFacts> keys;  ///< all keys that IAM lists, any order
  Custody custody;             ///< empty where no tag was there
  bool custody_lost = false;   ///< the secret holds versions of ours, but the tag is missing or can't be read
  std::optional<Intent> intent;
  bool issued_nothing = false;                      ///< by the run of `intent`, as it says itself
  bool intent_unreadable = false;                   ///< a tag is there that can't be parsed: nothing additive happens
  std::optional<std::string> copies_behind;         ///< which copies of the secret in other Regions are not in sync
  std::optional<std::string> owner_denied;          ///< what in the secret's policy keeps its owner from reading it
  bool copies_failed = false;                       ///< AWS gave up on one of them
  std::optional<std::string> not_ours;              ///< why the secret is not touched, and nothing on it believed
  NoticeRecord notices;                             ///< empty where no tag was there, or where it can't be read
  std::optional<Exemption> exemption;               ///< already chosen: the first that applies and has not ended
  std::optional<std::string> exemption_unreadable;  ///< why: exempts, and is reported (I8)
  bool is_exempt() const { return exemption || exemption_unreadable; }
  std::optional<std::string> rules_unreadable;  ///< a user tag or setting that can't be read: held, and reported
};

}  // namespace rekeyer::policy
