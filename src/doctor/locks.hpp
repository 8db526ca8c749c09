// How the users' secrets of the accounts are locked, counted by what the lists of secrets show: no call for each.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "aws/services/secrets_manager.hpp"
#include "doctor/check.hpp"
#include "rotation/lock.hpp"
#include "rotation/proofs.hpp"
#include "rotation/settings.hpp"

namespace rekeyer::doctor {

/// Of one account. What is counted by tags was claimed by whoever may write them: good for a count, and for nothing
/// else.
struct LockCounts {
  std::size_t proved = 0;     ///< they carry a proof for the user whose id they carry
  std::size_t differing = 0;  ///< of these: locked for another configuration than the one of now, by their tag
  std::size_t unmarked = 0;   ///< of these: without a tag that says for which
  std::size_t unproved = 0;
};

/// `listed`: the secrets of the account, in any order; those of other names, and those marked for deletion, are left
/// out. Pure.
LockCounts count_locks(const std::vector<aws::SecretDescription>& listed, const rotation::Settings& settings,
                       const AccountId& account, std::string_view partition, const rotation::Proofs& proofs);

/// One line on locks and one on proofs, for all these accounts together. None where there are no accounts. Pure.
Checks judge_locks(const std::vector<std::pair<AccountId, LockCounts>>& accounts);

}  // namespace rekeyer::doctor
