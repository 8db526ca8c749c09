// IAM's calls take a user's name, and a name may become another user's at any moment.
#pragma once

#include "aws/services/iam.hpp"
#include "base/task.hpp"
#include "policy/match.hpp"
#include "policy/rules.hpp"

namespace rekeyer::rotation {

/// Whoever has the name now, when it is still `known` by his id. `conflict` where it is another user's by now; else
/// fails as GetUser does. IAM GetUser.
ResultTask<aws::UserDetail> same_user(aws::IamReader& iam, policy::Subject known);

}  // namespace rekeyer::rotation
