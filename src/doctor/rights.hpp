// What a run needs to be allowed (what `rekeyer permissions` grants), as questions to IAM's policy simulator, and what
// its answers mean. Pure; asking is apart.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "aws/services/policy_simulation.hpp"
#include "doctor/check.hpp"
#include "rotation/outcome.hpp"
#include "rotation/settings.hpp"

namespace rekeyer::doctor {

/// Whose rights, and in which account.
struct RightsSubject {
  std::string partition;
  AccountId account;
  Arn principal;  ///< of the user or the role
};

/// A secret of that account as the settings name it, of a user whom nobody has.
SecretName nobodys_secret(const rotation::Settings& settings, const AccountId& account);

/// Surveying and, for `apply`, rotating users. Each simulation is about one kind of resource: AWS refuses to mix them.
std::vector<aws::Simulation> user_rights(const RightsSubject& subject, const rotation::Settings& settings,
                                         rotation::Mode mode);
/// Finding and, for `apply`, storing secrets in the store's region.
std::vector<aws::Simulation> secret_rights(const RightsSubject& subject, const rotation::Settings& settings,
                                           rotation::Mode mode);
/// Encrypting secrets under a central store's key, whose ARN is `key`. Empty where that is AWS's own, which lets
/// everybody in its account encrypt.
std::vector<aws::Simulation> key_rights(const RightsSubject& subject, const rotation::Settings& settings,
                                        const Arn& key);

using Simulated = Result<std::vector<aws::SimulatedAction>>;

/// What the answers come to, for grouping: equal verdicts are told together.
struct RightsVerdict {
  Status status = Status::ok;
  std::string finding;
  std::string remedy;
  auto operator<=>(const RightsVerdict&) const = default;
};
/// `who`: "the role rekeyer-member", for remedies.
RightsVerdict judge_rights(const Simulated& answers, std::string_view who);

/// All simulations one after the other, to the first failure. IAM SimulatePrincipalPolicy.
ResultTask<std::vector<aws::SimulatedAction>> ask_rights(aws::Caller& caller, aws::Principal as,
                                                         std::vector<aws::Simulation> simulations);

/// The user or role behind a caller's ARN, as simulations want it: a session's role may have a path, which IAM GetRole
/// tells. Fails with `rejected` for a root user and a federated one.
ResultTask<Arn> ask_policy_source(aws::Caller& caller, aws::Principal as, Arn arn);

}  // namespace rekeyer::doctor
