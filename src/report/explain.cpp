#include "report/explain.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "aws/http/json_writer.hpp"
#include "policy/match.hpp"
#include "policy/rule_table.hpp"
#include "report/terminal_text.hpp"

namespace rekeyer::report {
namespace {

std::string_view status_text(KeyStatus status) {
  switch (status) {
    case KeyStatus::active: return "active";
    case KeyStatus::inactive: return "inactive";
    case KeyStatus::other: return "other";
  }
  return "other";
}

std::string_view stored_text(policy::Stored stored) {
  switch (stored) {
    case policy::Stored::no: return "no";
    case policy::Stored::pending: return "pending";
    case policy::Stored::current: return "current";
    case policy::Stored::previous: return "previous";
  }
  return "no";
}

std::string_view phase_text(policy::KeyPhase phase) {
  switch (phase) {
    case policy::KeyPhase::current: return "current";
    case policy::KeyPhase::retiring: return "retiring";
    case policy::KeyPhase::orphan: return "orphan";
    case policy::KeyPhase::watched: return "watched";
  }
  return "watched";
}

std::string last_use_text(const LastUse& use) {
  switch (use.state) {
    case LastUse::State::unknown: return "unknown";
    case LastUse::State::never: return "never";
    case LastUse::State::used: break;
  }
  auto text = iso8601(use.at);
  if (!use.service.empty()) text += " by " + use.service;
  if (!use.region.empty()) text += " in " + use.region;
  return text;
}

std::vector<policy::KeyFacts> by_creation(std::vector<policy::KeyFacts> keys) {
  std::ranges::sort(keys,
                    [](const auto& a, const auto& b) { return std::tie(a.created, a.id) < std::tie(b.created, b.id); });
  return keys;
}

std::string key_line(const policy::KeyFacts& key, const Explanation& explanation) {
  const auto age = std::chrono::duration_cast<Period>(explanation.as_of - key.created);
  auto line =
      fmt::format("  {}  {}, created {} ({} ago), last used {}, stored: {}", key.id, status_text(key.status),
                  day_of(key.created), describe_period(age), last_use_text(key.last_use), stored_text(key.stored));
  if (const auto* record = explanation.decision.custody.find(key.id)) {
    line += fmt::format(", {} since {}", phase_text(record->phase), day_of(record->since));
    if (record->inactive_since) line += fmt::format(", inactive since {}", day_of(*record->inactive_since));
  }
  return line;
}

std::string rules_text(const policy::Rules& rules) {
  std::size_t width = 0;
  for (const auto& rule : policy::rule_table()) width = std::max(width, rule.text(rules).size());
  std::string text;
  for (const auto& rule : policy::rule_table()) {
    text += fmt::format("  {:<18}  {:<{}}  {}\n", rule.name, rule.text(rules), width, printable(rule.source(rules)));
  }
  return text;
}

std::string decision_lines(const policy::KeyDecision& decision, const Painter& paint) {
  auto text = fmt::format("  {}  {} ({})", decision.key.empty() ? "user" : decision.key.str(),
                          paint(bold, policy::name(decision.action)), policy::name(decision.reason));
  if (decision.due) text += fmt::format(", due {}", iso8601(*decision.due));
  text += fmt::format("\n      {}\n", policy::describe(decision.reason));
  if (!decision.detail.empty()) text += fmt::format("      {}\n", printable(decision.detail));
  if (!decision.rule.empty()) text += fmt::format("      rule: {}\n", printable(decision.rule));
  return text;
}

std::string owner_line(const ExplainedOwner& owner) {
  if (owner.addresses.empty()) return fmt::format("  owner nobody: {}\n", printable(owner.why_nobody));
  const auto addresses = fmt::format("{}", fmt::join(owner.addresses, ", "));
  return fmt::format("  owner {} ({})\n", printable(addresses), printable(owner.source));
}

}  // namespace

std::string explain_text(const Explanation& explanation, const Style& style) {
  const Painter paint(style);
  const auto& facts = explanation.state.facts;
  auto text = fmt::format("User {} in account {}{}\n", printable(facts.user.str()), facts.account,
                          explanation.account_name.empty() ? "" : printable(" (" + explanation.account_name + ")"));
  text += fmt::format("  path {}\n", printable(explanation.subject.path));
  text += owner_line(explanation.owner);
  for (const auto& [key, value] : explanation.subject.tags) {
    text += fmt::format("  tag {} = {}\n", printable(key), printable(value));
  }
  for (const auto& group : explanation.subject.groups) text += fmt::format("  group {}\n", printable(group.str()));
  text += fmt::format("Secret {}: {}\n", explanation.state.place.name,
                      !explanation.state.secret           ? "none yet"
                      : explanation.state.secret->deleted ? "scheduled for deletion"
                                                          : "exists");
  text += "Keys\n";
  if (facts.keys.empty()) text += "  none\n";
  for (const auto& key : by_creation(facts.keys)) text += printable(key_line(key, explanation)) + "\n";
  text += "Rules\n" + rules_text(explanation.state.rules);
  text += fmt::format("Decision as of {}\n", iso8601(explanation.as_of));
  if (explanation.decision.keys.empty()) text += "  nothing to decide\n";
  for (const auto& decision : explanation.decision.keys) text += decision_lines(decision, paint);
  if (const auto next = policy::next_change(explanation.decision, explanation.as_of)) {
    text += fmt::format("Next change if nothing else happens: {}\n", iso8601(*next));
  }
  return text;
}

std::string explain_json(const Explanation& explanation) {
  const auto& facts = explanation.state.facts;
  aws::JsonWriter json;
  json.begin_object()
      .member("account", facts.account.str())
      .member("account_name", explanation.account_name)
      .member("user", facts.user.str())
      .member("path", explanation.subject.path)
      .member("owner", fmt::format("{}", fmt::join(explanation.owner.addresses, ", ")))
      .member("owner_source", explanation.owner.source)
      .member("owner_problem", explanation.owner.why_nobody)
      .member("as_of", iso8601(explanation.as_of))
      .member("secret", explanation.state.place.name.str())
      .member("secret_exists", explanation.state.secret.has_value());
  json.begin_array("keys");
  for (const auto& key : by_creation(facts.keys)) {
    json.begin_object()
        .member("id", key.id.str())
        .member("status", status_text(key.status))
        .member("created", iso8601(key.created))
        .member("last_used", last_use_text(key.last_use))
        .member("stored", stored_text(key.stored))
        .end();
  }
  json.end().begin_array("rules");
  const auto& rules = explanation.state.rules;
  for (const auto& rule : policy::rule_table()) {
    json.begin_object()
        .member("name", rule.name)
        .member("value", rule.text(rules))
        .member("source", rule.source(rules))
        .end();
  }
  json.end().begin_array("decisions");
  for (const auto& decision : explanation.decision.keys) {
    json.begin_object()
        .member("key", decision.key.str())
        .member("action", policy::name(decision.action))
        .member("reason", policy::name(decision.reason))
        .member("meaning", policy::describe(decision.reason))
        .member("detail", decision.detail)
        .member("rule", decision.rule);
    if (decision.due) {
      json.member("due", iso8601(*decision.due));
    } else {
      json.null_member("due");
    }
    json.end();
  }
  json.end();
  if (const auto next = policy::next_change(explanation.decision, explanation.as_of)) {
    json.member("next_change", iso8601(*next));
  } else {
    json.null_member("next_change");
  }
  json.end();
  return json.finish_text() + "\n";
}

}  // namespace rekeyer::report
