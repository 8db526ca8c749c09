// The Condition element and policy variables, held against the circumstances of a call.
#pragma once

#include <optional>
#include <string>

#include "sandbox/access/policy.hpp"
#include "sandbox/access/policy_document.hpp"

namespace rekeyer::sandbox {

/// Whether the condition holds. An operator that is not known never lets an Allow pass and never keeps a Deny from
/// applying: `deny` tells in whose favour it is read.
bool holds(const Condition& condition, const ConditionContext& context, bool deny);

/// The pattern with its variables replaced by what the context says, as plain text without wildcards, or by the default
/// that the variable names. Nothing where the context lacks one.
std::optional<std::string> expanded(const Pattern& pattern, const ConditionContext& context);

}  // namespace rekeyer::sandbox
