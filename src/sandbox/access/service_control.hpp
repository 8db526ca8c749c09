// Service control policies: what the levels above an account leave to it.
#pragma once

#include <string_view>
#include <vector>

#include "sandbox/access/judge.hpp"
#include "sandbox/world/world.hpp"

namespace rekeyer::sandbox {

/// The ids from the account up to the root: what policies are attached to. Empty outside the organisation.
std::vector<std::string_view> levels_of(const Organization& organization, const AccountId& account);

/// allow; deny: a policy says so; none: a level to which policies are attached allows nothing.
AccessDecision service_control(const Organization& organization, const AccountId& account, const Question& question);

}  // namespace rekeyer::sandbox
