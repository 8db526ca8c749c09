// What is known of one user: fresh calls put together into the facts that policy decides on, and the secret they came
// with.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/task.hpp"
#include "policy/facts.hpp"
#include "policy/intent.hpp"
#include "policy/match.hpp"
#include "policy/precedence.hpp"
#include "policy/rules.hpp"
#include "rotation/access.hpp"
#include "rotation/settings.hpp"
#include "rotation/trust.hpp"

namespace rekeyer::rotation {

/// Labels of a secret's versions in Secrets Manager: published, and stored only.
inline constexpr std::string_view stage_current = "AWSCURRENT";
inline constexpr std::string_view stage_pending = "AWSPENDING";
/// A copy in another Region that AWS gave up on.
inline constexpr std::string_view replica_failed_status = "Failed";

/// Where a user's secret is, or is to be made.
struct SecretPlace {
  SecretName name;
  /// The name that the secret's name carries: the user's when it was made. Version tokens are made of it, whatever the
  /// user is called now.
  UserName carries;
};

/// The user, who they are for the rules, and whether the exemption list could be read for them.
struct UserContext {
  policy::Subject subject;
  std::optional<std::string> exemption_unreadable;
  std::optional<SecretPlace> place{};  ///< as the account's secrets tell; nothing where they were not listed
  Arn made{};                          ///< of a secret that this very run made for them; empty: none
};

/// Facts, and what they were read from.
struct UserState {
  policy::UserFacts facts;
  policy::Rules rules;
  std::optional<aws::SecretDescription> secret;  ///< nothing: there is none
  std::optional<std::string> policy;             ///< the secret's; nothing: there is none, or it was not read
  bool policy_read = false;
  Trust trust;  ///< of the secret, where there is one
  SecretPlace place;
  /// As the tag says; the facts' is left out where it has nothing to say any more (policy::intent_is_void).
  std::optional<policy::Intent> intent_on_record;
  policy::Subject subject;

  /// What requests about the secret name it by: its ARN, which a secret made anew under the name does not have.
  SecretName handle() const { return secret ? SecretName(secret->arn.str()) : place.name; }
  /// The version under which the key is stored.
  VersionId token(const AccessKeyId& key) const;
};

/// A user's secret as it is now, and where it is; without one, where it is to be made.
struct FoundSecret {
  SecretPlace place;
  std::optional<aws::SecretDescription> secret;
};

/// By its place, or, where that is not known, by the user's name, and if that is not surely his by the id on it.
/// `conflict`: the secret at that place is another user's. Secrets Manager DescribeSecret, ListSecrets.
ResultTask<FoundSecret> find_secret(ReadAccess& access, const Settings& settings, UserContext user);

/// Fills custody, intent and `stored` of the facts from a secret's description. Pure; shared by survey and fresh reads.
void read_secret(const aws::SecretDescription& secret, const UserName& carries, Instant now, policy::UserFacts& facts);

/// Takes back that a key is an orphan which is older than the secret: a key is made for a secret that is there. Takes
/// back that a key of the intent is stored, where its run began before the secret's lock held everywhere: somebody may
/// have put a value of his under the key's token, which everybody can work out. Not of a key that was used, whose
/// secret somebody had. Pure; after read_secret().
void disbelieve_what_cannot_be(ReadAccess& access, const Settings& settings, const policy::Subject& user,
                               const aws::SecretDescription& secret, policy::UserFacts& facts);

/// Takes back from the facts what a secret says that is not rekeyer's: it can only delay, by a live intent, which ends
/// by itself. Pure.
void forget_record(Instant now, policy::UserFacts& facts);

/// `context`, and where AWS does not know the session in the store's Region, a question that mostly is the answer.
/// Pure.
Error in_store_context(Error error, std::string_view context, const StoreSettings& store);

/// The copies that AWS gave up on, in a sentence; nothing where there are none. Pure.
std::optional<std::string> failed_copies(const aws::SecretDescription& secret);

/// The run's proofs where a KMS key signs them, so that nobody else can write one; null where they are not signed.
const Proofs* signed_proofs(ReadAccess& access, const Settings& settings);

/// In a sentence: that statement of the secret's policy keeps its owner from reading. Pure.
std::string owner_denied_words(const SecretName& secret, std::string_view statement);

/// What the secret's tag says that the owner was told; empty where it says nothing that can be read. Pure.
policy::NoticeRecord read_notice_record(const aws::SecretDescription& secret);

/// Rules and exemption for the user, put into rules and facts. Pure.
void read_rules(const policy::PolicyConfig& config, const UserContext& context, Instant now, policy::UserFacts& facts,
                policy::Rules& rules);

/// Fresh facts: IAM ListAccessKeys, GetAccessKeyLastUsed for each key, Secrets Manager DescribeSecret last, so that
/// whatever is decided on them follows right after the intent was looked at. Where the account's secrets were not
/// listed, ListSecrets finds one that is the user's under another name. A last use that can't be read is `unknown`;
/// anything else that can't be read fails. `not_found`: the user is gone. `conflict`: the secret is another user's.
/// The secret's policy is read (GetResourcePolicy), but where it is not to be locked, and nobody may look, that is no
/// failure. What stands on a secret that is to be locked and is not rekeyer's is not believed.
ResultTask<UserState> read_user(ReadAccess& access, const Settings& settings, UserContext context, Instant now);

}  // namespace rekeyer::rotation
