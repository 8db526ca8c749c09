// A world as JSON: what a person writes (ages in days, everything optional), what a dump holds (exact instants), one
// format. docs/sandbox.md describes it.
#pragma once

#include <boost/json/fwd.hpp>
#include <string>

#include "base/error.hpp"
#include "base/time.hpp"
#include "sandbox/behaviour/aws_behaviour.hpp"
#include "sandbox/world/world.hpp"

namespace rekeyer::sandbox {

/// The credentials of the caller that every world has: a user with one key in the tooling account.
struct CallerKey {
  AccountId account;
  UserName user;
  AccessKeyId key;
  std::string secret;
};

struct LoadedWorld {
  World world;
  AwsBehaviour behaviour;
  CallerKey caller;
  Instant now{};  ///< when all this holds: the member "at" of a dump, else when it was built
};

/// Builds a world from its description at `now`, or at the instant that its member "at" gives, as a dump has it; ids
/// that the description leaves open come from `seed`. Fails with `usage`, naming the path of the member that is wrong
/// ("accounts[3].users[0].keys[1].age").
Result<LoadedWorld> load_world(const boost::json::object& description, std::uint64_t seed, Instant now);
Result<LoadedWorld> parse_world(std::string_view json, std::uint64_t seed, Instant now);
/// The whole world with exact instants; load_world() reads it back to the same world.
boost::json::object dump_world(const World& world, const AwsBehaviour& behaviour);

/// One more user, role, key or secret of a description, for controls: the members are the same as in a world file.
Result<User*> add_user(World& world, const AccountId& account, const boost::json::object& description, Instant now);
Result<AccessKey*> add_key(World& world, const AccountId& account, const UserName& user,
                           const boost::json::object& description, Instant now);
/// {"age", "used", "status", "service", "region"}: changes what is named.
Result<> change_key(AccessKey& key, const boost::json::object& description, Instant now);
Result<Role*> add_role(World& world, const AccountId& account, const boost::json::object& description, Instant now);
Result<StoredSecret*> add_secret(World& world, const AccountId& account, const boost::json::object& description,
                                 Instant now);

/// What a test needs to know of a world that was just built: management, tooling, organization, ous, keys, caller,
/// admins, roots.
boost::json::object introduce(const LoadedWorld& loaded);

}  // namespace rekeyer::sandbox
