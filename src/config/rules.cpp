// [policy], [[override]] and [exempt]: rules, whom they are for, and who is left alone.
#include "policy/rules.hpp"

#include <fmt/format.h>

#include <array>

#include "config/keys.hpp"
#include "config/names.hpp"
#include "policy/rule_table.hpp"

namespace rekeyer::config {
namespace {

/// A flag as the text that policy/ takes.
std::optional<std::string> read_flag_text(Draft& draft, const Entry& entry) {
  const auto flag = read_flag(draft, entry);
  if (!flag) return std::nullopt;
  return *flag ? "true" : "false";
}

/// Sets one rule; policy/ alone knows names, types and ranges of rules.
void set_rule(Draft& draft, const Entry& entry, policy::RuleChanges& changes) {
  const auto& value = entry.value();
  const bool is_flag = policy::find_rule(entry.member.name)->is_flag();
  if (value.kind == Node::Kind::integer && !is_flag) {
    draft.report(value.place, fmt::format("`{}` must be a string, not an integer; write \"{}d\" for days",
                                          entry.full_name, value.integer));
    return;
  }
  const auto text = is_flag ? read_flag_text(draft, entry) : read_text(draft, entry);
  if (!text) return;
  if (const auto done = changes.set(entry.member.name, *text, draft.source(entry.member.place)); !done) {
    draft.report(value.place, done.error().message);
  }
}

void read_rule(Draft& draft, const Entry& entry) { set_rule(draft, entry, draft.settings.policy.organisation); }
void read_override_rule(Draft& draft, const Entry& entry) {
  set_rule(draft, entry, draft.settings.policy.overrides.back().changes);
}

void read_policy_tag(Draft& draft, const Entry& entry) {
  if (auto text = read_checked(draft, entry, check_tag_key, Empty::means_none)) {
    draft.settings.policy.policy_tag = *std::move(text);
  }
}

void read_exempt_group(Draft& draft, const Entry& entry) {
  if (auto text = read_checked(draft, entry, check_group_name, Empty::means_none)) {
    draft.settings.policy.exempt_group = *std::move(text);
  }
}

void read_exempt_tag(Draft& draft, const Entry& entry) {
  if (auto text = read_checked(draft, entry, check_tag_key, Empty::means_none)) {
    draft.settings.policy.exempt_tag = *std::move(text);
  }
}

void read_exempt_users(Draft& draft, const Entry& entry) {
  read_table(draft, *find_table("exempt.user"), entry.member);
}

void read_match(Draft& draft, const Entry& entry) {
  if (entry.value().kind != Node::Kind::table) {
    draft.report(entry.value().place, fmt::format("`match` must be a table, not {}; write {{ user = \"ci-*\" }}",
                                                  describe(entry.value().kind)));
    return;
  }
  if (entry.value().members.empty()) {
    draft.report(entry.value().place, "`match` is empty, so it would match everybody");
    return;
  }
  read_members(draft, *find_table("match"), entry.value());
}

void read_match_user(Draft& draft, const Entry& entry) {
  draft.match.user = read_checked(draft, entry, check_user_pattern, Empty::refused);
}

void read_match_path(Draft& draft, const Entry& entry) {
  draft.match.path = read_checked(draft, entry, check_user_path, Empty::refused);
}

void read_match_tag(Draft& draft, const Entry& entry) {
  const auto text = read_text(draft, entry);
  if (!text) return;
  const auto equals = text->find('=');
  const auto key = text->substr(0, equals);
  if (equals == std::string::npos) {
    draft.report(entry.value().place, fmt::format("`match.tag` must be a key and a value, such as {}; {} for any value",
                                                  R"("team=payments")", shown(key + "=*")));
  } else if (const auto complaint = check_tag_key(key)) {
    draft.report(entry.value().place, fmt::format("`match.tag`: {}", *complaint));
  } else {
    draft.match.tag = {key, text->substr(equals + 1)};
  }
}

void read_match_account(Draft& draft, const Entry& entry) {
  if (auto text = read_checked(draft, entry, check_account_id, Empty::refused)) {
    draft.matched_accounts.emplace_back(entry.value().place, AccountId(*text));
    draft.settings.scope.matched_accounts.emplace_back(draft.source(entry.value().place) + ": match.account",
                                                       AccountId(*text));
    draft.match.account = AccountId(*std::move(text));
  }
}

void read_match_ou(Draft& draft, const Entry& entry) {
  draft.matched_ous.push_back(entry.value().place);
  if (auto text = read_checked(draft, entry, check_ou_id, Empty::refused)) {
    draft.settings.scope.matched_ous.emplace_back(draft.source(entry.value().place) + ": match.ou", OuId(*text));
    draft.match.ou = OuId(*std::move(text));
  }
}

policy::Exemption& exemption(Draft& draft) { return draft.settings.policy.exempt_users.back().exemption; }

void read_reason(Draft& draft, const Entry& entry) {
  auto text = read_text(draft, entry);
  if (!text) return;
  if (text->find_first_not_of(' ') == std::string::npos) {
    draft.report(entry.value().place, "`exempt.user.reason` must say why, in a few words");
    return;
  }
  exemption(draft).reason = *std::move(text);
}

void read_until(Draft& draft, const Entry& entry) {
  const auto& value = entry.value();
  if (value.kind == Node::Kind::text || value.kind == Node::Kind::other_date) {
    draft.report(value.place,
                 "`exempt.user.until` must be a date without quotes and without a time, such as 2027-01-31");
  } else if (value.kind != Node::Kind::date || !value.date.ok()) {
    draft.report(value.place,
                 fmt::format("`exempt.user.until` must be a date such as 2027-01-31, not {}", describe(value.kind)));
  } else {
    // The exemption holds through that whole day.
    exemption(draft).until = std::chrono::sys_days{value.date} + std::chrono::days{1};
  }
}

void read_ticket(Draft& draft, const Entry& entry) {
  if (auto text = read_text(draft, entry)) exemption(draft).ticket = *std::move(text);
}

/// What a rule's Key points to and the table of rules does not hold as such.
struct RuleTexts {
  std::string fallback;
  std::string allowed;
};

std::vector<RuleTexts> rule_texts() {
  std::vector<RuleTexts> texts;
  for (const auto& rule : policy::rule_table()) {
    const auto usual = rule.text(policy::Rules{});
    texts.push_back({rule.is_flag() ? usual : fmt::format("\"{}\"", usual), rule.values()});
  }
  return texts;
}

/// The rules, as [policy] has them: with their defaults.
std::vector<Key> rule_keys() {
  static const auto texts = rule_texts();
  std::vector<Key> keys;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const auto& rule = policy::rule_table()[i];
    keys.push_back({rule.name, texts[i].fallback, texts[i].allowed, rule.meaning, read_rule});
    if (rule.is_at(&policy::Rules::require_notice)) {
      // Its default depends on [notify] (check_notices), so the starter file must not set it.
      keys.back().fallback = "";
      keys.back().example = "require_notice = true";
    }
  }
  return keys;
}

}  // namespace

