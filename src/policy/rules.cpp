// The rules' names, texts and ranges, and how one place's settings lie over another's.
#include "policy/rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/try.hpp"

namespace rekeyer::policy {
namespace {

template <class T>
using Spellings = std::vector<std::pair<std::string_view, T>>;

const Spellings<InUse>& spellings(InUse) {
  static const Spellings<InUse> known{{"hold", InUse::hold}, {"warn", InUse::warn}, {"ignore", InUse::ignore}};
  return known;
}
const Spellings<Unused>& spellings(Unused) {
  static const Spellings<Unused> known{
      {"retire", Unused::retire}, {"rotate", Unused::rotate}, {"ignore", Unused::ignore}};
  return known;
}
const Spellings<TwoActive>& spellings(TwoActive) {
  static const Spellings<TwoActive> known{{"hold", TwoActive::hold},
                                          {"evict-idle", TwoActive::evict_idle},
                                          {"evict-least-recently-used", TwoActive::evict_least_recently_used}};
  return known;
}

struct Range {
  Period least;
  Period most;
};
constexpr Period longest = std::chrono::days{3650};
constexpr Range from_one_hour{std::chrono::hours{1}, longest};
constexpr Range from_nothing{Period::zero(), longest};
constexpr Range up_to_a_month{Period::zero(), std::chrono::days{30}};

Result<Period> read_period(std::string_view key, std::string_view text, Range range) {
  const auto period = parse_period(text);
  if (!period) {
    return fail(ErrorKind::usage,
                fmt::format("{} = \"{}\" is not a length of time such as \"90d\", \"12h\" or \"1d12h\"", key, text));
  }
  if (*period < range.least || *period > range.most) {
    return fail(ErrorKind::usage, fmt::format("{} = \"{}\" is outside {} to {}", key, text, format_period(range.least),
                                              format_period(range.most)));
  }
  return *period;
}

template <class T>
Result<T> read_choice(std::string_view key, std::string_view text) {
  std::vector<std::string_view> words;
  for (const auto& [word, value] : spellings(T{})) {
    if (word == text) return value;
    words.push_back(word);
  }
  const std::string close = suggestion(text, words);
  return fail(ErrorKind::usage, fmt::format("{} = \"{}\" is none of {}{}", key, text, fmt::join(words, ", "),
                                            close.empty() ? "" : fmt::format("; did you mean \"{}\"?", close)));
}

/// Sets one member of RuleChanges from its text.
using Setter = Result<> (*)(RuleChanges&, std::string_view key, std::string_view text, std::string source);

template <auto Member, const Range& range>
Result<> set_period(RuleChanges& changes, std::string_view key, std::string_view text, std::string source) {
  TRY(const Period period, read_period(key, text, range));
  changes.*Member = Setting<Period>{period, std::move(source)};
  return {};
}

template <class T, auto Member>
Result<> set_choice(RuleChanges& changes, std::string_view key, std::string_view text, std::string source) {
  TRY(const T choice, read_choice<T>(key, text));
  changes.*Member = Setting<T>{choice, std::move(source)};
  return {};
}

template <auto Member>
Result<> set_flag(RuleChanges& changes, std::string_view key, std::string_view text, std::string source) {
  if (text != "true" && text != "false") {
    return fail(ErrorKind::usage, fmt::format("{} = \"{}\" is neither true nor false", key, text));
  }
  changes.*Member = Setting<bool>{text == "true", std::move(source)};
  return {};
}

Result<> set_hard_deadline(RuleChanges& changes, std::string_view key, std::string_view text, std::string source) {
  std::optional<Period> deadline;
  if (text != "never") {
    TRY(deadline, read_period(key, text, from_nothing));
  }
  changes.hard_deadline = Setting<std::optional<Period>>{deadline, std::move(source)};
  return {};
}

struct Rule {
  std::string_view name;
  Setter set;
};

/// One row a rule, in documentation order.
constexpr std::array<Rule, 13> all_rules{{
    {"rotation_period", set_period<&RuleChanges::rotation_period, from_one_hour>},
    {"installation_grace", set_period<&RuleChanges::installation_grace, from_one_hour>},
    {"recovery_grace", set_period<&RuleChanges::recovery_grace, from_one_hour>},
    {"warn_period", set_period<&RuleChanges::warn_period, from_nothing>},
    {"in_use", set_choice<InUse, &RuleChanges::in_use>},
    {"in_use_window", set_period<&RuleChanges::in_use_window, from_nothing>},
    {"hard_deadline", set_hard_deadline},
    {"unused", set_choice<Unused, &RuleChanges::unused>},
    {"two_active", set_choice<TwoActive, &RuleChanges::two_active>},
    {"idle_period", set_period<&RuleChanges::idle_period, from_one_hour>},
    {"orphan_grace", set_period<&RuleChanges::orphan_grace, from_one_hour>},
    {"require_notice", set_flag<&RuleChanges::require_notice>},
    {"notice_period", set_period<&RuleChanges::notice_period, up_to_a_month>},
}};

template <class T>
void lay(const std::optional<Setting<T>>& over, Setting<T>& under) {
  if (over) under = *over;
}

}  // namespace

Result<> RuleChanges::set(std::string_view key, std::string_view text, std::string source) {
  const auto rule = std::ranges::find(all_rules, key, &Rule::name);
  if (rule != all_rules.end()) return rule->set(*this, key, text, std::move(source));
  const std::string close = suggestion(key, rule_names());
  return fail(ErrorKind::usage, close.empty()
                                    ? fmt::format("there is no rule called \"{}\"", key)
                                    : fmt::format("there is no rule called \"{}\"; did you mean \"{}\"?", key, close));
}

const std::vector<std::string_view>& rule_names() {
  static const std::vector<std::string_view> names = [] {
    std::vector<std::string_view> result;
    for (const Rule& rule : all_rules) result.push_back(rule.name);
    return result;
  }();
  return names;
}

std::string_view spelling(InUse choice) {
  return std::ranges::find(spellings(choice), choice, &std::pair<std::string_view, InUse>::second)->first;
}
std::string_view spelling(Unused choice) {
  return std::ranges::find(spellings(choice), choice, &std::pair<std::string_view, Unused>::second)->first;
}
std::string_view spelling(TwoActive choice) {
  return std::ranges::find(spellings(choice), choice, &std::pair<std::string_view, TwoActive>::second)->first;
}

void apply(const RuleChanges& changes, Rules& rules) {
  lay(changes.rotation_period, rules.rotation_period);
  lay(changes.installation_grace, rules.installation_grace);
  lay(changes.recovery_grace, rules.recovery_grace);
  lay(changes.warn_period, rules.warn_period);
  lay(changes.in_use, rules.in_use);
  lay(changes.in_use_window, rules.in_use_window);
  lay(changes.hard_deadline, rules.hard_deadline);
  lay(changes.unused, rules.unused);
  lay(changes.two_active, rules.two_active);
  lay(changes.idle_period, rules.idle_period);
  lay(changes.orphan_grace, rules.orphan_grace);
  lay(changes.require_notice, rules.require_notice);
  lay(changes.notice_period, rules.notice_period);
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
