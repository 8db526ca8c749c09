#include "sandbox/access/policy.hpp"

#include <algorithm>

#include "sandbox/access/conditions.hpp"
#include "sandbox/access/judge.hpp"
#include "sandbox/access/wildcard.hpp"

namespace rekeyer::sandbox {
namespace {

class Given final : public RequestContext {
 public:
  explicit Given(const ConditionContext& context) : context_(context) {}
  const ConditionContext& conditions() const override { return context_; }

 private:
  const ConditionContext& context_;
};

bool action_matches(const Element& element, std::string_view action) {
  const bool any = std::ranges::any_of(element.patterns, [&](const Pattern& pattern) {
    return pattern.text == "*" || matches(pattern.text, action, Case::ignored);
  });
  return any != element.inverted;
}

/// A statement without Resource is one of a trust policy, about the role itself.
bool resource_matches(const Element& element, const Question& question) {
  if (!element.given) return true;
  const bool any = std::ranges::any_of(element.patterns, [&](const Pattern& pattern) {
    if (pattern.text == "*") return true;
    if (!pattern.variable) return matches(pattern.text, question.resource);
    const auto text = expanded(pattern, question.context.conditions());
    return text && matches(*text, question.resource);
  });
  return any != element.inverted;
}

/// An account stands for all its principals, whether it is named by its number or by its root's ARN. A user or a role
/// is who had the name when the policy was put, whatever it is called now.
bool names(std::string_view pattern, const AskingPrincipal& asking) {
  if (pattern == "*") return true;
  if (asking.bound != nullptr) {
    const auto bound = asking.bound->find(std::string(pattern));
    if (bound != asking.bound->end()) return !asking.id.empty() && bound->second == asking.id;
  }
  if (asking.arns.contains(std::string(pattern))) return true;
  if (asking.account.empty()) return false;
  if (pattern == asking.account) return true;
  constexpr std::string_view root = ":root";
  if (!pattern.starts_with("arn:") || !pattern.ends_with(root)) return false;
  pattern.remove_suffix(root.size());
  const auto before = pattern.rfind("::");
  return before != std::string_view::npos && pattern.substr(before + 2) == asking.account;
}

/// A resource's policy must say whom it means.
bool principal_matches(const Element& element, const AskingPrincipal& asking) {
  if (!element.given) return false;
  const bool any =
      std::ranges::any_of(element.patterns, [&](const Pattern& pattern) { return names(pattern.text, asking); });
  return any != element.inverted;
}

bool applies(const Statement& statement, const Question& question) {
  if (!action_matches(statement.action, question.action)) return false;
  if (!resource_matches(statement.resource, question)) return false;
  if (question.asking != nullptr && !principal_matches(statement.principal, *question.asking)) return false;
  return std::ranges::all_of(statement.conditions, [&](const Condition& condition) {
    return holds(condition, question.context.conditions(), statement.deny);
  });
}

}  // namespace

AccessDecision judge(const PolicyDocument& document, const Question& question) {
  auto verdict = AccessDecision::none;
  for (const auto& statement : document.statements) {
    if (!applies(statement, question)) continue;
    if (statement.deny) return AccessDecision::deny;
    verdict = AccessDecision::allow;
  }
  return verdict;
}

AccessDecision judge(std::string_view document, const Question& question) {
  const auto parsed = remembered_policy(document);
  return parsed == nullptr ? AccessDecision::none : judge(*parsed, question);
}

AccessDecision evaluate(const std::vector<std::string>& documents, std::string_view action, std::string_view resource,
                        const ConditionContext& context, const AskingPrincipal* asking) {
  const Given given(context);
  const Question question{action, resource, asking, given};
  auto verdict = AccessDecision::none;
  for (const auto& document : documents) {
    verdict = together(verdict, judge(document, question));
    if (verdict == AccessDecision::deny) break;
  }
  return verdict;
}

bool is_policy_document(std::string_view text) { return remembered_policy(text) != nullptr; }

}  // namespace rekeyer::sandbox
