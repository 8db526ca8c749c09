// Finding things in the world, and the changes that touch two places at once (a key and its index entry).
#include "sandbox/world/world.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "base/text.hpp"
#include "sandbox/world/arn.hpp"

namespace rekeyer::sandbox {
namespace {

StoredSecret* find_by_arn(Vault& vault, std::string_view rest, std::string_view arn) {
  // The whole ARN goes first: a secret may be called "a-bcdefg" beside one called "a".
  if (rest.size() > secret_arn_ending && rest[rest.size() - secret_arn_ending] == '-') {
    const auto whole = vault.secrets.find(std::string(rest.substr(0, rest.size() - secret_arn_ending)));
    if (whole != vault.secrets.end() && whole->second.arn.str() == arn) return &whole->second;
  }
  const auto named = vault.secrets.find(std::string(rest));
  if (named == vault.secrets.end()) return nullptr;
  // The partition must be right as well, so the stored ARN decides.
  const std::string& stored = named->second.arn.str();
  const bool same_start = stored.starts_with(arn) && stored.size() == arn.size() + secret_arn_ending;
  return same_start ? &named->second : nullptr;
}

Vault* find_vault(Account* account, const Region& region) {
  if (account == nullptr) return nullptr;
  const auto found = account->vaults.find(region);
  return found == account->vaults.end() ? nullptr : &found->second;
}

Arn iam_arn(const std::string& partition, const AccountId& account, std::string_view resource) {
  std::string text = "arn:";
  text.reserve(32 + resource.size());
  text.append(partition).append(":iam::").append(account.str()).append(":").append(resource);
  return Arn(std::move(text));
}

}  // namespace

std::string folded(std::string_view name) { return lower_case(name); }

Account* World::find_account(const AccountId& id) {
  const auto found = accounts.find(id);
  return found == accounts.end() ? nullptr : &found->second;
}

const Account* World::find_account(const AccountId& id) const {
  const auto found = accounts.find(id);
  return found == accounts.end() ? nullptr : &found->second;
}

Account& World::account(const AccountId& id) {
  const auto [place, made] = accounts.try_emplace(id);
  if (made) place->second.id = id;
  return place->second;
}

World::KeyPlace World::find_key(const AccessKeyId& id) {
  const auto owner = key_owners_.find(id.str());
  if (owner == key_owners_.end()) return {};
  Account* const account = find_account(owner->second.account);
  if (account == nullptr) return {};
  const auto user = account->iam.users.find(owner->second.folded_user);
  if (user == account->iam.users.end()) return {};
  for (AccessKey& key : user->second.keys) {
    if (key.id == id) return {account, &user->second, &key};
  }
  return {};
}

AccessKey& World::add_key(const AccountId& account, const UserName& user, AccessKey key) {
  User* const owner = find_user(account, user);
  if (owner == nullptr) throw std::logic_error("a key for a user that does not exist");
  key_owners_.insert_or_assign(key.id.str(), Owner{account, folded(user.str())});
  return owner->keys.emplace_back(std::move(key));
}

bool World::remove_key(const AccountId& account, const UserName& user, const AccessKeyId& id) {
  User* const owner = find_user(account, user);
  if (owner == nullptr) return false;
  const auto key = std::ranges::find(owner->keys, id, &AccessKey::id);
  if (key == owner->keys.end()) return false;
  key_owners_.erase(id.str());  // first: `id` may be the key's own
  owner->keys.erase(key);
  return true;
}

void World::rename_user(const AccountId& account, const UserName& from, const UserName& to) {
  const std::string former = folded(from.str());
  const std::string name = folded(to.str());
  Account* const home = find_account(account);
  if (home == nullptr || !home->iam.users.contains(former)) throw std::logic_error("no user to be renamed");
  if (former != name && home->iam.users.contains(name)) throw std::logic_error("a new name that another user has");
  auto node = home->iam.users.extract(former);
  node.key() = name;
  node.mapped().name = to;
  const User& user = home->iam.users.insert(std::move(node)).position->second;
  for (auto& [group_name, group] : home->iam.groups) {
    for (UserName& member : group.members) {
      if (folded(member.str()) == former) member = to;
    }
  }
  for (const AccessKey& key : user.keys) key_owners_.insert_or_assign(key.id.str(), Owner{account, name});
  for (auto& [key, session] : sessions) {  // each for itself: their order does not matter
    if (session.owner_id == user.id) session.user = to;
  }
}

bool World::remove_user(const AccountId& account, const UserName& user) {
  Account* const home = find_account(account);
  if (home == nullptr) return false;
  const std::string name = folded(user.str());
  const auto found = home->iam.users.find(name);
  if (found == home->iam.users.end()) return false;
  for (const AccessKey& key : found->second.keys) key_owners_.erase(key.id.str());
  for (auto& [group_name, group] : home->iam.groups) {
    std::erase_if(group.members, [&](const UserName& member) { return folded(member.str()) == name; });
  }
  home->iam.users.erase(found);
  return true;
}

User* World::find_user(const AccountId& account, const UserName& user) {
  return const_cast<User*>(std::as_const(*this).find_user(account, user));
}

const User* World::find_user(const AccountId& account, const UserName& user) const {
  const Account* const home = find_account(account);
  if (home == nullptr) return nullptr;
  const auto found = home->iam.users.find(folded(user.str()));
  return found == home->iam.users.end() ? nullptr : &found->second;
}

StoredSecret* World::find_secret(const AccountId& account, const Region& region, std::string_view name_or_arn) {
  if (name_or_arn.starts_with("arn:")) {
    const auto address = secret_address(name_or_arn);
    if (!address) return nullptr;
    Vault* const vault =
        find_vault(find_account(AccountId(std::string(address->account))), Region(std::string(address->region)));
    return vault == nullptr ? nullptr : find_by_arn(*vault, address->rest, name_or_arn);
  }
  Vault* const vault = find_vault(find_account(account), region);
  if (vault == nullptr) return nullptr;
  const auto found = vault->secrets.find(std::string(name_or_arn));
  return found == vault->secrets.end() ? nullptr : &found->second;
}

Arn World::user_arn(const AccountId& account, const User& user) const {
  return iam_arn(partition, account, "user" + user.path + user.name.str());
}

Arn World::role_arn(const AccountId& account, const Role& role) const {
  return iam_arn(partition, account, "role" + role.path + role.name.str());
}

Arn World::group_arn(const AccountId& account, const Group& group) const {
  return iam_arn(partition, account, "group" + group.path + group.name.str());
}

}  // namespace rekeyer::sandbox
