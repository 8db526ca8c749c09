#include "doctor/policy_text.hpp"

#include <algorithm>

#include "aws/http/json.hpp"
#include "base/text.hpp"
#include "base/try.hpp"

namespace rekeyer::doctor {
namespace {

/// Policies write one text, or a list of them; numbers and booleans are no texts and count as none.
std::vector<std::string> one_or_many(const aws::JsonValue& value) {
  if (const auto text = value.as_string()) return {std::string(*text)};
  std::vector<std::string> texts;
  const auto list = value.as_array();
  if (!list) return texts;
  for (const auto& each : *list) {
    if (const auto text = each.as_string()) texts.emplace_back(*text);
  }
  return texts;
}

std::vector<std::string> read_principals(const aws::JsonValue& principal) {
  if (const auto text = principal.as_string()) return {std::string(*text)};
  for (const auto& [kind, names] : principal.members()) {
    if (kind == "AWS") return one_or_many(names);
  }
  return {};
}

std::vector<PolicyCondition> read_conditions(const aws::JsonValue& conditions) {
  std::vector<PolicyCondition> result;
  for (const auto& [test, keys] : conditions.members()) {
    for (const auto& [key, values] : keys.members()) {
      result.push_back({std::string(test), lower_case(key), one_or_many(values)});
    }
  }
  return result;
}

PolicyStatement read_statement(const aws::JsonValue& json) {
  PolicyStatement statement;
  for (const auto& [member, value] : json.members()) {
    if (member == "Effect") statement.allows = value.as_string().value_or("") == "Allow";
    if (member == "Action") statement.actions = one_or_many(value);
    if (member == "Principal") statement.principals = read_principals(value);
    if (member == "Condition") statement.conditions = read_conditions(value);
  }
  return statement;
}

bool matches(std::string_view pattern, std::string_view action) {
  const auto star = pattern.find('*');
  if (star == std::string_view::npos) return pattern == action;
  return action.starts_with(pattern.substr(0, star)) && star + 1 == pattern.size();
}

}  // namespace

bool PolicyStatement::covers(std::string_view action) const {
  const auto wanted = lower_case(action);
  return std::ranges::any_of(actions, [&](const std::string& pattern) { return matches(lower_case(pattern), wanted); });
}

Result<std::vector<PolicyStatement>> read_policy(std::string_view document) {
  TRY(const auto json, aws::JsonValue::parse(document));
  for (const auto& [member, value] : json.members()) {
    if (member != "Statement") continue;
    if (value.is_object()) return std::vector{read_statement(value)};
    TRY(const auto list, value.as_array());
    std::vector<PolicyStatement> statements;
    for (const auto& each : list) statements.push_back(read_statement(each));
    return statements;
  }
  return fail(ErrorKind::bad_reply, "the document is no policy: it has no Statement");
}

}  // namespace rekeyer::doctor
