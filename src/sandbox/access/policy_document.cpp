#include "sandbox/access/policy_document.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <functional>
#include <unordered_map>

#include "sandbox/world/iam_state.hpp"

namespace rekeyer::sandbox {
namespace {

namespace json = boost::json;

std::string_view view(const json::string& text) { return {text.data(), text.size()}; }

bool add_pattern(std::vector<Pattern>& patterns, const json::value& value) {
  std::string text;
  if (value.is_string()) {
    text = view(value.get_string());
  } else if (value.is_bool()) {
    text = value.get_bool() ? "true" : "false";
  } else if (const auto* whole = value.if_int64()) {
    text = std::to_string(*whole);
  } else if (const auto* number = value.if_double()) {
    text = std::to_string(*number);
  } else {
    return false;
  }
  const bool variable = text.contains("${");
  patterns.push_back({std::move(text), variable});
  return true;
}

/// A text or a list of texts.
bool add_patterns(std::vector<Pattern>& patterns, const json::value& value) {
  const auto* list = value.if_array();
  if (list == nullptr) return add_pattern(patterns, value);
  return std::ranges::all_of(*list, [&](const json::value& each) { return add_pattern(patterns, each); });
}

/// `name` or "Not" + `name`, never both.
bool read_element(Element& element, const json::object& statement, std::string_view name) {
  const auto* plain = statement.if_contains(name);
  const auto* inverted = statement.if_contains(std::string("Not").append(name));
  if (plain != nullptr && inverted != nullptr) return false;
  const auto* found = plain != nullptr ? plain : inverted;
  if (found == nullptr) return true;
  element.given = true;
  element.inverted = inverted != nullptr;
  return add_patterns(element.patterns, *found);
}

/// "*", or {"AWS": …, "Federated": …, "Service": …}. Services never ask here, so they are read and left out.
bool read_principal(Element& element, const json::object& statement) {
  const auto* plain = statement.if_contains("Principal");
  const auto* inverted = statement.if_contains("NotPrincipal");
  if (plain != nullptr && inverted != nullptr) return false;
  const auto* found = plain != nullptr ? plain : inverted;
  if (found == nullptr) return true;
  element.given = true;
  element.inverted = inverted != nullptr;
  if (const auto* everybody = found->if_string()) {
    element.patterns.push_back({"*", false});
    return view(*everybody) == "*";
  }
  const auto* kinds = found->if_object();
  if (kinds == nullptr) return false;
  for (const auto& [kind, names] : *kinds) {
    if (kind != "AWS" && kind != "Federated") continue;
    if (!add_patterns(element.patterns, names)) return false;
  }
  return true;
}

struct Operator {
  std::string_view name;
  Comparison comparison;
  bool negated = false;
};

constexpr Operator operators[] = {
    {"StringEquals", Comparison::string_equals},
    {"StringNotEquals", Comparison::string_equals, true},
    {"StringEqualsIgnoreCase", Comparison::string_equals_ignoring_case},
    {"StringNotEqualsIgnoreCase", Comparison::string_equals_ignoring_case, true},
    {"StringLike", Comparison::string_like},
    {"StringNotLike", Comparison::string_like, true},
    {"ArnLike", Comparison::arn_like},
    {"ArnEquals", Comparison::arn_like},
    {"ArnNotLike", Comparison::arn_like, true},
    {"ArnNotEquals", Comparison::arn_like, true},
    {"Bool", Comparison::boolean},
    {"Null", Comparison::null},
    {"NumericEquals", Comparison::numeric_equals},
    {"NumericNotEquals", Comparison::numeric_equals, true},
    {"NumericLessThan", Comparison::numeric_less},
    {"NumericLessThanEquals", Comparison::numeric_less_or_equal},
    {"NumericGreaterThan", Comparison::numeric_greater},
    {"NumericGreaterThanEquals", Comparison::numeric_greater_or_equal},
    {"DateEquals", Comparison::date_equals},
    {"DateNotEquals", Comparison::date_equals, true},
    {"DateLessThan", Comparison::date_less},
    {"DateLessThanEquals", Comparison::date_less_or_equal},
    {"DateGreaterThan", Comparison::date_greater},
    {"DateGreaterThanEquals", Comparison::date_greater_or_equal},
    {"IpAddress", Comparison::ip_address},
    {"NotIpAddress", Comparison::ip_address, true},
};

Condition read_operator(std::string_view name) {
  constexpr std::string_view all = "ForAllValues:";
  constexpr std::string_view any = "ForAnyValue:";
  constexpr std::string_view optional = "IfExists";
  Condition condition;
  if (name.starts_with(all)) {
    condition.quantifier = Quantifier::for_all_values;
    name.remove_prefix(all.size());
  } else if (name.starts_with(any)) {
    condition.quantifier = Quantifier::for_any_value;
    name.remove_prefix(any.size());
  }
  condition.if_exists = name.ends_with(optional);
  if (condition.if_exists) name.remove_suffix(optional.size());
  const auto* const found = std::ranges::find(operators, name, &Operator::name);
  if (found != std::end(operators)) {
    condition.comparison = found->comparison;
    condition.negated = found->negated;
  }
  return condition;
}

bool read_conditions(std::vector<Condition>& conditions, const json::object& statement) {
  const auto* found = statement.if_contains("Condition");
  if (found == nullptr) return true;
  const auto* by_operator = found->if_object();
  if (by_operator == nullptr) return false;
  for (const auto& [name, tests] : *by_operator) {
    const auto* by_key = tests.if_object();
    if (by_key == nullptr) return false;
    for (const auto& [key, values] : *by_key) {
      auto condition = read_operator(name);
      condition.key = folded(key);
      if (!add_patterns(condition.values, values)) return false;
      conditions.push_back(std::move(condition));
    }
  }
  return true;
}

bool read_statement(Statement& result, const json::value& value) {
  const auto* statement = value.if_object();
  if (statement == nullptr) return false;
  const auto* effect = statement->if_contains("Effect");
  if (effect == nullptr || !effect->is_string()) return false;
  const auto word = view(effect->get_string());
  if (word != "Allow" && word != "Deny") return false;
  result.deny = word == "Deny";
  return read_element(result.action, *statement, "Action") && result.action.given &&
         read_element(result.resource, *statement, "Resource") && read_principal(result.principal, *statement) &&
         read_conditions(result.conditions, *statement);
}

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>{}(text); }
};

}  // namespace

