// The managed policies that AWS itself keeps, as far as people attach them to try things out.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "sandbox/world/iam_state.hpp"
#include "sandbox/world/world.hpp"

namespace rekeyer::sandbox {

/// By ARN ("arn:aws:iam::aws:policy/AdministratorAccess") with that partition; an unknown one gets those of "aws".
const std::map<std::string, ManagedPolicy>& built_in_policies(std::string_view partition);

/// The account's own managed policy or a built-in one; null where there is none of that ARN.
const ManagedPolicy* find_managed_policy(const World& world, const AccountId& account, const std::string& arn);

}  // namespace rekeyer::sandbox
