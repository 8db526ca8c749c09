#include "sandbox/access/principal.hpp"

#include <fmt/format.h>

namespace rekeyer::sandbox {
namespace {

constexpr std::string_view administrator_prefix = "SANDBOXADMIN";
constexpr std::string_view root_prefix = "SANDBOXROOT";

Arn administrator_arn(const World& world, std::string_view account) {
  return Arn(fmt::format("arn:{}:sts::{}:assumed-role/sandbox-administrator/sandbox", world.partition, account));
}

std::optional<Principal> administrator(const World& world, const AccessKeyId& key) {
  AccountId account(key.str().substr(administrator_prefix.size()));
  if (!valid_account_id(account.str()) || world.find_account(account) == nullptr) return std::nullopt;
  Principal result;
  result.kind = PrincipalKind::administrator;
  result.arn = administrator_arn(world, account.str());
  result.identity_arn = Arn(fmt::format("arn:{}:iam::{}:role/sandbox-administrator", world.partition, account.str()));
  result.role = RoleName("sandbox-administrator");
  result.user_id = "AROASANDBOXADMIN:sandbox";
  result.account = std::move(account);
  result.key = key;
  return result;
}

std::optional<Principal> root_user(const World& world, const AccessKeyId& key) {
  AccountId account(key.str().substr(root_prefix.size()));
  if (!valid_account_id(account.str()) || world.find_account(account) == nullptr) return std::nullopt;
  Principal result;
  result.kind = PrincipalKind::administrator;
  result.arn = Arn(fmt::format("arn:{}:iam::{}:root", world.partition, account));
  result.identity_arn = result.arn;
  result.user_id = account.str();
  result.account = std::move(account);
  result.key = key;
  return result;
}

void describe_user(Principal& result, const World& world, const AccountId& account, const User& user) {
  result.kind = PrincipalKind::user;
  result.account = account;
  result.arn = world.user_arn(account, user);
  result.identity_arn = result.arn;
  result.user = user.name;
  result.user_id = user.id;
  result.identity_id = user.id;
}

/// For whom a user vouches: somebody else, though nothing that the user's rights don't cover is allowed.
void describe_federated(Principal& result, const World& world, const Session& session) {
  result.arn =
      Arn(fmt::format("arn:{}:sts::{}:federated-user/{}", world.partition, session.account, session.federated));
  result.identity_arn = result.arn;
  result.user_id = fmt::format("{}:{}", session.account, session.federated);
  result.federated = true;
}

/// A session outlives its role: then it has a name, and no policies, not even those of a new role of that name.
void describe_role(Principal& result, const World& world, const Session& session) {
  const auto* account = world.find_account(session.account);
  const Role* role = nullptr;
  if (account != nullptr) {
    const auto found = account->iam.roles.find(folded(session.role.str()));
    if (found != account->iam.roles.end() && found->second.id == session.owner_id) role = &found->second;
  }
  result.kind = PrincipalKind::role;
  result.account = session.account;
  result.role = session.role;
  result.arn = Arn(
      fmt::format("arn:{}:sts::{}:assumed-role/{}/{}", world.partition, session.account, session.role, session.name));
  result.identity_arn =
      role != nullptr ? world.role_arn(session.account, *role)
                      : Arn(fmt::format("arn:{}:iam::{}:role/{}", world.partition, session.account, session.role));
  result.user_id = fmt::format("{}:{}", session.owner_id, session.name);
  result.identity_id = session.owner_id;
}

std::optional<Principal> of_session(const World& world, const Session& session) {
  Principal result;
  if (session.role.empty()) {
    const auto* user = world.find_user(session.account, session.user);
    if (user == nullptr || user->id != session.owner_id) return std::nullopt;
    describe_user(result, world, session.account, *user);
    if (!session.federated.empty()) describe_federated(result, world, session);
  } else {
    describe_role(result, world, session);
  }
  result.key = session.id;
  result.session_policy = session.policy;
  result.session_tags = session.tags;
  result.session = true;
  result.issued = session.issued;
  return result;
}

}  // namespace

AccessKeyId administrator_key(const AccountId& account) {
  return AccessKeyId(std::string(administrator_prefix).append(account.str()));
}

AccessKeyId root_key(const AccountId& account) { return AccessKeyId(std::string(root_prefix).append(account.str())); }

std::optional<Principal> identify(World& world, const Call& call) {
  if (!call.signature) {
    if (call.operation != "AssumeRoleWithWebIdentity") return std::nullopt;
    Principal anyone;
    anyone.arn = Arn("anonymous");
    anyone.identity_arn = anyone.arn;
    return anyone;
  }
  const auto& key = call.signature->key;
  if (key.str().starts_with(administrator_prefix)) return administrator(world, key);
  if (key.str().starts_with(root_prefix)) return root_user(world, key);
  if (const auto place = world.find_key(key); place.key != nullptr) {
    Principal result;
    describe_user(result, world, place.account->id, *place.user);
    result.key = key;
    return result;
  }
  const auto session = world.sessions.find(key.str());
  return session == world.sessions.end() ? std::nullopt : of_session(world, session->second);
}

}  // namespace rekeyer::sandbox