std::span<const Key> policy_keys() {
  static const auto keys = [] {
    auto all = rule_keys();
    all.push_back({"tag", R"("rekeyer:policy")", "a tag's key; empty: none",
                   "A user's tag of this name overrides the above: \"rotation_period=30d installation_grace=3d\".",
                   read_policy_tag});
    return all;
  }();
  return keys;
}

std::span<const Key> override_keys() {
  static const auto keys = [] {
    std::vector<Key> all;
    all.push_back({"match",
                   "",
                   "a table; see match",
                   "Whom it is for. All that is given must match.",
                   read_match,
                   {},
                   R"(match = { user = "ci-*", path = "/ci/", tag = "team=payments", account = "111111111111" })"});
    for (auto& key : rule_keys()) {
      // [policy] explains the rules; one example shows how they are written here.
      key.example = key.name == "rotation_period" ? R"(rotation_period = "30d")" : "";
      key.fallback = "";
      key.read = read_override_rule;
      all.push_back(key);
    }
    return all;
  }();
  return keys;
}

std::span<const Key> exempt_keys() {
  static constexpr std::array<Key, 3> keys{{
      {"group", R"("IAMKeyRotationExemptionGroup")", "a group's name; empty: none", "Members of this IAM group.",
       read_exempt_group},
      {"tag", R"("rekeyer:exempt")", "a tag's key; empty: none",
       "Users with this tag. Its value is the reason, or \"reason until=2027-01-31\".", read_exempt_tag},
      {"user", "", "tables; see [[exempt.user]]", "Users by name, path, tag, account or OU; below.", read_exempt_users},
  }};
  return keys;
}

std::span<const Key> exempt_user_keys() {
  static constexpr std::array<Key, 4> keys{{
      {"match",
       "",
       "a table; see match",
       "Who is exempt. All that is given must match.",
       read_match,
       {},
       R"(match = { user = "break-glass-*" })"},
      {"reason", "", "a text", "Why; every report says it.", read_reason, {}, R"(reason = "sealed envelope")"},
      {"until",
       "",
       "a date",
       "The last day of it (UTC); without, it has no end.",
       read_until,
       {},
       "until = 2027-01-31"},
      {"ticket", "", "a text", "Where it was agreed.", read_ticket, {}, R"(ticket = "SEC-123")"},
  }};
  return keys;
}

std::span<const Key> match_keys() {
  static constexpr std::array<Key, 5> keys{{
      {"user", "", "a name; * and ? match", "The user's name, whatever its case.", read_match_user},
      {"path", "", "a path's beginning, or a pattern where it has a *", "The user's path.", read_match_path},
      {"tag", "", "key=value; * and ? match in the value", "A tag of the user.", read_match_tag},
      {"account", "", "an account id", "The user's account.", read_match_account},
      {"ou", "", "an OU id", "The account is below this OU, at any depth.", read_match_ou},
  }};
  return keys;
}

void begin_override(Draft& draft, SourcePosition place) {
  draft.match = {};
  draft.override_places.push_back(place);
  draft.settings.policy.overrides.push_back({{}, {}, draft.source(place)});
}

void end_override(Draft& draft, SourcePosition place, const Node& node) {
  draft.settings.policy.overrides.back().match = draft.match;
  const bool has_match = find_member(node, "match") != nullptr;
  if (!has_match) {
    draft.report(place,
                 "[[override]] has no `match`, so it would be for everybody; give it one, or set the rule in [policy]");
  }
  if (node.members.size() == (has_match ? 1 : 0)) {
    draft.report(place, "[[override]] changes no rule; add one, such as rotation_period = \"30d\"");
  }
}

void begin_exempt_user(Draft& draft, SourcePosition place) {
  draft.match = {};
  draft.settings.policy.exempt_users.push_back({{}, {{}, std::nullopt, {}, draft.source(place)}});
}

void end_exempt_user(Draft& draft, SourcePosition place, const Node& node) {
  draft.settings.policy.exempt_users.back().match = draft.match;
  if (find_member(node, "match") == nullptr) {
    draft.report(place,
                 "[[exempt.user]] has no `match`, so it would exempt everybody; write match = { user = \"name\" }");
  }
  if (find_member(node, "reason") == nullptr) {
    draft.report(place, "[[exempt.user]] has no `reason`; say why, in a few words");
  }
}

}  // namespace rekeyer::config
