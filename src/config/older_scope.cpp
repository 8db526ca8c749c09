// Which accounts the older systems looked at, and by which roles.
#include <fmt/format.h>

#include "aws/call/partition.hpp"
#include "aws/http/json.hpp"
#include "base/try.hpp"
#include "config/older_parts.hpp"

namespace rekeyer::config {
namespace {

constexpr std::string_view accounts_variable = "ACCOUNTS_USERS_JSON";

Result<> read_older_member_role(OlderReading& reading) {
  const auto* role = reading.values.filled("IAMAssumedRoleName");
  const auto* other = reading.values.filled("ROTATION_ROLE_NAME");
  if (role != nullptr && other != nullptr && role->text != other->text) {
    return wrong_variable(other->name, fmt::format("{} names another role for the same; remove one", role->name));
  }
  if (role == nullptr) role = other;
  if (role == nullptr) return {};
  reading.toml.set("member_role", toml_text(role->text), {role->name},
                   "its policy must be that of docs/permissions.md");
  return {};
}

/// The partition of the list role's ARN: as it is said, else the functions' own.
std::string partition(const OlderReading& reading) {
  if (const auto* said = reading.values.filled("Partition")) return said->text;
  return std::string(aws::partition_of(Region(reading.region)).id);
}

Result<> read_older_list_role(OlderReading& reading) {
  const auto* account = reading.values.filled("OrgListAccount");
  const auto* role = reading.values.filled("OrgListRole");
  if (account == nullptr) {
    if (role != nullptr) {
      reading.means_nothing(role->name,
                            "OrgListAccount does not say in which account it is, so Organizations is read with "
                            "the caller's own rights");
    }
    return {};
  }
  if (role == nullptr) {
    return wrong_variable(account->name, "needs OrgListRole, the role in that account that may read Organizations");
  }
  VariableNames names{account->name, role->name};
  if (const auto* said = reading.values.filled("Partition")) names.push_back(said->name);
  reading.toml.set("list_role_arn",
                   toml_text(fmt::format("arn:{}:iam::{}:role/{}", partition(reading), account->text, role->text)),
                   names);
  return {};
}

std::unexpected<Error> wrong_map(std::string_view name, std::string_view why) {
  return wrong_variable(
      name, fmt::format(R"({}; it takes a map from account to users, such as {{"111111111111": ["ann", "ci-deploy"]}})",
                        why));
}

/// The users of one account. Fails where a name is none: "*" would mean everybody to rekeyer.
Result<std::vector<std::string>> users_of(std::string_view variable, std::string_view account,
                                          const aws::JsonValue& value) {
  const auto items = value.as_array();
  if (!items) return wrong_map(variable, fmt::format("what stands for {} is no list", shown(account)));
  std::vector<std::string> users;
  for (const auto& item : *items) {
    const auto user = item.as_string();
    if (!user)
      return wrong_map(variable, fmt::format("the list of {} holds something that is no name", shown(account)));
    if (*user == "*") {
      return wrong_variable(variable,
                            fmt::format("\"*\" in the list of {} is no user's name, and would mean all users to "
                                        "rekeyer; write a rekeyer.toml if that is meant",
                                        shown(account)));
    }
    users.emplace_back(*user);
  }
  return users;
}

Result<> read_accounts(OlderReading& reading) {
  const auto* given = reading.values.find(accounts_variable);
  if (given == nullptr) return {};
  const auto document = aws::JsonValue::parse(given->text);
  if (!document) return wrong_map(given->name, "is not JSON");
  if (!document->is_object()) return wrong_map(given->name, "is JSON, but no map");
  reading.toml.open("[accounts]");
  std::size_t accounts = 0;
  for (const auto& [account, value] : document->members()) {
    TRY(const auto users, users_of(given->name, account, value));
    if (users.empty()) {
      reading.warn(
          fmt::format("{}: the list of {} is empty, so that account is left out", given->name, shown(account)));
      continue;
    }
    reading.toml.set(toml_text(account), toml_list(users), {given->name});
    ++accounts;
  }
  if (accounts == 0) return wrong_map(given->name, "names no user; an empty map must not come to mean everybody");
  return {};
}

}  // namespace

Result<> read_older_scope(OlderReading& reading) {
  reading.toml.open("[organization]");
  TRY_VOID(read_older_member_role(reading));
  TRY_VOID(read_older_list_role(reading));
  if (const auto* ou = reading.values.filled("InventoryOU")) {
    reading.toml.set("include_ous", toml_list({ou->text}), {ou->name});
  }
  const bool sample =
      reading.values.find("IAMAssumedRoleName") != nullptr || reading.values.find("OrgListAccount") != nullptr;
  if (sample && reading.values.find(accounts_variable) == nullptr) {
    reading.toml.remark("management_account = true  # the older functions tried that account too");
  }
  return read_accounts(reading);
}

}  // namespace rekeyer::config
