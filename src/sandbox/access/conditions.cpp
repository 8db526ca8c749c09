#include "sandbox/access/conditions.hpp"

#include <algorithm>
#include <charconv>
#include <compare>

#include "base/time.hpp"
#include "sandbox/access/wildcard.hpp"
#include "sandbox/world/iam_state.hpp"

namespace rekeyer::sandbox {
namespace {

std::optional<double> number(std::string_view text) {
  double value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// ISO 8601 or seconds since 1970.
std::optional<Instant> instant(std::string_view text) {
  if (const auto parsed = parse_iso8601(text)) return parsed;
  const auto seconds = number(text);
  return seconds ? std::optional(from_epoch_seconds(*seconds)) : std::nullopt;
}

template <class Value>
std::partial_ordering order(const std::optional<Value>& have, const std::optional<Value>& want) {
  if (!have || !want) return std::partial_ordering::unordered;
  return *have <=> *want;
}

bool is_true(std::string_view text) { return matches("true", text, Case::ignored); }

/// Without the operator's negation. `want` is a pattern where the operator knows wildcards, else the plain text.
bool compares(Comparison comparison, std::string_view want, std::string_view have) {
  switch (comparison) {
    case Comparison::string_equals: return want == have;
    case Comparison::string_equals_ignoring_case: return folded(want) == folded(have);
    case Comparison::string_like: return matches(want, have);
    case Comparison::arn_like: return matches_arn(want, have);
    case Comparison::boolean: return is_true(want) == is_true(have);
    case Comparison::numeric_equals: return order(number(have), number(want)) == 0;
    case Comparison::numeric_less: return order(number(have), number(want)) < 0;
    case Comparison::numeric_less_or_equal: return order(number(have), number(want)) <= 0;
    case Comparison::numeric_greater: return order(number(have), number(want)) > 0;
    case Comparison::numeric_greater_or_equal: return order(number(have), number(want)) >= 0;
    case Comparison::date_equals: return order(instant(have), instant(want)) == 0;
    case Comparison::date_less: return order(instant(have), instant(want)) < 0;
    case Comparison::date_less_or_equal: return order(instant(have), instant(want)) <= 0;
    case Comparison::date_greater: return order(instant(have), instant(want)) > 0;
    case Comparison::date_greater_or_equal: return order(instant(have), instant(want)) >= 0;
    // No call here has a source address, so none is ever in a range.
    case Comparison::ip_address:
    case Comparison::null:
    case Comparison::unknown: return false;
  }
  return false;
}

bool knows_wildcards(Comparison comparison) {
  return comparison == Comparison::string_like || comparison == Comparison::arn_like;
}

std::string without_marks(std::string text) {
  std::erase(text, literal_mark);
  return text;
}

/// One value of the context against all that the condition names; a negated operator wants none of them.
bool value_passes(const Condition& condition, std::string_view have, const ConditionContext& context) {
  const bool any = std::ranges::any_of(condition.values, [&](const Pattern& pattern) {
    if (!pattern.variable) return compares(condition.comparison, pattern.text, have);
    auto want = expanded(pattern, context);
    if (!want) return false;
    if (!knows_wildcards(condition.comparison)) want = without_marks(*std::move(want));
    return compares(condition.comparison, *want, have);
  });
  return any != condition.negated;
}

void append_literal(std::string& out, std::string_view text) {
  for (const char c : text) {
    out += literal_mark;
    out += c;
  }
}

/// "aws:username" or "aws:PrincipalTag/team, 'nobody'"; also *, ? and $ themselves. False where the context lacks it.
bool append_variable(std::string& out, std::string_view variable, const ConditionContext& context) {
  if (variable == "*" || variable == "?" || variable == "$") {
    append_literal(out, variable);
    return true;
  }
  const auto comma = variable.find(',');
  const auto found = context.find(folded(variable.substr(0, comma)));
  if (found != context.end() && found->second.size() == 1) {
    append_literal(out, found->second.front());
    return true;
  }
  if (comma == std::string_view::npos) return false;
  const auto open = variable.find('\'', comma);
  const auto close = variable.rfind('\'');
  if (open == std::string_view::npos || close <= open) return false;
  append_literal(out, variable.substr(open + 1, close - open - 1));
  return true;
}

}  // namespace

std::optional<std::string> expanded(const Pattern& pattern, const ConditionContext& context) {
  std::string out;
  std::string_view rest = pattern.text;
  for (;;) {
    const auto open = rest.find("${");
    const auto close = open == std::string_view::npos ? open : rest.find('}', open);
    if (close == std::string_view::npos) {
      out += rest;
      return out;
    }
    out += rest.substr(0, open);
    if (!append_variable(out, rest.substr(open + 2, close - open - 2), context)) return std::nullopt;
    rest.remove_prefix(close + 1);
  }
}

bool holds(const Condition& condition, const ConditionContext& context, bool deny) {
  if (condition.comparison == Comparison::unknown) return deny;
  const auto found = context.find(condition.key);
  const bool there = found != context.end() && !found->second.empty();
  if (condition.comparison == Comparison::null) {
    return !condition.values.empty() && is_true(condition.values.front().text) != there;
  }
  if (!there) {
    if (condition.quantifier == Quantifier::for_all_values || condition.if_exists) return true;
    return condition.negated && condition.quantifier == Quantifier::none;
  }
  const auto passes = [&](const std::string& have) { return value_passes(condition, have, context); };
  return condition.quantifier == Quantifier::for_any_value ? std::ranges::any_of(found->second, passes)
                                                           : std::ranges::all_of(found->second, passes);
}

}  // namespace rekeyer::sandbox
