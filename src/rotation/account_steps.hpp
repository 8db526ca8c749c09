// What a run does in one account, user by user. Planned by steps that hold nothing which could change anything (I6: a
// type, not a flag), or done.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "base/task.hpp"
#include "rotation/access.hpp"
#include "rotation/outcome.hpp"
#include "rotation/run.hpp"
#include "rotation/secrets_of_account.hpp"
#include "rotation/survey_candidates.hpp"
#include "rotation/user_state.hpp"

namespace rekeyer::rotation {

class AccountSteps {
 public:
  virtual ~AccountSteps() = default;
  /// Enters the account; before all else. Fails as open_for_reading() of the gateway does.
  virtual ResultTask<> open(AccountId account) = 0;
  /// Of the account, once it is open.
  virtual ReadAccess& access() = 0;
  /// A secret whose user is gone, as it seemed.
  virtual Task<std::vector<ActionOutcome>> secret_of_gone_user(AccountId account, NamedSecret left) = 0;
  /// Looks at the user closely, and does or plans what is due; or plans by what the survey knows, where that is enough.
  virtual Task<UserOutcome> user(Candidate user) = 0;
  /// May it go by what the survey knows?
  virtual bool plans() const = 0;
};

/// Steps for one account more.
using MakeSteps = std::function<std::unique_ptr<AccountSteps>()>;

/// Both outlive the steps.
MakeSteps planning_steps(ReadGateway& gateway, const RunContext& run);
MakeSteps changing_steps(WriteGateway& gateway, const RunContext& run);

}  // namespace rekeyer::rotation
