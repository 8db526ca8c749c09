#include "sandbox/world/policy_principals.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "sandbox/world/arn.hpp"

namespace rekeyer::sandbox {
namespace {

namespace json = boost::json;

/// One or many, as policies write it.
template <class Value, class Visit>
void visit_each(Value& value, Visit visit) {
  if (auto* const list = value.if_array()) {
    for (auto& item : *list) visit(item);
  } else {
    visit(value);
  }
}

/// Each AWS principal of a statement, as a JSON value that is a string.
template <class Statement, class Visit>
void visit_principals(Statement& statement, Visit visit) {
  for (const std::string_view member : {"Principal", "NotPrincipal"}) {
    auto* const named = statement.if_contains(member);
    if (named == nullptr) continue;
    auto* const kinds = named->if_object();
    auto* const aws = kinds == nullptr ? named : kinds->if_contains("AWS");
    if (aws == nullptr) continue;
    visit_each(*aws, [&](auto& item) {
      if (item.is_string()) visit(item);
    });
  }
}

/// All statements of a policy's text; null where it is none.
template <class Visit>
json::value visit_statements(std::string_view policy, Visit visit) {
  json::error_code broken;
  json::value document = json::parse(policy, broken);
  auto* const whole = broken ? nullptr : document.if_object();
  auto* const statements = whole == nullptr ? nullptr : whole->if_contains("Statement");
  if (statements == nullptr) return nullptr;
  visit_each(*statements, [&](json::value& item) {
    if (auto* const statement = item.if_object()) visit(*statement);
  });
  return document;
}

bool is_user_id(std::string_view text) { return text.starts_with("AIDA"); }
bool is_unique_id(std::string_view text) { return is_user_id(text) || text.starts_with("AROA"); }

/// The ARN of whoever has the id in that account; nothing where nobody has.
std::optional<std::string> arn_of_id(const World& world, const Account& account, std::string_view id) {
  if (is_user_id(id)) {
    const auto has_id = [&](const auto& entry) { return entry.second.id == id; };
    const auto user = std::ranges::find_if(account.iam.users, has_id);
    if (user == account.iam.users.end()) return std::nullopt;
    return world.user_arn(account.id, user->second).str();
  }
  const auto has_id = [&](const auto& entry) { return entry.second.id == id; };
  const auto role = std::ranges::find_if(account.iam.roles, has_id);
  if (role == account.iam.roles.end()) return std::nullopt;
  return world.role_arn(account.id, role->second).str();
}

/// Ids say nothing of their account.
std::optional<std::string> arn_of_id(const World& world, std::string_view id) {
  for (const auto& [account_id, account] : world.accounts) {
    if (auto arn = arn_of_id(world, account, id)) return arn;
  }
  return std::nullopt;
}

std::optional<std::string> id_of_arn(const World& world, std::string_view arn) {
  const auto parts = arn_parts(arn);
  if (!parts || parts->service != "iam") return std::nullopt;
  const auto* const account = world.find_account(AccountId(std::string(parts->account)));
  if (account == nullptr) return std::nullopt;
  const std::string name = folded(parts->resource.substr(parts->resource.rfind('/') + 1));
  if (parts->resource.starts_with("user/")) {
    const auto user = account->iam.users.find(name);
    const bool same = user != account->iam.users.end() && world.user_arn(account->id, user->second).str() == arn;
    return same ? std::optional(user->second.id) : std::nullopt;
  }
  const auto role = account->iam.roles.find(name);
  const bool same = role != account->iam.roles.end() && world.role_arn(account->id, role->second).str() == arn;
  return same ? std::optional(role->second.id) : std::nullopt;
}

/// How a principal that was put as `named` is shown.
std::string shown_principal(const World& world, std::string_view named, const std::string& id) {
  if (id_of_arn(world, named) == id) return std::string(named);
  const auto parts = arn_parts(named);
  const auto* const account = parts ? world.find_account(AccountId(std::string(parts->account))) : nullptr;
  return (account == nullptr ? arn_of_id(world, id) : arn_of_id(world, *account, id)).value_or(id);
}

}  // namespace

std::vector<std::string_view> aws_principals(const json::object& statement) {
  std::vector<std::string_view> result;
  visit_principals(statement, [&](const json::value& item) { result.emplace_back(item.get_string()); });
  return result;
}

std::optional<std::string> unique_id_of(const World& world, std::string_view principal) {
  if (!is_unique_id(principal)) return id_of_arn(world, principal);
  return arn_of_id(world, principal) ? std::optional<std::string>(principal) : std::nullopt;
}

void bind_principals(const World& world, StoredSecret& secret) {
  if (!secret.policy) return;
  visit_statements(*secret.policy, [&](const json::object& statement) {
    for (const auto principal : aws_principals(statement)) {
      if (auto id = unique_id_of(world, principal)) secret.policy_principals.try_emplace(std::string(principal), *id);
    }
  });
}

std::optional<std::string> shown_policy(const World& world, const StoredSecret& secret) {
  if (!secret.policy) return std::nullopt;
  PolicyPrincipals changed;
  for (const auto& [named, id] : secret.policy_principals) {
    if (auto shown = shown_principal(world, named, id); shown != named) changed.emplace(named, std::move(shown));
  }
  if (changed.empty()) return secret.policy;
  const auto document = visit_statements(*secret.policy, [&](json::object& statement) {
    visit_principals(statement, [&](json::value& item) {
      const auto found = changed.find(std::string(std::string_view(item.get_string())));
      if (found != changed.end()) item = found->second;
    });
  });
  return json::serialize(document);
}

}  // namespace rekeyer::sandbox
