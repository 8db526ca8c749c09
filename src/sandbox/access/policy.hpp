// IAM's policy language, as far as our tests and users need it: effects, actions, resources, principals and the usual
// conditions, with wildcards; explicit deny wins.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "sandbox/world/secrets_state.hpp"

namespace rekeyer::sandbox {

enum class AccessDecision { none, allow, deny };

/// Condition keys (lower case) → values.
using ConditionContext = std::map<std::string, std::vector<std::string>, std::less<>>;

/// For policies that name principals: who asks.
struct AskingPrincipal {
  std::set<std::string> arns;  ///< the session's and the identity's
  std::string account;
  std::string id{};  ///< the identity's unique one
  /// What the policy's ARNs stood for when it was put; null: ARNs are only compared.
  const PolicyPrincipals* bound = nullptr;
};

/// What the documents together say of `action` on `resource`. A document that can't be parsed says nothing. Documents
/// are parsed once and remembered by their text.
AccessDecision evaluate(const std::vector<std::string>& documents, std::string_view action, std::string_view resource,
                        const ConditionContext& context, const AskingPrincipal* asking = nullptr);

/// Is it a policy document at all: JSON with a Statement of known shape?
bool is_policy_document(std::string_view text);

}  // namespace rekeyer::sandbox
