// [owner], [owner.groups] and [owner.names]: where the address of a key's owner is looked for.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/text.hpp"
#include "config/address_list.hpp"
#include "config/keys.hpp"
#include "config/names.hpp"

namespace rekeyer::config {
namespace {

using notify::OwnerSettings;
using notify::OwnerSource;

constexpr std::array<std::pair<std::string_view, OwnerSource>, 6> links{
    {{"user-tag", OwnerSource::user_tag},
     {"group", OwnerSource::group},
     {"account-tag", OwnerSource::account_tag},
     {"alternate-contact", OwnerSource::alternate_contact},
     {"account-email", OwnerSource::account_email},
     {"default", OwnerSource::fallback}}};

OwnerSettings& owner(Draft& draft) { return draft.notify.owner; }

void report_unknown_word(Draft& draft, const Entry& entry, const Listed& word,
                         const std::vector<std::string_view>& known) {
  draft.report(word.place, fmt::format("`{}`: {} is none of {}{}", entry.full_name, shown(word.text),
                                       fmt::join(known, ", "), did_you_mean(word.text, known)));
}

void read_chain(Draft& draft, const Entry& entry) {
  std::vector<std::string_view> known;
  for (const auto& [name, link] : links) known.push_back(name);
  const auto before = draft.problems.size();
  owner(draft).chain.clear();
  for (const auto& word : read_list(draft, entry)) {
    const auto found = std::ranges::find(links, word.text, &std::pair<std::string_view, OwnerSource>::first);
    if (found != links.end()) {
      owner(draft).chain.push_back(found->second);
    } else {
      report_unknown_word(draft, entry, word, known);
    }
  }
  if (owner(draft).chain.empty() && draft.problems.size() == before) {
    draft.report(entry.value().place, fmt::format("`{}` is empty, so nobody would have an owner", entry.full_name));
  }
}

void read_tag(Draft& draft, const Entry& entry) {
  if (auto text = read_checked(draft, entry, check_tag_key, Empty::means_none)) owner(draft).tag = *std::move(text);
}

void read_account_tag(Draft& draft, const Entry& entry) {
  if (auto text = read_checked(draft, entry, check_tag_key, Empty::means_none)) {
    owner(draft).account_tag = *std::move(text);
  }
}

void read_alternate_contacts(Draft& draft, const Entry& entry) {
  static const std::vector<std::string_view> known{"security", "operations", "billing"};
  owner(draft).alternate_contacts.clear();
  for (const auto& word : read_list(draft, entry)) {
    if (std::ranges::find(known, word.text) != known.end()) {
      owner(draft).alternate_contacts.push_back(word.text);
    } else {
      report_unknown_word(draft, entry, word, known);
    }
  }
}

void read_default(Draft& draft, const Entry& entry) { owner(draft).fallback = read_addresses(draft, entry); }

void read_domains(Draft& draft, const Entry& entry) {
  owner(draft).domains.clear();
  for (const auto& word : read_list(draft, entry)) {
    if (const auto complaint = check_mail_domain(word.text)) {
      draft.report(word.place, fmt::format("`{}`: {}", entry.full_name, *complaint));
    } else {
      owner(draft).domains.push_back(lower_case(word.text));
    }
  }
}

void read_groups(Draft& draft, const Entry& entry) { read_table(draft, *find_table("owner.groups"), entry.member); }
void read_owner_names_table(Draft& draft, const Entry& entry) {
  read_table(draft, *find_table("owner.names"), entry.member);
}

void read_with_the_map(Draft&, const Entry&) {}  // the map is read as a whole

/// A map from a name to addresses. Names are compared without case, so two that differ in it alone are one too many.
std::map<std::string, std::vector<std::string>> read_address_map(Draft& draft, const Node& node, std::string_view table,
                                                                 Complaint (*check)(std::string_view)) {
  std::map<std::string, std::vector<std::string>> map;
  std::set<std::string> known;
  for (const auto& member : node.members) {
    const Entry entry{fmt::format("{}.{}", table, member.name), member, {}};
    if (const auto complaint = check(member.name)) {
      draft.report(member.place, fmt::format("in [{}]: {}", table, *complaint));
      continue;
    }
    if (!known.insert(lower_case(member.name)).second) {
      draft.report(member.place,
                   fmt::format("in [{}]: {} stands twice: case makes no difference", table, shown(member.name)));
      continue;
    }
    const auto before = draft.problems.size();
    auto addresses = read_addresses(draft, entry);
    if (addresses.empty() && draft.problems.size() == before) {
      draft.report(member.value.place,
                   fmt::format("`{}` names no address; name one, or remove the line", entry.full_name));
    }
    map[member.name] = std::move(addresses);
  }
  return map;
}

bool in_chain(const Draft& draft, OwnerSource link) {
  const auto& chain = draft.notify.owner.chain;
  return std::ranges::find(chain, link) != chain.end();
}

/// With a fixed map of accounts Organizations is not asked, so it can name no owner either.
void leave_out_organization(Draft& draft) {
  auto& chain = owner(draft).chain;
  const bool as_ever = chain == OwnerSettings{}.chain;
  for (const auto& [name, link] : links) {
    if (link != OwnerSource::account_tag && link != OwnerSource::account_email) continue;
    if (!as_ever && in_chain(draft, link)) {
      draft.report(
          draft.place_of("owner.chain"),
          fmt::format("`owner.chain` holds {}, which has no effect with [accounts]: Organizations is not asked", name));
    }
  }
  if (!as_ever) return;
  std::erase(chain, OwnerSource::account_tag);
  std::erase(chain, OwnerSource::account_email);
}

/// A key that is set, and the links of the chain that would look at it.
struct Reached {
  std::string_view key;
  bool set;
  std::vector<OwnerSource> by;
  std::string_view in_words;
};

std::vector<Reached> what_is_set(const OwnerSettings& set) {
  const OwnerSettings usual;
  return {{"owner.groups", !set.groups.empty(), {OwnerSource::group}, "group"},
          {"owner.names", !set.names.empty(), {OwnerSource::user_tag, OwnerSource::account_tag}, "user-tag"},
          {"owner.account_tag", set.account_tag != usual.account_tag, {OwnerSource::account_tag}, "account-tag"},
          {"owner.alternate_contacts",
           set.alternate_contacts != usual.alternate_contacts,
           {OwnerSource::alternate_contact},
           "alternate-contact"},
          {"owner.domains",
           !set.domains.empty(),
           {OwnerSource::user_tag, OwnerSource::group, OwnerSource::account_tag, OwnerSource::alternate_contact,
            OwnerSource::account_email},
           "user-tag"},
          {"owner.default", !set.fallback.empty(), {OwnerSource::fallback}, "default"}};
}

}  // namespace

std::span<const Key> owner_keys() {
  static constexpr std::array<Key, 8> keys{{
      {"chain", R"(["user-tag", "group", "account-tag", "alternate-contact", "account-email", "default"])",
       "a list of user-tag, group, account-tag, alternate-contact, account-email, default",
       "Where an address is looked for, in this order; the first place that has one wins.", read_chain},
      {"tag", R"("owner")", "a tag's key; empty: none", "The user tag that names the owner.", read_tag},
      {"account_tag", R"("owner")", "a tag's key; empty: none", "The account's tag, in Organizations, that does.",
       read_account_tag},
      {"alternate_contacts", R"(["security", "operations"])", "a list of security, operations, billing",
       "The account's alternate contacts that are asked, in this order.", read_alternate_contacts},
      {"default", "[]", "addresses", "Who is told where nobody else is found.", read_default},
      {"domains", "[]", "mail domains; empty: any",
       "Owners' addresses are in these domains, or below them; no other is taken from tags, groups or contacts.",
       read_domains},
      {"groups", "", "a table; see [owner.groups]", "IAM groups and their addresses; below.", read_groups},
      {"names", "", "a table; see [owner.names]", "Names and their addresses; below.", read_owner_names_table},
  }};
  return keys;
}

std::span<const Key> owner_group_keys() {
  static constexpr std::array<Key, 1> keys{{
      {"<group>",
       "",
       "addresses",
       "Who is told about the keys of this IAM group's members.",
       read_with_the_map,
       {},
       R"(payments = ["payments@example.com"])"},
  }};
  return keys;
}

std::span<const Key> owner_name_keys() {
  static constexpr std::array<Key, 1> keys{{
      {"<name>",
       "",
       "addresses",
       "Who is meant where an owner's tag says this word.",
       read_with_the_map,
       {},
       R"(team-blue = ["blue@example.com", "oncall-blue@example.com"])"},
  }};
  return keys;
}

void read_owner_groups(Draft& draft, const Node& node) {
  owner(draft).groups = read_address_map(draft, node, "owner.groups", check_group_name);
}

void read_owner_names(Draft& draft, const Node& node) {
  owner(draft).names = read_address_map(draft, node, "owner.names", check_owner_word);
}

void check_owner(Draft& draft, bool in_use) {
  const bool fixed = !draft.settings.scope.fixed_accounts.empty();
  if (!in_use) {
    if (owner(draft).chain != OwnerSettings{}.chain && !owner(draft).chain.empty()) {
      draft.report(draft.place_of("owner.chain"),
                   "`owner.chain` has no effect without a [[notify.channel]]; add one, or remove it");
    }
  }
  if (fixed) leave_out_organization(draft);
  for (const auto& [key, set, by, in_words] : what_is_set(owner(draft))) {
    if (!set) continue;
    if (!in_use) {
      draft.report(draft.place_of(key),
                   fmt::format("`{}` has no effect without a [[notify.channel]]; add one, or remove it", key));
    } else if (fixed && key == "owner.account_tag") {
      draft.report(draft.place_of(key),
                   fmt::format("`{}` has no effect with [accounts]: Organizations is not asked", key));
    } else if (std::ranges::none_of(by, [&](OwnerSource link) { return in_chain(draft, link); })) {
      draft.report(draft.place_of(key),
                   fmt::format("`{}` has no effect: `owner.chain` does not hold {}", key, in_words));
    }
  }
}

}  // namespace rekeyer::config
