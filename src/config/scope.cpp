// [organization] and [accounts]: which accounts and users, and how accounts are entered.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/text.hpp"
#include "config/keys.hpp"
#include "config/names.hpp"

namespace rekeyer::config {
namespace {

using rotation::OwnAccount;

template <class Name>
void read_names(Draft& draft, const Entry& entry, Complaint (*check)(std::string_view), std::vector<Name>& into) {
  for (const auto& [text, place] : read_list(draft, entry)) {
    if (const auto complaint = check(text)) {
      draft.report(place, fmt::format("`{}`: {}", entry.full_name, *complaint));
    } else {
      into.push_back(Name(text));
    }
  }
}

void read_member_role(Draft& draft, const Entry& entry) {
  if (auto text = read_checked(draft, entry, check_role_name, Empty::refused)) {
    draft.settings.scope.member_role = RoleName(*std::move(text));
  }
}

void read_external_id(Draft& draft, const Entry& entry) {
  if (auto text = read_checked(draft, entry, check_external_id, Empty::means_none)) {
    draft.settings.scope.external_id = *std::move(text);
  }
}

void read_session_name(Draft& draft, const Entry& entry) {
  if (auto text = read_checked(draft, entry, check_session_name, Empty::refused)) {
    draft.settings.scope.session_name = *std::move(text);
  }
}

void read_list_role(Draft& draft, const Entry& entry) {
  if (auto text = read_checked(draft, entry, check_role_arn, Empty::means_none))
    draft.settings.scope.list_role = Arn(*std::move(text));
}

void read_own_account(Draft& draft, const Entry& entry) {
  static constexpr std::array<std::pair<std::string_view, OwnAccount>, 2> choices{
      {{"direct", OwnAccount::direct}, {"role", OwnAccount::role}}};
  if (const auto choice = read_choice<OwnAccount>(draft, entry, choices)) draft.settings.scope.own_account = *choice;
}

void read_include_ous(Draft& draft, const Entry& entry) {
  read_names(draft, entry, check_ou_id, draft.settings.scope.include_ous);
}
void read_exclude_ous(Draft& draft, const Entry& entry) {
  read_names(draft, entry, check_ou_id, draft.settings.scope.exclude_ous);
}
void read_include_accounts(Draft& draft, const Entry& entry) {
  read_names(draft, entry, check_account_id, draft.settings.scope.include_accounts);
}
void read_exclude_accounts(Draft& draft, const Entry& entry) {
  read_names(draft, entry, check_account_id, draft.settings.scope.exclude_accounts);
}

void read_management_account(Draft& draft, const Entry& entry) {
  if (const auto flag = read_flag(draft, entry)) draft.settings.scope.management_account = *flag;
}

/// The users of one account: names, or "*" alone.
std::vector<std::string> read_users(Draft& draft, const Entry& entry) {
  std::vector<std::string> users;
  std::set<std::string> known;  // IAM tells names apart without case
  const auto before = draft.problems.size();
  const auto list = read_list(draft, entry);
  for (const auto& [text, place] : list) {
    if (text == "*") {
      if (list.size() > 1) draft.report(place, R"("*" means all users, so it stands alone: write ["*"])");
    } else if (const auto complaint = check_user_name(text)) {
      draft.report(place, fmt::format("`{}`: {}", entry.full_name, *complaint));
    } else if (!known.insert(lower_case(text)).second) {
      draft.report(place,
                   fmt::format("{} stands twice in `{}`: IAM's names ignore case", shown(text), entry.full_name));
    }
    users.push_back(text);
  }
  if (list.empty() && draft.problems.size() == before) {
    draft.report(entry.value().place,
                 fmt::format("`{}` names no user; write [\"*\"] for all, or remove the line", entry.full_name));
  }
  return users;
}

void read_with_accounts(Draft&, const Entry&) {}  // read_accounts reads the whole table

}  // namespace

std::span<const Key> organization_keys() {
  static constexpr std::array<Key, 10> keys{{
      {"member_role", R"("rekeyer-member")", "a role's name, with its path if it has one",
       "The role that is assumed in every account.", read_member_role},
      {"external_id", R"("")", "2 to 1224 characters; empty: none", "Sent along when that role is assumed.",
       read_external_id},
      {"role_session_name", R"("rekeyer-{run}")", "2 to 64 letters, digits and _+=,.@-, with {run} or without",
       "What sessions of that role are called, in CloudTrail and in policies.", read_session_name},
      {"list_role_arn", R"("")", "a role's ARN; empty: none",
       "The role that may read Organizations, where the caller may not.", read_list_role},
      {"include_ous", "[]", "OU ids, or the root's; empty: all", "Only accounts below these, at any depth.",
       read_include_ous},
      {"exclude_ous", "[]", "OU ids", "No account below these, whatever includes it.", read_exclude_ous},
      {"include_accounts", "[]", "account ids", "These too, besides those of include_ous; alone: only these.",
       read_include_accounts},
      {"exclude_accounts", "[]", "account ids", "None of these, whatever includes them.", read_exclude_accounts},
      {"management_account", "false", "true or false", "The users of the management account too?",
       read_management_account},
      {"own_account", R"("direct")", "direct or role",
       "The caller's own account: entered with the caller's credentials, or through member_role.", read_own_account},
  }};
  return keys;
}

std::span<const Key> accounts_keys() {
  static constexpr std::array<Key, 1> keys{{
      {"<account id>",
       "",
       R"(user names, or ["*"] for all)",
       "The users of one account whose keys are looked after.",
       read_with_accounts,
       {},
       R"("111111111111" = ["ann", "ci-deploy"])"},
  }};
  return keys;
}

void read_accounts(Draft& draft, const Node& node) {
  for (const auto& member : node.members) {
    draft.set_at.insert_or_assign("accounts." + member.name, member.place);
    if (const auto complaint = check_account_id(member.name)) {
      const bool known = std::ranges::find(organization_keys(), member.name, &Key::name) != organization_keys().end();
      draft.report(member.place,
                   fmt::format("in [accounts]: {}{}", *complaint, known ? "; that key belongs to [organization]" : ""));
      continue;
    }
    draft.settings.scope.fixed_accounts[AccountId(member.name)] =
        read_users(draft, {fmt::format("accounts.{}", member.name), member, {}});
  }
  // An empty map must not widen the run to the whole organization.
  if (node.members.empty()) {
    draft.report(node.place,
                 "[accounts] names no account; name one, or remove [accounts] to have the organization asked");
  }
}

}  // namespace rekeyer::config
