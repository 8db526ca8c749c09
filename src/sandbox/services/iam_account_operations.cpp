// What IAM tells of an account as a whole, and its alias.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "base/try.hpp"
#include "sandbox/services/iam_account_reads.hpp"
#include "sandbox/services/iam_input.hpp"
#include "sandbox/services/iam_page.hpp"
#include "sandbox/services/service.hpp"

namespace rekeyer::sandbox {
namespace {

Output get_account_summary(const Call&, const Context& context) {
  const Iam& iam = context.iam();
  const std::pair<std::string_view, std::size_t> numbers[] = {
      {"Users", iam.users.size()},
      {"UsersQuota", 5000},
      {"Groups", iam.groups.size()},
      {"GroupsQuota", 300},
      {"Roles", iam.roles.size()},
      {"RolesQuota", 1000},
      {"Policies", iam.policies.size()},
      {"PoliciesQuota", 1500},
      {"AccessKeysPerUserQuota", 2},
      {"GroupsPerUserQuota", 10},
      {"AttachedPoliciesPerUserQuota", 10},
      {"AttachedPoliciesPerGroupQuota", 10},
      {"AttachedPoliciesPerRoleQuota", 10},
      {"UserPolicySizeQuota", 2048},
      {"GroupPolicySizeQuota", 5120},
      {"PolicySizeQuota", 6144},
      {"AccountAccessKeysPresent", iam.root_keys > 0 ? 1U : 0U},
      {"AccountMFAEnabled", 1},
  };
  boost::json::object output = arena_output();
  boost::json::object& map = output.emplace("SummaryMap", boost::json::object_kind).first->value().get_object();
  boost::json::array& entries = map.emplace("entry", boost::json::array_kind).first->value().get_array();
  for (const auto& [key, value] : numbers) {
    boost::json::object& entry = entries.emplace_back(boost::json::object_kind).get_object();
    entry.emplace("key", key);
    entry.emplace("value", value);
  }
  return output;
}

/// 3 to 63 of a–z, 0–9 and single hyphens inside.
bool is_alias(std::string_view text) {
  const auto letter_or_digit = [](char c) { return is_lower(c) || is_digit(c); };
  return text.size() >= 3 && text.size() <= 63 && letter_or_digit(text.front()) && letter_or_digit(text.back()) &&
         text.find("--") == std::string_view::npos &&
         std::ranges::all_of(text, [&](char c) { return c == '-' || letter_or_digit(c); });
}

Output list_account_aliases(const Call&, const Context& context) {
  boost::json::object output;
  boost::json::array& aliases = output.emplace("AccountAliases", boost::json::array_kind).first->value().get_array();
  if (!context.iam().alias.empty()) aliases.emplace_back(context.iam().alias);
  output.emplace("IsTruncated", false);
  return output;
}

Output create_account_alias(const Call& call, const Context& context) {
  TRY(const auto alias, iam_required(call, "AccountAlias"));
  if (!is_alias(alias)) {
    return refuse("ValidationError", fmt::format("The specified value for accountAlias is invalid: {}", alias));
  }
  for (const auto& [id, account] : context.world.accounts) {
    if (account.iam.alias == alias) {
      return refuse("EntityAlreadyExists", fmt::format("The account alias {} already exists.", alias), 409);
    }
  }
  context.iam().alias = alias;  // an account has one: another takes its place
  return boost::json::object();
}

Output delete_account_alias(const Call& call, const Context& context) {
  TRY(const auto alias, iam_required(call, "AccountAlias"));
  if (context.iam().alias != alias) {
    return refuse("NoSuchEntity", fmt::format("The account alias {} cannot be found.", alias), 404);
  }
  context.iam().alias.clear();
  return boost::json::object();
}

}  // namespace

std::span<const Operation> iam_account_operations() {
  static constexpr Operation operations[] = {
      {"GetAccountAuthorizationDetails", get_account_authorization_details},
      {"GetAccountSummary", get_account_summary},
      {"ListAccountAliases", list_account_aliases},
      {"CreateAccountAlias", create_account_alias},
      {"DeleteAccountAlias", delete_account_alias},
      {"SimulatePrincipalPolicy", simulate_principal_policy},
  };
  return operations;
}

}  // namespace rekeyer::sandbox
