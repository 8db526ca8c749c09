// The one table of rules. Configuration, user tags, precedence, reasons and reports list the rules by it alone.
//
// To add a rule: a member of Rules with its default and one of RuleChanges (rules.hpp), a row in rule_table.cpp, and a
// row in each of two tables of docs/configuration.md, which a test asks for.
#pragma once

#include <algorithm>
#include <span>
#include <string_view>

#include "policy/rule_descriptor.hpp"

namespace rekeyer::policy {

/// All rules, in documentation order.
std::span<const RuleDescriptor> rule_table();

/// The rule of that name; null where there is none.
const RuleDescriptor* find_rule(std::string_view name);

/// The rule whose value stands in that member: `rule_at(&Rules::in_use)`. Every member has a row; a test counts them.
template <class T>
const RuleDescriptor& rule_at(Sourced<T> Rules::* member) {
  return *std::ranges::find_if(rule_table(), [member](const RuleDescriptor& rule) { return rule.is_at(member); });
}

}  // namespace rekeyer::policy
