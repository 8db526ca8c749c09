// What a running world is told by its controls, in a world file's words, and what it tells of itself to tests.
#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "base/try.hpp"
#include "sandbox/access/principal.hpp"
#include "sandbox/world/policy_principals.hpp"
#include "sandbox/world/world_file.hpp"
#include "sandbox/world/world_file_parts.hpp"

namespace rekeyer::sandbox {
namespace json = boost::json;
namespace {

/// The defaults of roles that come later: as an account that has the member role has it.
RoleDefaults defaults_of(const World& world) {
  const auto name = folded(world.member_role.str());
  for (const auto& [id, account] : world.accounts) {
    const auto found = account.iam.roles.find(name);
    if (found != account.iam.roles.end()) return {world.member_role, found->second.policies, found->second.trust};
  }
  return {world.member_role, {{"rekeyer", std::string(everything_allowed)}}, member_trust(world, "")};
}

Result<Account*> known_account(World& world, const AccountId& id) {
  auto* account = world.find_account(id);
  if (account == nullptr) return fail(ErrorKind::usage, fmt::format("account: there is no account \"{}\"", id));
  return account;
}

/// Forgets a part that was read while something in it was wrong.
template <class Part, class Forget>
Result<Part*> kept(Part* part, const Reading& reading, Forget forget) {
  if (reading.failed() && part != nullptr) forget(*part);
  TRY_VOID(reading.outcome());
  return part;
}

json::array ids_of(const User& user) {
  json::array ids;
  for (const auto& key : user.keys) ids.emplace_back(key.id.str());
  return ids;
}

}  // namespace

Result<User*> add_user(World& world, const AccountId& id, const json::object& description, Instant now) {
  TRY(auto* const account, known_account(world, id));
  const json::value value = description;
  Reading reading{now, {}};
  auto* const user = read_user(world, *account, JsonPath{value, "user", reading});
  return kept(user, reading, [&](const User& wrong) { world.remove_user(id, UserName(wrong.name)); });
}

Result<AccessKey*> add_key(World& world, const AccountId& account, const UserName& user,
                           const json::object& description, Instant now) {
  TRY_VOID(known_account(world, account));
  if (world.find_user(account, user) == nullptr) {
    return fail(ErrorKind::usage, fmt::format("user: account {} has no user \"{}\"", account, user));
  }
  const json::value value = description;
  Reading reading{now, {}};
  auto* const key = read_key(world, account, user, JsonPath{value, "key", reading});
  return kept(key, reading, [&](const AccessKey& wrong) { world.remove_key(account, user, AccessKeyId(wrong.id)); });
}

Result<> change_key(AccessKey& key, const json::object& description, Instant now) {
  AccessKey changed = key;
  Reading reading{now, {}};
  {
    Fields fields(description, "", reading);
    if (fields.text("id", key.id.str()) != key.id.str()) fields.report("id", "is of another key");
    read_key_state(changed, fields);
  }
  TRY_VOID(reading.outcome());
  if (changed.active != key.active) changed.status_changed = changed.status_spreads_until = now;
  key = std::move(changed);
  return {};
}

Result<Role*> add_role(World& world, const AccountId& id, const json::object& description, Instant now) {
  TRY(auto* const account, known_account(world, id));
  const json::value value = description;
  Reading reading{now, {}};
  auto* const role = read_role(world, *account, defaults_of(world), JsonPath{value, "role", reading});
  return kept(role, reading, [&](const Role& wrong) { account->iam.roles.erase(folded(wrong.name.str())); });
}

Result<StoredSecret*> add_secret(World& world, const AccountId& id, const json::object& description, Instant now) {
  TRY(auto* const account, known_account(world, id));
  const json::value value = description;
  Reading reading{now, {}};
  auto* const secret = read_secret(world, *account, JsonPath{value, "secret", reading});
  if (secret != nullptr) bind_principals(world, *secret);
  return kept(secret, reading, [&](const StoredSecret& wrong) {
    const std::string name = wrong.name;
    for (auto& [region, vault] : account->vaults) {
      const auto found = vault.secrets.find(name);
      if (found != vault.secrets.end() && &found->second == &wrong) vault.secrets.erase(found);
    }
  });
}

json::object introduce(const LoadedWorld& loaded) {
  const World& world = loaded.world;
  const CallerKey& caller = loaded.caller;
  json::object units;
  for (const auto& [path, id] : unit_paths(world.organization)) units[path] = id.str();
  json::object keys;
  json::object admins;
  json::object roots;
  for (const auto& [id, account] : world.accounts) {
    admins[id.str()] = json::array{administrator_key(id).str(), administrator_secret};
    roots[id.str()] = json::array{root_key(id).str(), administrator_secret};
    for (const auto& [name, user] : account.iam.users) {
      if (id == caller.account && user.name == caller.user) continue;
      keys[fmt::format("{}/{}", id, user.name)] = ids_of(user);
    }
  }
  return {{"management", world.organization.management.str()},
          {"tooling", world.tooling.str()},
          {"organization", world.organization.id},
          {"ous", std::move(units)},
          {"keys", std::move(keys)},
          {"caller", json::object{{"account", caller.account.str()},
                                  {"user", caller.user.str()},
                                  {"key", caller.key.str()},
                                  {"secret", caller.secret}}},
          {"admins", std::move(admins)},
          {"roots", std::move(roots)}};
}

}  // namespace rekeyer::sandbox
