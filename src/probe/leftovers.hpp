// What probes left in an account, found by names alone: for whoever has lost the journal.
#pragma once

#include <vector>

#include "base/task.hpp"
#include "probe/account.hpp"
#include "probe/thing.hpp"

namespace rekeyer::probe {

/// Users under the probes' path, secrets and topics of this Region whose names are a probe's. Lists lag behind, so what
/// was made a moment ago may be missing. IAM ListUsers, Secrets Manager ListSecrets, SNS ListTopics.
ResultTask<std::vector<Thing>> find_leftovers(const Account& account);

}  // namespace rekeyer::probe
