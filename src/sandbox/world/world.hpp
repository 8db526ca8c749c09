// The embedded AWS's whole state: an organisation, its accounts, their sessions. Everything that happens goes through
// the services; everything that is looked at (dumps, checkers, rehearsals) reads this.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/names.hpp"
#include "base/time.hpp"
#include "sandbox/world/contact_state.hpp"
#include "sandbox/world/event_state.hpp"
#include "sandbox/world/iam_state.hpp"
#include "sandbox/world/ids.hpp"
#include "sandbox/world/message_state.hpp"
#include "sandbox/world/object_state.hpp"
#include "sandbox/world/organization_state.hpp"
#include "sandbox/world/schedule_state.hpp"
#include "sandbox/world/secrets_state.hpp"

namespace rekeyer::sandbox {

struct Account {
  AccountId id;
  std::string name;
  std::string email;
  std::string state = "ACTIVE";  ///< as Organizations spells it: PENDING_ACTIVATION, ACTIVE, SUSPENDED, …
  Instant joined{};
  Iam iam;
  std::map<Region, Vault> vaults;
  Messages messages;
  std::map<std::string, EventBus> buses;               ///< by ARN; a region's default bus is there once it was used
  std::map<std::string, Schedule> schedules;           ///< by ARN
  std::map<std::string, StateMachine> state_machines;  ///< by ARN
  std::map<std::string, Bucket> buckets;               ///< by name, which no two accounts share
  std::map<std::string, AlternateContact> contacts;    ///< by BILLING, OPERATIONS, SECURITY
};

/// A role's session, as AssumeRole opened it, or a user's own.
struct Session {
  AccessKeyId id;
  std::string secret;
  std::string token;
  AccountId account;
  RoleName role;  ///< empty: a user's own session (GetSessionToken)
  UserName user;
  /// The unique id of that role or user (AROA…, AIDA…): whoever gets the name later is somebody else.
  std::string owner_id;
  std::string name;    ///< RoleSessionName
  std::string policy;  ///< session policy, JSON text; empty: none
  Tags tags;
  /// GetFederationToken's Name: the session of somebody for whom the user vouches, with rights of its own.
  std::string federated;
  bool chained = false;
  Instant issued{};
  Instant expires{};
};

/// What became of a key since the world began, in order: for checkers and for people.
struct KeyEvent {
  Instant at{};
  AccountId account;
  UserName user;
  AccessKeyId key;
  std::string what;    ///< created, stored (as a secret's value), deactivated, activated, deleted
  std::string by;      ///< ARN of the caller
  std::string secret;  ///< of the key: so that a leak of a deleted key's secret can still be looked for
};

class World {
 public:
  explicit World(std::uint64_t seed = 1) : ids(seed) {}
  World(World&&) = default;
  World& operator=(World&&) = default;

  Ids ids;
  std::string partition = "aws";
  Organization organization;
  std::map<AccountId, Account> accounts;
  /// By access key id.
  std::unordered_map<std::string, Session> sessions;  // unordered: lookup only
  Instant sessions_pruned{};                          ///< when sessions that ended long ago were last forgotten
  std::vector<KeyEvent> key_events;
  /// From which the caller of a rehearsal acts, and the role that it assumes; see world_file.hpp.
  AccountId tooling;
  RoleName member_role{"rekeyer-member"};

  Account* find_account(const AccountId& id);
  const Account* find_account(const AccountId& id) const;
  /// The account, made where it is not there.
  Account& account(const AccountId& id);

  /// Whose key it is; null where there is none of that id.
  struct KeyPlace {
    Account* account = nullptr;
    User* user = nullptr;
    AccessKey* key = nullptr;
  };
  KeyPlace find_key(const AccessKeyId& id);

  /// Adds a key to the user, past the limit of two as well, and indexes it. The user must exist.
  AccessKey& add_key(const AccountId& account, const UserName& user, AccessKey key);
  /// Removes the key and its index entry; false where it was not there.
  bool remove_key(const AccountId& account, const UserName& user, const AccessKeyId& id);
  /// Under the new name everything stays: id, keys, sessions, memberships, policies. The user must exist, and nobody
  /// else may have that name. Pointers to the user and its keys stay good.
  void rename_user(const AccountId& account, const UserName& from, const UserName& to);
  /// Removes the user, its keys and its memberships; false where it was not there.
  bool remove_user(const AccountId& account, const UserName& user);
  User* find_user(const AccountId& account, const UserName& user);
  const User* find_user(const AccountId& account, const UserName& user) const;

  /// A secret by name or by ARN (which leads to its own account and region); null where there is none.
  StoredSecret* find_secret(const AccountId& account, const Region& region, std::string_view name_or_arn);

  // ARNs, with the partition.
  Arn user_arn(const AccountId& account, const User& user) const;
  Arn role_arn(const AccountId& account, const Role& role) const;
  Arn group_arn(const AccountId& account, const Group& group) const;

 private:
  struct Owner {
    AccountId account;
    std::string folded_user;
  };
  std::unordered_map<std::string, Owner> key_owners_;  // unordered: lookup only
};

}  // namespace rekeyer::sandbox
