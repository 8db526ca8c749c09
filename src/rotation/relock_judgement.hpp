// One secret held against the policy that the configuration wants by now: is it rekeyer's, what is to be written, and
// may this run write it? Pure.
#pragma once

#include <optional>
#include <string>

#include "aws/services/secrets_manager.hpp"
#include "rotation/access.hpp"
#include "rotation/outcome_reason.hpp"
#include "rotation/proofs.hpp"
#include "rotation/secret_policy.hpp"
#include "rotation/settings.hpp"

namespace rekeyer::rotation {

/// What is to be done with one secret.
struct Relocking {
  enum class What {
    nothing,  ///< all is as the configuration wants it, or there is no lock to speak of
    due,      ///< `policy`, `mark` or both are to be written
    held,     ///< not now, or not by rekeyer
    failed,   ///< it should be done, and can't be
  };
  What what = What::nothing;
  OutcomeReason reason = RunReason::lock_differs;  ///< of no meaning where there is nothing to do
  std::string detail;                              ///< a sentence for people
  std::optional<std::string> policy;               ///< to put
  std::optional<std::string> mark;                 ///< to write into the tag rekeyer:lock
  bool marks_first = false;                        ///< once the policy is there, this run may write nothing more
  bool settles = false;                            ///< it is fresh: its settled proof comes before all else
};

/// Who asks, and when.
struct RelockingSide {
  const Proofs& proofs;
  const StoreSettings& store;
  StorePrincipal writer;
  Instant now;
};

/// `secret` is that of the user with `wanted.owner_id`; `review` is its policy's against `wanted`, a
/// configured_policy(), and `mark` what its tag is to say. Where the wanted policy has no writers, a lock is taken off
/// and none is missed.
Relocking judge_relocking(const aws::SecretDescription& secret, const PolicyReview& review, const WantedPolicy& wanted,
                          const std::string& mark, const RelockingSide& side);

/// Held as `not_ours`, for the reason in `why`.
Relocking not_ours(const aws::SecretDescription& secret, const std::string& why);

}  // namespace rekeyer::rotation
