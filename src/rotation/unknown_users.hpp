// Who was named, by [accounts] or by a flag, and is in no account that was surveyed.
#pragma once

#include <string>
#include <vector>

#include "base/names.hpp"
#include "base/task.hpp"
#include "rotation/account_run.hpp"

namespace rekeyer::rotation {

/// A sentence each, with the nearest name that there is. `asked_for`: by a flag; each must be in some account, and
/// nobody is missed where an account could not be surveyed. For names that are missing, a few accounts list their
/// users.
Task<std::vector<std::string>> unknown_users(std::vector<AccountRun*> accounts, std::vector<UserName> asked_for);

}  // namespace rekeyer::rotation
