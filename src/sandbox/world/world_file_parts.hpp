// The readers of a world file's parts. Each puts what it read into the world; on a problem it reports it and may leave
// the part out, for the world is thrown away then.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "sandbox/world/world.hpp"
#include "sandbox/world/world_file_fields.hpp"

namespace rekeyer::sandbox {

inline constexpr std::string_view default_region = "us-east-1";
inline constexpr std::string_view caller_name = "rekeyer-runner";
inline constexpr std::string_view everything_allowed =
    R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]})";

/// What a role has that its description leaves open.
struct RoleDefaults {
  RoleName name;
  InlinePolicies policies;
  std::string trust;
};

/// The trust policy of member roles: the two accounts may assume it, with the external id where there is one.
std::string member_trust(const World& world, std::string_view external_id);
/// The caller: a user of the tooling account. Makes it, with one key, where the account has no such user.
void make_caller(World& world, std::string_view policy, Instant now);

// Null where the description is wrong.
User* read_user(World& world, Account& account, const JsonPath& place);
AccessKey* read_key(World& world, const AccountId& account, const UserName& user, const JsonPath& place);
Role* read_role(World& world, Account& account, const RoleDefaults& defaults, const JsonPath& place);
StoredSecret* read_secret(World& world, Account& account, const JsonPath& place);

/// The members that say when a key was made and used, and whether it is active; those that are absent change nothing.
void read_key_state(AccessKey& key, Fields& fields);

void read_group(World& world, Account& account, const JsonPath& place);
/// Members by number or by name: after the users.
void read_members(World& world, Account& account, const JsonPath& place);
void read_managed_policy(World& world, Account& account, const JsonPath& place);
void read_report(Account& account, Fields& fields);
void read_kms_key(World& world, Account& account, const JsonPath& place);
/// mails, mail_identities, mail_sandbox and topics of an account.
void read_messages(World& world, Account& account, Fields& fields);
/// parameters, buckets, event_buses, schedules, state_machines and contacts of an account.
void read_services(World& world, Account& account, Fields& fields);
void read_key_event(World& world, const JsonPath& place);

/// The organisation itself, without what is in it.
void start_organization(World& world, Fields& fields);
/// A path ("Workloads/Prod", parents are made on the way) or an object with path, id and tags.
void read_unit(World& world, const JsonPath& place);
/// controls, delegated_administrators, tags of the root, account requests: after the accounts.
void read_organization(World& world, Fields& fields);
/// A unit by path or id, the root by "" or its id; empty where there is none.
OuId find_unit(const Organization& organization, std::string_view path_or_id);
/// The path of each unit; the root's is "".
std::map<std::string, OuId> unit_paths(const Organization& organization);
OuId make_unit(World& world, std::string_view path);

}  // namespace rekeyer::sandbox