std::optional<PolicyDocument> parse_policy(std::string_view text) {
  boost::system::error_code problem;
  const auto value = json::parse(text, problem);
  if (problem || !value.is_object()) return std::nullopt;
  const auto* found = value.get_object().if_contains("Statement");
  if (found == nullptr) return std::nullopt;
  PolicyDocument document;
  const auto* list = found->if_array();
  const auto add = [&](const json::value& each) { return read_statement(document.statements.emplace_back(), each); };
  if (list == nullptr ? !add(*found) : !std::ranges::all_of(*list, add)) return std::nullopt;
  return document;
}

std::shared_ptr<const PolicyDocument> remembered_policy(std::string_view text) {
  // Roles of a whole organisation share a few texts; secrets each have their own, so the memory starts afresh at times.
  constexpr std::size_t most = 4096;
  using Known = std::shared_ptr<const PolicyDocument>;
  using Documents = std::unordered_map<std::string, Known, TextHash, std::equal_to<>>;  // unordered: lookup only
  thread_local Documents known;
  if (const auto found = known.find(text); found != known.end()) return found->second;
  if (known.size() >= most) known.clear();
  auto parsed = parse_policy(text);
  auto document = parsed ? std::make_shared<const PolicyDocument>(*std::move(parsed)) : nullptr;
  return known.emplace(text, std::move(document)).first->second;
}

}  // namespace rekeyer::sandbox
