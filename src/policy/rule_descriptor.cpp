// Each kind of rule in three functions: what its values are in words, how one is read, how one is written.
#include "policy/rule_descriptor.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "base/spelling.hpp"
#include "base/try.hpp"

namespace rekeyer::policy {
namespace {

std::string values_of(const PeriodRange& range) {
  return fmt::format("a period from {} to {}", format_period(range.least), format_period(range.most));
}

Result<Period> read_period(const PeriodRange& range, std::string_view name, std::string_view text) {
  const auto period = parse_period(text);
  if (!period) {
    return fail(ErrorKind::usage,
                fmt::format("{} = \"{}\" is not a length of time such as \"90d\", \"12h\" or \"1d12h\"", name, text));
  }
  if (*period < range.least || *period > range.most) {
    return fail(ErrorKind::usage, fmt::format("{} = \"{}\" is outside {} to {}", name, text, format_period(range.least),
                                              format_period(range.most)));
  }
  return *period;
}

std::string values_of(const PeriodRule& rule) { return values_of(rule.range); }
Result<Period> read_value(const PeriodRule& rule, std::string_view name, std::string_view text) {
  return read_period(rule.range, name, text);
}
std::string value_text(const PeriodRule&, Period period) { return format_period(period); }

std::string values_of(const PeriodOrNeverRule& rule) { return values_of(rule.range) + ", or never"; }
Result<std::optional<Period>> read_value(const PeriodOrNeverRule& rule, std::string_view name, std::string_view text) {
  if (text == "never") return std::nullopt;
  TRY(const Period period, read_period(rule.range, name, text));
  return period;
}
std::string value_text(const PeriodOrNeverRule&, std::optional<Period> period) {
  return period ? format_period(*period) : "never";
}

std::string values_of(const FlagRule&) { return "true or false"; }
Result<bool> read_value(const FlagRule&, std::string_view name, std::string_view text) {
  if (text != "true" && text != "false") {
    return fail(ErrorKind::usage, fmt::format("{} = \"{}\" is neither true nor false", name, text));
  }
  return text == "true";
}
std::string value_text(const FlagRule&, bool flag) { return flag ? "true" : "false"; }

template <class Enum>
std::vector<std::string_view> words_of_choice(const ChoiceRule<Enum>& rule) {
  std::vector<std::string_view> words;
  for (const auto& each : rule.words) words.push_back(each.word);
  return words;
}

template <class Enum>
std::string values_of(const ChoiceRule<Enum>& rule) {
  auto words = words_of_choice(rule);
  const auto last = words.back();
  words.pop_back();
  return fmt::format("{} or {}", fmt::join(words, ", "), last);
}
template <class Enum>
Result<Enum> read_value(const ChoiceRule<Enum>& rule, std::string_view name, std::string_view text) {
  const auto found = std::ranges::find(rule.words, text, &ChoiceWord<Enum>::word);
  if (found != rule.words.end()) return found->choice;
  const auto words = words_of_choice(rule);
  const auto close = closest_name(text, words);
  return fail(ErrorKind::usage, fmt::format("{} = \"{}\" is none of {}{}", name, text, fmt::join(words, ", "),
                                            close.empty() ? "" : fmt::format("; did you mean \"{}\"?", close)));
}
template <class Enum>
std::string value_text(const ChoiceRule<Enum>& rule, Enum choice) {
  return std::string(std::ranges::find(rule.words, choice, &ChoiceWord<Enum>::choice)->word);
}

}  // namespace

std::string RuleDescriptor::values() const {
  return std::visit([](const auto& its) { return values_of(its); }, kind);
}

std::string RuleDescriptor::text(const Rules& rules) const {
  return std::visit([&](const auto& its) { return value_text(its, (rules.*its.rule).value); }, kind);
}

const std::string& RuleDescriptor::source(const Rules& rules) const {
  return std::visit([&](const auto& its) -> const std::string& { return (rules.*its.rule).source; }, kind);
}

Result<> RuleDescriptor::set(RuleChanges& changes, std::string_view text, std::string source) const {
  return std::visit(
      [&](const auto& its) -> Result<> {
        TRY(const auto value, read_value(its, name, text));
        changes.*its.change = Sourced{value, std::move(source)};
        return {};
      },
      kind);
}

void RuleDescriptor::lay_over(const RuleChanges& changes, Rules& rules) const {
  std::visit(
      [&](const auto& its) {
        if (const auto& change = changes.*its.change) rules.*its.rule = *change;
      },
      kind);
}

}  // namespace rekeyer::policy
