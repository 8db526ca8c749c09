// Rules by their names, how one place's settings lie over another's, and which of them contradict each other.
#include "policy/rules.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/spelling.hpp"
#include "policy/rule_table.hpp"

namespace rekeyer::policy {

Result<> RuleChanges::set(std::string_view key, std::string_view text, std::string source) {
  if (const auto* rule = find_rule(key)) return rule->set(*this, text, std::move(source));
  std::vector<std::string_view> names;
  for (const auto& rule : rule_table()) names.push_back(rule.name);
  const auto close = closest_name(key, names);
  return fail(ErrorKind::usage, close.empty()
                                    ? fmt::format("there is no rule called \"{}\"", key)
                                    : fmt::format("there is no rule called \"{}\"; did you mean \"{}\"?", key, close));
}

void apply(const RuleChanges& changes, Rules& rules) {
  for (const auto& rule : rule_table()) rule.lay_over(changes, rules);
}

std::optional<std::string> contradiction(const Rules& rules) {
  const Period retired = rules.installation_grace.value + rules.recovery_grace.value;
  if (rules.rotation_period.value < retired) {
    return fmt::format(
        "rotation_period ({}) is shorter than installation_grace and recovery_grace together ({}): the old key still "
        "takes up "
        "its place when the next rotation is due",
        format_period(rules.rotation_period.value), format_period(retired));
  }
  if (rules.idle_period.value < rules.in_use_window.value) {
    return fmt::format("idle_period ({}) is shorter than in_use_window ({}): a key would be idle and in use at once",
                       format_period(rules.idle_period.value), format_period(rules.in_use_window.value));
  }
  if (rules.in_use.value == InUse::hold && rules.hard_deadline.value &&
      rules.in_use_window.value > rules.installation_grace.value + *rules.hard_deadline.value) {
    return fmt::format(
        "in_use_window ({}) is longer than installation_grace and hard_deadline together ({}): a key last used on the "
        "day of its "
        "rotation would be cut as one in use",
        format_period(rules.in_use_window.value),
        format_period(rules.installation_grace.value + *rules.hard_deadline.value));
  }
  const Period shorter = std::min(rules.installation_grace.value, rules.recovery_grace.value);
  if (rules.require_notice.value && rules.notice_period.value > shorter) {
    return fmt::format(
        "notice_period ({}) is longer than {} ({}): the owner is told when that begins, so every key would be held "
        "beyond its end",
        format_period(rules.notice_period.value),
        shorter == rules.installation_grace.value ? "installation_grace" : "recovery_grace", format_period(shorter));
  }
  return std::nullopt;
}

}  // namespace rekeyer::policy
