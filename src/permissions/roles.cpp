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
bool enters_own_account_directly(const rotation::Settings& settings, const PolicyRequest& request) {
  const auto& scope = settings.scope;
  if (scope.own_account != OwnAccount::direct) return false;
  return request.own_account || scope.management_account ||
         scope.fixed_accounts.contains(AccountId(request.tooling_account));
}

/// Accounts are entered, and secrets kept where they do not belong to the accounts.
Statements work_statements(const rotation::Settings& settings, const PolicyRequest& request) {
  Statements all;
  auto enter = enter_statement(settings, request);
  if (!enter.resources.empty()) all.push_back(std::move(enter));
  const bool central = settings.store.location == StoreLocation::central;
  const bool direct = enters_own_account_directly(settings, request);
  if (direct) append(all, user_statements(settings, request, request.tooling_account));
  if (direct || central) append(all, store_statements(settings, request, request.tooling_account));
  append(all, proof_statements(settings, request));
  return all;
}

Statements caller(const config::Configuration& configuration, const PolicyRequest& request) {
  const auto& settings = configuration.rotation;
  auto all = work_statements(settings, request);
  append(all, listing_access(settings, OuQuestions::any));
  append(all, channel_statements(configuration.notify, request, Channels::all));
  append(all, owner_statements(configuration.notify));
  if (settings.scope.list_role.empty()) append(all, account_tag_reads(configuration.notify, request));
  return all;
}

Statements member(const rotation::Settings& settings, const PolicyRequest& request) {
  auto all = user_statements(settings, request, "*");
  if (settings.store.location == StoreLocation::member) append(all, store_statements(settings, request, "*"));
  all.push_back(self_check_statement(settings, request));
  return all;
}

Statements list(const config::Configuration& configuration, const PolicyRequest& request) {
  Statements all{organization_reads(configuration.rotation, OuQuestions::any)};
  append(all, account_tag_reads(configuration.notify, request));
  return all;
}

Statements inventory_function(const rotation::Settings& settings, const PolicyRequest& request) {
  auto all = listing_access(settings, OuQuestions::as_configured);
  append(all, function_statements(request, {"inventory"}, RunFolder::write));
  return all;
}

Statements account_function(const config::Configuration& configuration, const PolicyRequest& request) {
  const auto& settings = configuration.rotation;
  auto all = work_statements(settings, request);
  append(all, channel_statements(configuration.notify, request, Channels::all));
  append(all, owner_statements(configuration.notify));
  append(all, placing_access(settings));
  if (settings.scope.list_role.empty()) append(all, account_tag_reads(configuration.notify, request));
  append(all, function_statements(request, {"account"}, RunFolder::keep));
  return all;
}

/// Of messages, only the digest to administrators.
Statements summary_functions(const notify::Settings& settings, const PolicyRequest& request) {
  Statements all;
  if (!settings.administrators.empty()) all = channel_statements(settings, request, Channels::mails);
  append(all, function_statements(request, {"allot", "summarise"}, RunFolder::keep));
  return all;
}

std::string name_without_path(const RoleName& role) {
  return role.str().substr(role.str().rfind('/') + 1);  // npos + 1 is the beginning
}

}  // namespace

Document document_for(const config::Configuration& configuration, const PolicyRequest& request) {
  const auto& settings = configuration.rotation;
  switch (request.role) {
    case PolicyKind::caller: return {caller(configuration, request)};
    case PolicyKind::member: return {member(settings, request)};
    case PolicyKind::trust: return {{trust_statement(settings, request)}};
    case PolicyKind::list: return {list(configuration, request)};
    case PolicyKind::inventory: return {inventory_function(settings, request)};
    case PolicyKind::account: return {account_function(configuration, request)};
    case PolicyKind::summary: return {summary_functions(configuration.notify, request)};
    case PolicyKind::reservation: {
      const bool direct = enters_own_account_directly(settings, request);
      return {reserving_statements(settings, request, direct ? OwnUsers::by_caller : OwnUsers::by_role)};
    }
  }
  return {};
}

std::vector<NamedDocument> all_documents(const config::Configuration& configuration, PolicyRequest request) {
  std::vector<NamedDocument> all;
  const auto add = [&](std::string name, PolicyKind role, rotation::Mode mode) {
    request.role = role;
    request.mode = mode;
    all.push_back({std::move(name), document_for(configuration, request)});
  };
  const auto mode = request.mode;
  const auto member_role = name_without_path(configuration.rotation.scope.member_role);
  add("caller", PolicyKind::caller, mode);
  add(member_role, PolicyKind::member, rotation::Mode::apply);
  add(member_role + "-plan", PolicyKind::member, rotation::Mode::plan);
  add(member_role + "-trust", PolicyKind::trust, mode);
  if (configuration.rotation.scope.fixed_accounts.empty()) {
    const auto& named = configuration.rotation.scope.list_role.str();
    add(named.empty() ? request.deployment + "-list-accounts" : named.substr(named.rfind('/') + 1), PolicyKind::list,
        mode);
  }
  add(request.deployment + "-inventory", PolicyKind::inventory, mode);
  add(request.deployment + "-account", PolicyKind::account, mode);
  add(request.deployment + "-summary", PolicyKind::summary, mode);
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
