// One question put to one policy document. policy.hpp asks several at once; authorize asks where the circumstances are
// gathered only if a document wants to know them.
#pragma once

#include <string_view>

#include "sandbox/access/policy.hpp"
#include "sandbox/access/policy_document.hpp"

namespace rekeyer::sandbox {

/// What conditions ask of a call, gathered when they are first asked for.
class RequestContext {
 public:
  virtual const ConditionContext& conditions() const = 0;

 protected:
  ~RequestContext() = default;
};

struct Question {
  std::string_view action;
  std::string_view resource;
  const AskingPrincipal* asking = nullptr;  ///< null: an identity policy, whose principal is known
  const RequestContext& context;
};

AccessDecision judge(const PolicyDocument& document, const Question& question);
/// By its text; a text that is no policy says nothing.
AccessDecision judge(std::string_view document, const Question& question);

/// Deny wins over allow, and allow over nothing.
constexpr AccessDecision together(AccessDecision a, AccessDecision b) {
  if (a == AccessDecision::deny || b == AccessDecision::deny) return AccessDecision::deny;
  return a == AccessDecision::allow || b == AccessDecision::allow ? AccessDecision::allow : AccessDecision::none;
}

}  // namespace rekeyer::sandbox
