// Each role's document, put together from the parts.
#include <fmt/format.h>

#include <set>

#include "permissions/parts.hpp"
#include "permissions/permissions.hpp"

namespace rekeyer::permissions {
namespace {

using rotation::OwnAccount;
using rotation::StoreLocation;

/// Is the account that rekeyer runs from looked at with the caller's own rights? Only a fixed map and the management
/// account can tell; otherwise `own_account` is asked for.
bool enters_own_account_directly(const rotation::Settings& settings, const Wish& wish) {
  const auto& scope = settings.scope;
  if (scope.own_account != OwnAccount::direct) return false;
  return wish.own_account || scope.management_account || scope.fixed_accounts.contains(AccountId(wish.tooling_account));
}

/// Accounts are entered, and secrets kept where they do not belong to the accounts.
Statements work_statements(const rotation::Settings& settings, const Wish& wish) {
  Statements all;
  auto enter = enter_statement(settings, wish);
  if (!enter.resources.empty()) all.push_back(std::move(enter));
  const bool central = settings.store.location == StoreLocation::central;
  const bool direct = enters_own_account_directly(settings, wish);
  if (direct) append(all, user_statements(settings, wish, wish.tooling_account));
  if (direct || central) append(all, store_statements(settings, wish, wish.tooling_account));
  append(all, proof_statements(settings, wish));
  return all;
}

Statements caller(const config::Configuration& configuration, const Wish& wish) {
  const auto& settings = configuration.rotation;
  auto all = work_statements(settings, wish);
  append(all, listing_access(settings, OuQuestions::any));
  append(all, channel_statements(configuration.notify, wish, Channels::all));
  append(all, owner_statements(configuration.notify));
  if (settings.scope.list_role.empty()) append(all, account_tag_reads(configuration.notify, wish));
  return all;
}

Statements member(const rotation::Settings& settings, const Wish& wish) {
  auto all = user_statements(settings, wish, "*");
  if (settings.store.location == StoreLocation::member) append(all, store_statements(settings, wish, "*"));
  all.push_back(self_check_statement(settings, wish));
  return all;
}

Statements list(const config::Configuration& configuration, const Wish& wish) {
  Statements all{organization_reads(configuration.rotation, OuQuestions::any)};
  append(all, account_tag_reads(configuration.notify, wish));
  return all;
}

Statements inventory_function(const rotation::Settings& settings, const Wish& wish) {
  auto all = listing_access(settings, OuQuestions::as_configured);
  append(all, function_statements(wish, {"inventory"}, RunFolder::write));
  return all;
}

Statements account_function(const config::Configuration& configuration, const Wish& wish) {
  const auto& settings = configuration.rotation;
  auto all = work_statements(settings, wish);
  append(all, channel_statements(configuration.notify, wish, Channels::all));
  append(all, owner_statements(configuration.notify));
  append(all, placing_access(settings));
  if (settings.scope.list_role.empty()) append(all, account_tag_reads(configuration.notify, wish));
  append(all, function_statements(wish, {"account"}, RunFolder::keep));
  return all;
}

/// Of messages, only the digest to administrators.
Statements summary_functions(const notify::Settings& settings, const Wish& wish) {
  Statements all;
  if (!settings.administrators.empty()) all = channel_statements(settings, wish, Channels::mails);
  append(all, function_statements(wish, {"allot", "summarise"}, RunFolder::keep));
  return all;
}

std::string name_without_path(const RoleName& role) {
  return role.str().substr(role.str().rfind('/') + 1);  // npos + 1 is the beginning
}

}  // namespace

Document document_for(const config::Configuration& configuration, const Wish& wish) {
  const auto& settings = configuration.rotation;
  switch (wish.role) {
    case Role::caller: return {caller(configuration, wish)};
    case Role::member: return {member(settings, wish)};
    case Role::trust: return {{trust_statement(settings, wish)}};
    case Role::list: return {list(configuration, wish)};
    case Role::inventory: return {inventory_function(settings, wish)};
    case Role::account: return {account_function(configuration, wish)};
    case Role::summary: return {summary_functions(configuration.notify, wish)};
    case Role::reservation: {
      const bool direct = enters_own_account_directly(settings, wish);
      return {reserving_statements(settings, wish, direct ? OwnUsers::by_caller : OwnUsers::by_role)};
    }
  }
  return {};
}

std::vector<NamedDocument> all_documents(const config::Configuration& configuration, Wish wish) {
  std::vector<NamedDocument> all;
  const auto add = [&](std::string name, Role role, Mode mode) {
    wish.role = role;
    wish.mode = mode;
    all.push_back({std::move(name), document_for(configuration, wish)});
  };
  const auto mode = wish.mode;
  const auto member_role = name_without_path(configuration.rotation.scope.member_role);
  add("caller", Role::caller, mode);
  add(member_role, Role::member, Mode::apply);
  add(member_role + "-plan", Role::member, Mode::plan);
  add(member_role + "-trust", Role::trust, mode);
  if (configuration.rotation.scope.fixed_accounts.empty()) {
    const auto& named = configuration.rotation.scope.list_role.str();
    add(named.empty() ? wish.deployment + "-list-accounts" : named.substr(named.rfind('/') + 1), Role::list, mode);
  }
  add(wish.deployment + "-inventory", Role::inventory, mode);
  add(wish.deployment + "-account", Role::account, mode);
  add(wish.deployment + "-summary", Role::summary, mode);
  return all;
}

std::vector<std::string> placeholders_in(const Document& document) {
  std::set<std::string> found;
  const auto search = [&](std::string_view text) {
    for (auto begin = text.find('<'); begin != std::string_view::npos; begin = text.find('<', begin + 1)) {
      const auto end = text.find('>', begin);
      if (end == std::string_view::npos) return;
      found.emplace(text.substr(begin, end - begin + 1));
    }
  };
  for (const auto& statement : document.statements) {
    search(statement.principal);
    for (const auto& resource : statement.resources) search(resource);
    for (const auto& condition : statement.conditions) {
      for (const auto& value : condition.values) search(value);
    }
  }
  return {found.begin(), found.end()};
}

}  // namespace rekeyer::permissions
