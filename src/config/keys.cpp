// Walks a document by the table of keys.
#include "config/keys.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace rekeyer::config {
namespace {

std::vector<std::string_view> names_of(const Table& table) {
  std::vector<std::string_view> names;
  for (const auto& key : table.keys) names.push_back(key.name);
  return names;
}

std::string heading(const Table& table) {
  return table.shape == TableKind::repeated ? fmt::format("[[{}]]", table.name) : fmt::format("[{}]", table.name);
}

/// "; it belongs to [limits]" for a key that another table has.
std::string where_it_belongs(std::string_view name, const Table& not_here) {
  for (const auto& table : tables()) {
    if (table.name == not_here.name || table.name == "match" || table.shape == TableKind::map) continue;
    if (std::ranges::find(table.keys, name, &Key::name) != table.keys.end()) {
      return "; it belongs to " + heading(table);
    }
  }
  return {};
}

void report_unknown_key(Draft& draft, const Table& table, const Member& member) {
  auto hint = did_you_mean(member.name, names_of(table));
  if (hint.empty()) hint = where_it_belongs(member.name, table);
  draft.report(member.place, fmt::format("unknown key {} in {}{}", shown(member.name), heading(table), hint));
}

void report_shape(Draft& draft, const Table& table, const Member& member) {
  draft.report(member.place, fmt::format("`{}` must be {}, not {}; write {}", table.name,
                                         table.shape == TableKind::repeated ? "a list of tables" : "a table",
                                         describe(member.value.kind), heading(table)));
}

void read_repeated(Draft& draft, const Table& table, const Member& member) {
  for (const auto& item : member.value.items) {
    if (item.kind != Node::Kind::table) {
      draft.report(item.place, fmt::format("`{}` must hold tables only, not {}", table.name, describe(item.kind)));
      continue;
    }
    table.begin(draft, item.place);
    read_members(draft, table, item);
    table.end(draft, item.place, item);
  }
}

}  // namespace

std::span<const Table> tables() {
  static const std::array<Table, 15> all{{
      {"organization", "Which accounts of the organization, and how they are entered.", TableKind::table,
       organization_keys(), nullptr, nullptr},
      {"accounts",
       "Instead of asking the organization: a fixed map of accounts and users. It needs no permission in "
       "Organizations.\n"
       "Remove include_ous and the like above where you use it.",
       TableKind::map, accounts_keys(), nullptr, nullptr, read_accounts},
      {"policy",
       "When keys are rotated, deactivated and deleted: the rules of everybody whom nothing below says otherwise.\n"
       "Periods are written in days, hours, minutes and seconds: \"90d\", \"36h\", \"1d12h\".",
       TableKind::table, policy_keys(), nullptr, nullptr},
      {"override",
       "Other rules for some users. A user's own tag goes before an override by user, path or tag, that before one by\n"
       "account, that before one by OU; inside a level the first match wins. Any rule of [policy] may stand here.",
       TableKind::repeated, override_keys(), begin_override, end_override},
      {"match", "Whom an override or an exemption is for. All that is given must match.", TableKind::table,
       match_keys(), nullptr, nullptr},
      {"exempt", "Users whose keys are never touched.", TableKind::table, exempt_keys(), nullptr, nullptr},
      {"exempt.user", "Exempt users by name, path, tag, account or OU.", TableKind::repeated, exempt_user_keys(),
       begin_exempt_user, end_exempt_user},
      {"store", "Where the secrets of new keys are kept: AWS Secrets Manager.", TableKind::table, store_keys(), nullptr,
       nullptr},
      {"discovery", "How keys are looked for.", TableKind::table, discovery_keys(), nullptr, nullptr},
      {"limits", "How much a run may do, and how much of it at once. What is over a limit is held and reported.",
       TableKind::table, limits_keys(), nullptr, nullptr},
      {"notify",
       "How owners and administrators are told. Nobody is told anything without a [[notify.channel]].",
       TableKind::table,
       notify_keys(),
       nullptr,
       nullptr,
       nullptr,
       {},
       true},
      {"notify.channel",
       "The ways out: mails to each owner (ses, smtp), and events for whoever listens (the other types). Each type "
       "has\n"
       "keys of its own.",
       TableKind::repeated, channel_keys(), begin_channel, end_channel, nullptr, channel_examples()},
      {"owner", "Who is told about a user's keys.", TableKind::table, owner_keys(), nullptr, nullptr},
      {"owner.groups", "Members of these IAM groups belong to these addresses.", TableKind::map, owner_group_keys(),
       nullptr, nullptr, read_owner_groups},
      {"owner.names", "What a tag may say instead of an address.", TableKind::map, owner_name_keys(), nullptr, nullptr,
       read_owner_names},
  }};
  return all;
}

const Table* find_table(std::string_view name) {
  const auto found = std::ranges::find(tables(), name, &Table::name);
  return found == tables().end() ? nullptr : &*found;
}

std::string allowed_text(const Key& key) {
  return key.allowed.empty() ? fmt::format("{} to {}", key.range.least, key.range.most) : std::string(key.allowed);
}

void read_members(Draft& draft, const Table& table, const Node& node) {
  for (const auto& member : node.members) {
    const auto key = std::ranges::find(table.keys, member.name, &Key::name);
    if (key == table.keys.end()) {
      report_unknown_key(draft, table, member);
      continue;
    }
    Entry entry{fmt::format("{}.{}", table.name, member.name), member, key->range};
    draft.set_at.insert_or_assign(entry.full_name, member.value.place);
    key->read(draft, entry);
  }
}

void read_table(Draft& draft, const Table& table, const Member& member) {
  const auto wanted = table.shape == TableKind::repeated ? Node::Kind::list : Node::Kind::table;
  if (member.value.kind != wanted) return report_shape(draft, table, member);
  draft.set_at.insert_or_assign(std::string(table.name), member.value.place);
  switch (table.shape) {
    case TableKind::table: return read_members(draft, table, member.value);
    case TableKind::repeated: return read_repeated(draft, table, member);
    case TableKind::map: return table.read_map(draft, member.value);
  }
}

}  // namespace rekeyer::config
