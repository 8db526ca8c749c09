// A policy document, read once: its statements in the form in which they are judged.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rekeyer::sandbox {

/// A text of a policy that may hold wildcards and variables (${aws:username}).
struct Pattern {
  std::string text;
  bool variable = false;
};

/// Action or NotAction, Resource or NotResource; nothing said: everything.
struct Element {
  bool given = false;
  bool inverted = false;
  std::vector<Pattern> patterns;
};

enum class Comparison {
  unknown,
  null,
  string_equals,
  string_equals_ignoring_case,
  string_like,
  arn_like,
  boolean,
  numeric_equals,
  numeric_less,
  numeric_less_or_equal,
  numeric_greater,
  numeric_greater_or_equal,
  date_equals,
  date_less,
  date_less_or_equal,
  date_greater,
  date_greater_or_equal,
  ip_address,
};

enum class Quantifier { none, for_all_values, for_any_value };

struct Condition {
  Comparison comparison = Comparison::unknown;
  bool negated = false;
  bool if_exists = false;
  Quantifier quantifier = Quantifier::none;
  std::string key;  ///< lower case
  std::vector<Pattern> values;
};

struct Statement {
  bool deny = false;
  Element action;  ///< compared without case
  Element resource;
  Element principal;  ///< AWS and federated principals; "*" is one pattern
  std::vector<Condition> conditions;
};

struct PolicyDocument {
  std::vector<Statement> statements;
};

/// Nothing where the text is no policy: JSON with a Statement (one or several), each with an Effect and an Action.
std::optional<PolicyDocument> parse_policy(std::string_view text);

/// The same, from a bounded memory of what this thread has read before; null where the text is no policy.
std::shared_ptr<const PolicyDocument> remembered_policy(std::string_view text);

}  // namespace rekeyer::sandbox
