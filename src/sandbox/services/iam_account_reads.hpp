// The two big questions about an account, each in its own file.
#pragma once

#include "sandbox/services/service.hpp"

namespace rekeyer::sandbox {

/// Users, groups, roles and managed policies with all that belongs to them, in pages over all four kinds.
Output get_account_authorization_details(const Call& call, const Context& context);

/// What the identity policies of a user, group or role say of actions and resources.
Output simulate_principal_policy(const Call& call, const Context& context);

}  // namespace rekeyer::sandbox
