// One question put to one policy document. policy.hpp asks several at once; authorize asks where the circumstances are
// gathered only if a document wants to know them.
#pragma once

#include <string_view>

#include "sandbox/access/policy.hpp"
#include "sandbox/access/policy_document.hpp"

namespace rekeyer::sandbox {

/// The circumstances of a call, gathered when they are first asked for.
class Circumstances {
 public:
  virtual const ConditionContext& conditions() const = 0;

 protected:
  ~Circumstances() = default;
};

struct Question {
  std::string_view action;
  std::string_view resource;
  const AskingPrincipal* asking = nullptr;  ///< null: an identity policy, whose principal is known
  const Circumstances& circumstances;
};

Verdict judge(const PolicyDocument& document, const Question& question);
/// By its text; a text that is no policy says nothing.
Verdict judge(std::string_view document, const Question& question);

/// Deny wins over allow, and allow over nothing.
constexpr Verdict together(Verdict a, Verdict b) {
  if (a == Verdict::deny || b == Verdict::deny) return Verdict::deny;
  return a == Verdict::allow || b == Verdict::allow ? Verdict::allow : Verdict::none;
}

}  // namespace rekeyer::sandbox
